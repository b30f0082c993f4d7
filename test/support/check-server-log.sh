#!/usr/bin/env bash
# The log of the tests' server must not tell of a crash, an internal error or memory gone astray.
set -uo pipefail
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$repo/test/support/tap.sh"

bad=$(grep -nE 'terminated by signal|internal error|PANIC|TRAP:|runtime error|reference leak|problem in alloc' "$MMM_CLUSTER_LOG" || true)
is "$bad" "" "the server log is free of crashes and internal errors"
done_testing
