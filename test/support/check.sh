#!/usr/bin/env bash
# Every test of the repository. Ends with one line `N passed, N failed, N skipped`, counted over all stages: a stage that
# fails hides none of the others. `check.sh full` runs the long forms as well (MMM_FULL=1 in the tests' environment).
#
# A stage is a command that prints TAP, or a line `N passed, N failed, N skipped` of its own. The stages are the builds,
# the engine's tests (plain, under ASan + UBSan, under TSan), and every test/*/run.sh, with a private cluster to use.
set -uo pipefail
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$repo" || exit 1

export PG_CONFIG
[ "${1:-}" = full ] && export MMM_FULL=1
export MMM_BUILD=$repo/build
logs=$MMM_BUILD/logs
jobs=$(nproc)
mkdir -p "$logs"
passed=0 failed=0 skipped=0

# Adds up what a stage printed: its own closing line if it has one, else its TAP.
count() {
    awk '
        /^([A-Za-z_]+: )?[0-9]+ passed, [0-9]+ failed/ {
            line = 1
            for (i = 1; i < NF; ++i) {
                if ($(i + 1) ~ /^passed/) p = $i
                if ($(i + 1) ~ /^failed/) f = $i
                if ($(i + 1) ~ /^skipped/) s = $i
            }
        }
        /^ok [0-9]+/ { if (/# SKIP/) ++ts; else ++tp }
        /^not ok [0-9]+/ { if (/# TODO/) ++ts; else ++tf }
        END { if (line) print p + 0, f + 0, s + 0; else print tp + 0, tf + 0, ts + 0 }' "$1"
}

# stage NAME COMMAND...: the output goes to a log, which is shown when something is wrong with it
stage() {
    local name=$1 log=$logs/${1//[^a-z0-9]/-}.log status=0 begin=$SECONDS p f s
    shift
    "$@" >"$log" 2>&1 </dev/null || status=$?
    read -r p f s < <(count "$log")
    # Broken in a way that no single test could tell.
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    printf '%-28s %5d passed %4d failed %4d skipped %5d s\n' "$name" "$p" "$f" "$s" $((SECONDS - begin))
    if [ "$f" -gt 0 ]; then
        if ! grep -E -A12 '^not ok|: Failure$|Exception|error:|ERROR:|runtime error|Sanitizer' "$log" | head -200 | grep .; then
            tail -n 60 "$log"
        fi
    fi
    return "$status"
}

# build FOLDER OPTIONS...: the CMake build there
build() {
    local folder=$1
    shift
    cmake -S "$repo" -B "$folder" -DCMAKE_INSTALL_PREFIX=/ -DPG_CONFIG="$PG_CONFIG" -DMMM_BATCH=ON "$@" &&
        cmake --build "$folder" -j "$jobs"
}

core_tests() { "$repo/test/support/run-core-tests.sh" "$@"; }

stage "build: make" make -j "$jobs" PG_CONFIG="$PG_CONFIG"
# The engine is compiled once; in full CMake compiles it as well.
engine="-DMMM_CORE_OBJECTS=$repo/build-make/core"
[ -n "${MMM_FULL:-}" ] && engine=-DMMM_CORE_OBJECTS=
if stage "build: cmake" build "$MMM_BUILD" "$engine"; then
    stage "includes" "$repo/test/support/check-includes.sh"
    stage "builds compared" "$repo/test/support/compare-builds.sh" "$MMM_BUILD"
    stage "core" core_tests "$MMM_BUILD"
fi
# Sanitizers look for memory and races, which the short forms and a part of the random inputs show, at five to twenty
# times the cost; the statistics are those of above. In full they cover every folder of tests that fits models or reads.
full=${MMM_FULL:-}
unset MMM_FULL
export MMM_FUZZ_SCALE=0.05 GTEST_FILTER=-GeoAllChannels.*:GeoMediaReachFrequency.*
# Forty-five seconds of central differences, of code that the gradients of panels go through as well.
[ -n "$full" ] || GTEST_FILTER+=:*EveryPrior.GradientAgrees*
for sanitizers in address,undefined thread; do
    folder=$repo/build-${sanitizers%%,*}
    # Builds under sanitizers are the dearest: as a rule what reads bytes and documents from outside, in full everything.
    # Threads are started by fits alone: the rest has nothing to tell the thread sanitizer.
    tests='model;summary;fuzz'
    [ -n "$full" ] && tests='transform;model;summary;answers;simulate;sampler;reference;planner;fuzz'
    if [ $sanitizers = thread ]; then
        tests='sampler'
        [ -n "$full" ] && tests='sampler;reference;answers'
    fi
    # A quarter of the compiler's time goes into four checks that Eigen's templates multiply: in full only.
    checks=$sanitizers
    [ $sanitizers = thread ] || [ -n "$full" ] ||
        checks+=' -fno-sanitize=null,alignment,object-size,vptr'
    if stage "build: $sanitizers" build "$folder" "-DMMM_SANITIZE=$checks" "-DMMM_TESTS=$tests"; then
        stage "core: $sanitizers" core_tests "$folder"
    fi
done
unset MMM_FUZZ_SCALE GTEST_FILTER
[ -n "$full" ] && export MMM_FULL=1

export MMM_CLUSTER=check
trap '"$repo/test/support/cluster.sh" stop "$MMM_CLUSTER" >/dev/null 2>&1' EXIT
if exports=$("$repo/test/support/cluster.sh" start "$MMM_CLUSTER"); then
    eval "$exports"
    for script in test/*/run.sh; do
        topic=$(basename "$(dirname "$script")")
        if [ "$topic" = bench ] && [ -z "${MMM_FULL:-}" ]; then continue; fi
        stage "$topic" "$script"
    done
    stage "server log" "$repo/test/support/check-server-log.sh"
else
    say "no cluster, so no tests of the extension"
    failed=$((failed + 1))
fi

printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
