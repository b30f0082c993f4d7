# Test Anything Protocol for bash. Sourced, never run.
#   is GOT EXPECTED NAME; ok STATUS NAME; skip NAME WHY; done_testing

tap_count=0
tap_failed=0

ok() {
    tap_count=$((tap_count + 1))
    if [ "$1" -eq 0 ]; then
        printf 'ok %d - %s\n' "$tap_count" "$2"
    else
        tap_failed=$((tap_failed + 1))
        printf 'not ok %d - %s\n' "$tap_count" "$2"
    fi
}

is() {
    if [ "$1" = "$2" ]; then
        ok 0 "$3"
    else
        ok 1 "$3"
        { printf 'got:\n%s\nexpected:\n%s\n' "$1" "$2"; } | sed 's/^/#   /'
    fi
}

# at_most VALUE LIMIT NAME: for figures, which are printed either way
at_most() {
    ok "$(awk -v v="$1" -v l="$2" 'BEGIN { print (v ~ /^-?[0-9]+(\.[0-9]+)?$/ && v + 0 <= l + 0) ? 0 : 1 }')" "$3: $1 (at most $2)"
}

skip() {
    tap_count=$((tap_count + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

done_testing() {
    printf '1..%d\n' "$tap_count"
    [ "$tap_failed" -eq 0 ]
}
