#!/usr/bin/env bash
# The report in a browser, at the width of a desk and of a phone: no horizontal scroll, no text that is clipped, overlaps another
# or cannot be read, no script. Uses the cluster that PGHOST names, and Chromium; without it the check is skipped.
# MMM_REPORT_PICTURES=DIR keeps the pages, and pictures of them in light, dark and grey.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
. ../support/tap.sh

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$browser" ]; then
    skip "the report in a browser" "no Chromium is installed"
    done_testing
    exit
fi

database=mmm_test_report_$$
createdb "$database" || exit 1
folder=${MMM_REPORT_PICTURES:-$(mktemp -d)}
mkdir -p "$folder"
clean() {
    dropdb --if-exists --force "$database"
    rm -rf "$folder/profile"
    [ -n "${MMM_REPORT_PICTURES:-}" ] || rm -rf "$folder"
}
trap clean EXIT
export PGDATABASE=$database
psql -qX -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION mmm' -f fixture.sql || exit 1
cp measure.html "$folder/"

# Pages are our own files: the sandbox, which needs rights that a container may not have, has nothing to guard.
chromium_headless() {
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$folder/profile" "$@" 2>/dev/null
}

measured() { sed -n "s/.*\b$1 \([0-9.]*\).*/\1/p" <<<"$figures" | head -1; }

for name in national names panel; do
    psql -qXAt -c "SELECT mmm_report(model, options) FROM shown WHERE name = '$name'" >"$folder/$name.html" || exit 1
    for width in 1200 400; do
        figures=$(chromium_headless --allow-file-access-from-files --virtual-time-budget=5000 --dump-dom --window-size=1300,900 \
            "file://$folder/measure.html?$name.html&$width")
        at="$name at $width px"
        at_most "$(measured scroll)" "$width" "$at: no horizontal scroll"
        is "$(measured beyond)" 0 "$at: nothing reaches beyond the edge"
        is "$(measured clipped)" 0 "$at: no text of a picture is clipped"
        is "$(measured overlaps)" 0 "$at: no texts of a picture overlap"
        at_most 9 "$(measured smallest)" "$at: no text of a picture is smaller, in px"
        is "$(measured scripts)" 0 "$at: no script"
    done
done

if [ -n "${MMM_REPORT_PICTURES:-}" ]; then
    for page in "$folder"/*.html; do
        name=$(basename "$page" .html)
        [ "$name" = measure ] && continue
        for width in 1200 400; do
            height=$((width == 400 ? 9000 : 6000))
            chromium_headless --screenshot="$folder/$name-$width.png" --window-size="$width,$height" "file://$page"
            chromium_headless --screenshot="$folder/$name-$width-dark.png" --window-size="$width,$height" \
                --blink-settings=preferredColorScheme=0 "file://$page"
            sed 's/<html /<html style="filter:grayscale(1)" /' "$page" >"$folder/grey.htm"
            chromium_headless --screenshot="$folder/$name-$width-grey.png" --window-size="$width,$height" "file://$folder/grey.htm"
            rm "$folder/grey.htm"
        done
    done
fi
done_testing
