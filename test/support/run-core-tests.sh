#!/usr/bin/env bash
# The engine's tests in a CMake build, counted by test case.
#   run-core-tests.sh BUILD [CTEST OPTIONS...]
set -uo pipefail
build=$(cd "${1:?which CMake build?}" && pwd)
shift
results=$build/results
rm -rf "$results"
mkdir -p "$results"

export GTEST_OUTPUT=xml:$results/
export GTEST_BRIEF=1 GTEST_COLOR=no
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
ctest --test-dir "$build" --output-on-failure -j "$(nproc)" "$@"
status=$?

# The opening element of each report sums it up; skipped cases are told by suite.
sum() { cat "$results"/*.xml 2>/dev/null | grep "^ *<$1 " | sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'; }
tests=$(sum testsuites tests)
failures=$(($(sum testsuites failures) + $(sum testsuites errors)))
skipped=$(($(sum testsuite skipped) + $(sum testsuites disabled)))

# A program that died, or was never built, left no report.
for name in $(ctest --test-dir "$build" -N "$@" | sed -n 's/^ *Test *#[0-9]*: //p'); do
    if [ "$name" != includes ] && [ ! -f "$results/test_$name.xml" ]; then
        failures=$((failures + 1)) tests=$((tests + 1))
    fi
done
printf '%d passed, %d failed, %d skipped\n' $((tests - failures - skipped)) "$failures" "$skipped"
exit $status
