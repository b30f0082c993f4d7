#!/usr/bin/env bash
# make (PGXS) and CMake must install the same files and export the same symbols.
#   compare-builds.sh BUILD       BUILD: the folder that CMake built in
set -euo pipefail
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$repo/test/support/tap.sh"
build=${1:?which CMake build?}
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

make -s -C "$repo" install DESTDIR="$stage/make" PG_CONFIG="$PG_CONFIG" >/dev/null
DESTDIR=$stage/cmake cmake --install "$build" >/dev/null

files() { (cd "$stage/$1" && find . -type f | sort); }
library() { find "$stage/$1" -name mmm.so; }
symbols() { nm -D --defined-only "$(library "$1")" | awk '{ print $NF }' | sort; }
script() { find "$stage/$1" -name 'mmm--*.sql' -exec cat {} +; }

is "$(files cmake)" "$(files make)" "make and CMake install the same files"
is "$(symbols cmake)" "$(symbols make)" "make and CMake export the same symbols"
is "$(script cmake)" "$(script make)" "make and CMake install the same script"
is "$(symbols make | grep -vE '^(_PG_init|Pg_magic_func|mmm_[a-z_]*|pg_finfo_mmm_[a-z_]*)$' || true)" "" \
    "the library exports nothing but what PostgreSQL calls"
done_testing
