#!/usr/bin/env bash
# make bench: kernels, gradients, fits, growth with the data and SQL, each beside a baseline measured in the same run. Prints a table
# and leaves every figure in build-bench/results.json. Takes about five minutes on two idle cores; judges nothing.
#
#   bench.sh [kernels|fits|scaling|sql]...      only these
set -euo pipefail
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../support/common.sh"
cd "$repo"
export PG_CONFIG
build=$repo/build-bench
parts=${*:-kernels fits scaling sql}

say "building"
make -s -j "$(nproc)" PG_CONFIG="$PG_CONFIG" >&2
cmake -S . -B "$build" -DPG_CONFIG="$PG_CONFIG" -DMMM_BENCH=ON -DMMM_BATCH=ON "-DMMM_CORE_OBJECTS=$repo/build-make/core" >/dev/null
cmake --build "$build" -j "$(nproc)" >/dev/null

for part in $parts; do
    say "measuring $part"
    case $part in
        kernels) "$build/bench_kernels" --benchmark_format=json --benchmark_repetitions=3 --benchmark_min_time=0.2 >"$build/kernels.json" ;;
        fits) "$build/bench_fits" >"$build/fits.jsonl" ;;
        scaling)
            "$build/bench_scaling" >"$build/scaling.jsonl"
            test/bench/scaling_plot.sh "$build/scaling.jsonl" "$build/scaling.svg"
            ;;
        sql)
            exports=$(test/support/cluster.sh start bench)
            eval "$exports"
            trap 'test/support/cluster.sh stop bench >/dev/null 2>&1' EXIT
            test/bench/sql.sh >"$build/sql.jsonl"
            ;;
        *) die "unknown part: $part (kernels, fits, scaling or sql)" ;;
    esac
done
python3 test/bench/report.py "$build"
