#!/usr/bin/env bash
# make bench-peers: the same data and models by PyMC-Marketing (four samplers), Google Meridian and this engine, one after another
# on the same cores. Writes docs/benchmarks.md. What cannot be installed or fails is reported as such.
#
#   run.sh [pymc|meridian|mmm|report]...      only these; figures of the others stay as they were
#
# Takes half an hour, most of it Meridian's. MMM_PEER_DRAWS (default 1000) and MMM_MERIDIAN_DRAWS (default: the same) set
# warm-up and draws of each of 4 chains.
set -uo pipefail
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../support/common.sh"
cd "$repo" || exit 1
here=$repo/test/bench/peers
build=$repo/build-bench/peers
results=$build/results
shared=${MMM_SHARED:-$repo/../shared}
draws=${MMM_PEER_DRAWS:-1000}
meridian_draws=${MMM_MERIDIAN_DRAWS:-$draws}
parts=${*:-pymc meridian mmm report}
mkdir -p "$results"

# environment NAME: a virtual environment with the pinned packages
environment() {
    local folder=$build/$1
    [ -f "$folder/ready" ] && return 0
    say "installing $1"
    python3 -m venv "$folder" && "$folder/bin/pip" install -q -r "$here/requirements-$1.txt" >"$build/$1.log" 2>&1 && touch "$folder/ready"
}

# one NAME COMMAND...: the last line of JSON that it prints, or a record of its failure
one() {
    local name=$1 line
    shift
    say "$name"
    if line=$("$@" 2>"$results/$name.log" | grep '^{' | tail -1) && [ -n "$line" ]; then
        printf '%s\n' "$line" >"$results/$name.json"
    else
        printf '{"tool": "%s", "failed": "%s"}\n' "$name" "$(tail -1 "$results/$name.log" | tr -d '"\\' | cut -c1-200)" >"$results/$name.json"
    fi
}

build_ours() {
    [ -x "$repo/build-bench/bench_fits" ] || "$repo/test/bench/bench.sh" kernels >/dev/null
}

build_ours
"$repo/build-bench/bench_fits" csv simulated_104x4 >"$build/simulated_104x4.csv"
for part in $parts; do
    case $part in
        pymc)
            if ! environment pymc; then
                echo '{"tool": "PyMC-Marketing", "failed": "could not be installed"}' >"$results/pymc.json"
                continue
            fi
            for sampler in pymc nutpie numpyro blackjax; do
                one "pymc-$sampler-mmm_example" "$build/pymc/bin/python" "$here/pymc_marketing_fit.py" $sampler mmm_example \
                    "$shared/data/mmm_example.csv" 4 "$draws" "$draws"
                one "pymc-$sampler-simulated_104x4" "$build/pymc/bin/python" "$here/pymc_marketing_fit.py" $sampler simulated_104x4 \
                    "$build/simulated_104x4.csv" 4 "$draws" "$draws"
            done
            ;;
        meridian)
            if ! environment meridian; then
                echo '{"tool": "Meridian", "failed": "could not be installed"}' >"$results/meridian.json"
                continue
            fi
            one meridian-geo_all_channels "$build/meridian/bin/python" "$here/meridian_fit.py" "$shared/data/geo_all_channels.csv" 4 \
                "$meridian_draws" "$meridian_draws"
            ;;
        mmm)
            say "mmm"
            "$repo/build-bench/bench_fits" "$draws" "$draws" >"$results/mmm.jsonl"
            ;;
        report) python3 "$here/report.py" "$results" "$repo/docs/benchmarks.md" ;;
        *) die "unknown part: $part (pymc, meridian, mmm or report)" ;;
    esac
done
