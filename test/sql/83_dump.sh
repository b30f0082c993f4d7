#!/usr/bin/env bash
# Models survive every way out and in; the extension goes into any schema.
. "$(dirname "$0")/../support/tap.sh"
query() { psql -qXAt -c "$1" 2>&1; }
other=${PGDATABASE}_other
folder=$(mktemp -d)
trap 'dropdb --if-exists "$other"; rm -rf "$folder"' EXIT
answers="SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM (
    SELECT 1 AS n, s::text FROM models, mmm_summary(model) s WHERE name = 'a'
    UNION ALL SELECT 2, c::text FROM models, mmm_channels(model) c WHERE name = 'a'
    UNION ALL SELECT 3, d::text FROM models, mmm_decomposition(model) d WHERE name = 'a'
    UNION ALL SELECT 4, f::text FROM models, mmm_fitted(model) f WHERE name = 'a'
    UNION ALL SELECT 5, d::text FROM models, mmm_diagnostics(model) d WHERE name = 'a'
    UNION ALL SELECT 6, fingerprint(model) FROM models WHERE name = 'a') t"
before=$(query "$answers")

createdb "$other"
pg_dump | psql -qX -v ON_ERROR_STOP=1 -d "$other" >"$folder/log" 2>&1
ok $? "pg_dump | psql runs without error"
is "$(psql -qXAt -d "$other" -c "$answers")" "$before" "and gives back identical answers"
dropdb "$other"
createdb "$other"
pg_dump -Fc >"$folder/dump"
pg_restore --exit-on-error -d "$other" "$folder/dump" >"$folder/log" 2>&1
ok $? "so does the custom format"
is "$(psql -qXAt -d "$other" -c "$answers")" "$before" "with identical answers"

psql -qX -c "\\copy (SELECT model FROM models WHERE name = 'a') TO '$folder/models' (FORMAT binary)"
is "$(psql -qXAt 2>&1 <<END
CREATE TEMP TABLE copied (model mmm_model);
\\copy copied FROM '$folder/models' (FORMAT binary)
SELECT fingerprint(model) = fingerprint(model('a')) FROM copied;
END
)" t "binary COPY out and in gives the same draws"

# Damage in binary input is an error of its own, wherever it is.
size=$(stat -c %s "$folder/models")
for at in 30 40 60 100 1000 $((size / 2)) $((size - 30)); do
    cp "$folder/models" "$folder/damaged"
    byte=$(od -An -tu1 -j "$at" -N1 "$folder/damaged" | tr -d ' ')
    printf "\\x$(printf %02x $((byte ^ 255)))" | dd of="$folder/damaged" bs=1 seek="$at" conv=notrunc status=none
    is "$(psql -qXAt -v VERBOSITY=sqlstate -c "CREATE TEMP TABLE t (m mmm_model)" -c "\\copy t FROM '$folder/damaged' (FORMAT binary)" 2>&1 | head -1)" \
        "ERROR:  22P03" "byte $at damaged"
done

# Another schema
psql -qX -d "$other" -v ON_ERROR_STOP=1 >"$folder/log" 2>&1 <<'END'
DROP EXTENSION mmm CASCADE;
CREATE SCHEMA marketing;
CREATE EXTENSION mmm SCHEMA marketing;
END
ok $? "CREATE EXTENSION mmm SCHEMA marketing"
is "$(psql -qXAt -d "$other" 2>&1 <<'END'
SELECT DISTINCT n.nspname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'mmm'
    JOIN pg_proc p ON p.oid = d.objid AND d.classid = 'pg_proc'::regclass JOIN pg_namespace n ON n.oid = p.pronamespace WHERE d.deptype = 'e';
SET search_path = '';
SELECT count(*) > 0 FROM marketing.mmm_channels(marketing.mmm_fit('public.brand_a', (SELECT spec FROM public.spec WHERE name = 'quick')));
SELECT marketing.mmm_adstock_geometric(x, 0.5) FROM (VALUES (1), (2)) v (x);
END
)" $'marketing\nt\n1.25' "everything is in that schema and works without a search path"
is "$(psql -qXAt -d "$other" -c "ALTER EXTENSION mmm SET SCHEMA public" 2>&1)" 'ERROR:  extension "mmm" does not support SET SCHEMA' "it stays there"
is "$(psql -qXAt -d "$other" -c "DROP EXTENSION mmm" -c "SELECT count(*) FROM pg_proc WHERE proname LIKE 'mmm\\_%'" 2>&1)" 0 "DROP EXTENSION leaves nothing"
done_testing
