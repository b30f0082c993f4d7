#!/usr/bin/env bash
# A private PostgreSQL cluster with an example in it: builds, fits, shows. Running it again is harmless.
set -euo pipefail
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$repo"

say "building (the first time takes some minutes: about 100 files, Eigen in most of them)"
make -s -j "$(nproc)" PG_CONFIG="$PG_CONFIG" >&2
exports=$(test/support/cluster.sh start demo)
eval "$exports"
psql -qX -v ON_ERROR_STOP=1 <test/support/demo.sql
cat <<END

The cluster keeps running; 'make stop' ends it, and may remove it with all that is in it. The tables above are
demo.weekly_sales and demo.models. To look around, or to try README.md and docs/tutorial.md:

    $("$PG_CONFIG" --bindir)/psql -h $PGHOST -p $PGPORT -U $PGUSER $PGDATABASE

END
