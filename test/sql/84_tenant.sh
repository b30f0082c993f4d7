#!/usr/bin/env bash
# The tenant of a transaction is what its verified token says, and nothing else sets it.
. "$(dirname "$0")/../support/tap.sh"
query() { psql -qXAt "$@" 2>&1; }
as_analyst() { query -c "SET ROLE tenant_analyst" "$@"; }

# ---- tokens ----
secret=$(openssl rand -hex 32)
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
k=$(printf '%s' "$secret" | base64url)
other_secret=$(openssl rand -hex 32)
a=11111111-1111-4111-8111-111111111111
b=22222222-2222-4222-8222-222222222222

# token TENANT [SECONDS] [SECRET]
token() {
    local header payload now
    now=$(date +%s)
    header=$(printf '{"alg":"HS256","kid":"k1","typ":"JWT"}' | base64url)
    payload=$(printf '{"iat":%d,"exp":%d,"role":"authenticated","tenant_id":"%s"}' "$now" $((now + ${2:-600})) "$1" | base64url)
    printf '%s.%s.%s' "$header" "$payload" "$(printf '%s.%s' "$header" "$payload" | openssl dgst -sha256 -mac HMAC -macopt "key:${3:-$secret}" -binary | base64url)"
}

reload() {
    query -c "SELECT pg_reload_conf()" >/dev/null
    for _ in $(seq 50); do [ "$(query -c "LOAD 'mmm'" -c "SELECT $1")" = t ] && return; sleep 0.05; done
}
set_keys() { query -c "LOAD 'mmm'" -c "ALTER SYSTEM SET mmm.jwks = '$1'"; reload "current_setting('mmm.jwks') = '(set)'"; }
reset_all() {
    query -c "LOAD 'mmm'" -c "ALTER SYSTEM RESET mmm.jwks" -c "ALTER SYSTEM RESET mmm.token_leeway" -c "ALTER SYSTEM RESET mmm.jwks_file" \
        -c "SELECT pg_reload_conf()" -c "DROP OWNED BY tenant_analyst, tenant_owner" -c "DROP ROLE tenant_analyst, tenant_owner" >/dev/null
}
query -c "CREATE ROLE tenant_analyst" -c "CREATE ROLE tenant_owner" -c "GRANT CREATE ON SCHEMA public TO tenant_owner"
trap reset_all EXIT

ta=$(token $a)
tb=$(token $b)
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'")" $'ERROR:  token was refused: no keys are configured\nHINT:  Set mmm.jwks_file or mmm.jwks.' \
    "without keys no token is good"
is "$(query -c "LOAD 'mmm'" -c "ALTER SYSTEM SET mmm.jwks = '{\"keys\": [{\"kty\": \"oct\", \"k\": \"c2hvcnQ\"}]}'" | head -2)" \
    $'ERROR:  invalid value for parameter "mmm.jwks"\nDETAIL:  JSON Web Key Set: keys[0]: a secret of 5 bytes' "keys that are none are refused, and not repeated"
set_keys "{\"keys\": [{\"kty\": \"oct\", \"alg\": \"HS256\", \"kid\": \"k1\", \"k\": \"$k\"}]}"

# ---- binding ----
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "SELECT mmm_tenant_id()" -c "COMMIT" -c "SELECT mmm_tenant_id() IS NULL")" "$a"$'\nt' \
    "SET LOCAL binds the transaction, and its end takes the tenant back"
is "$(query -c "BEGIN" -c "SELECT mmm_tenant_set('$ta')" -c "SELECT mmm_tenant_claims() ->> 'role'" -c "SELECT mmm_tenant_set(NULL) IS NULL" -c "SELECT mmm_tenant_id() IS NULL")" \
    "$a"$'\nauthenticated\nt\nt' "mmm_tenant_set() does the same, and null takes it back"
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "SAVEPOINT s" -c "SET LOCAL mmm.token = '$tb'" -c "SELECT mmm_tenant_id()" -c "ROLLBACK TO s" -c "SELECT mmm_tenant_id()")" \
    "$b"$'\n'"$a" "ROLLBACK TO SAVEPOINT takes back what was bound since"
is "$(query -c "SET mmm.token = '$ta'" -c "SELECT mmm_tenant_id() IS NULL" -c "BEGIN" -c "SELECT mmm_tenant_id() IS NULL")" $'t\nt' \
    "a session's setting binds no later transaction"
is "$(query -c "SELECT set_config('mmm.token', '$ta', false)" -c "SELECT mmm_tenant_id() IS NULL")" $'(set)\nt' "nor does set_config()"
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "SHOW mmm.token" -c "SELECT current_setting('mmm.token')" -c "SELECT count(*) FROM pg_settings WHERE name = 'mmm.token'")" \
    $'(set)\n(set)\n0' "nothing shows the token"
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "DISCARD PLANS" -c "RESET ALL" -c "SELECT mmm_tenant_id() IS NULL")" t "RESET ALL unbinds"
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = '$(token $a 600 "$other_secret")'")" "ERROR:  token was refused: its signature does not match" "another key's token is refused"
is "$(query -c '\set VERBOSITY sqlstate' -c "BEGIN" -c "SET LOCAL mmm.token = 'x'")" "ERROR:  28000" "as an invalid authorization"
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = '$(token $a -60)'" | head -1)" "ERROR:  token was refused: it has expired" "an expired token is refused"
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "SAVEPOINT s" -c "SET LOCAL mmm.token = 'x.y.z'" -c "ROLLBACK TO s" -c "SELECT mmm_tenant_id()" | tail -1)" "$a" \
    "a token that is refused binds nothing and takes nothing away"

# ---- what else could set it ----
is "$(query -c "CREATE FUNCTION pg_temp.inside() RETURNS uuid LANGUAGE sql SET mmm.token = '$tb' AS 'SELECT mmm_tenant_id()'" | head -1)" "ERROR:  mmm.token is for SET LOCAL alone" "not a function"
is "$(query -c "ALTER ROLE tenant_analyst SET mmm.token = '$ta'" | head -1)" "ERROR:  mmm.token is for SET LOCAL alone" "not ALTER ROLE"
is "$(query -c "LOAD 'mmm'" -c "ALTER DATABASE $PGDATABASE SET mmm.token = '$ta'" | head -1)" "ERROR:  mmm.token is for SET LOCAL alone" "not ALTER DATABASE"
is "$(PGOPTIONS="-c mmm.token=$ta" query -c "SELECT mmm_tenant_id() IS NULL" | grep -c "mmm.token is for SET LOCAL alone")" 1 "not PGOPTIONS"
is "$(query -c "SET mmm.tenant = '$a'" -c "SELECT mmm_tenant_id() IS NULL" | grep -v DETAIL)" $'ERROR:  invalid configuration parameter name "mmm.tenant"\nt' "not a setting of another name"
is "$(query -c "LOAD 'mmm'" -c "SET mmm.jwks = '{}'" | head -1)" 'ERROR:  parameter "mmm.jwks" cannot be changed now' "nobody brings keys of his own"
is "$(as_analyst -c "LOAD 'mmm'" -c "SHOW mmm.jwks" | tail -1)" 'ERROR:  must be superuser or have privileges of pg_read_all_settings to examine "mmm.jwks"' "nor reads them"

# ---- rows ----
query <<END >/dev/null
SET ROLE tenant_owner;
CREATE TABLE rows_of_tenants (tenant_id uuid, id int, x float8, PRIMARY KEY (tenant_id, id));
RESET ROLE;
ALTER TABLE rows_of_tenants OWNER TO tenant_owner;
INSERT INTO rows_of_tenants SELECT CASE WHEN i % 3 = 0 THEN '$a'::uuid ELSE '$b'::uuid END, i, i FROM generate_series(1, 300) AS i;
SET ROLE tenant_owner;
SELECT mmm_tenant_enable('rows_of_tenants');
GRANT SELECT, INSERT, UPDATE, DELETE ON rows_of_tenants TO tenant_analyst;
END
query -c "CREATE TABLE kept (tenant_id uuid, model mmm_model)" -c "SELECT mmm_tenant_enable('kept')" >/dev/null
is "$(as_analyst -c "SELECT count(*) FROM rows_of_tenants")" 0 "without a token no row is seen"
is "$(as_analyst -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "SELECT count(*), count(DISTINCT tenant_id) FROM rows_of_tenants" -c "COMMIT" -c "BEGIN" -c "SET LOCAL mmm.token = '$tb'" \
    -c "SELECT count(*) FROM rows_of_tenants")" $'100|1\n200' "each tenant sees its own"
is "$(query -c "SET ROLE tenant_owner" -c "SELECT count(*) FROM rows_of_tenants")" 0 "so does the owner"
is "$(as_analyst -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "INSERT INTO rows_of_tenants (id) VALUES (1000) RETURNING tenant_id")" "$a" "a new row is the tenant's"
is "$(as_analyst -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "INSERT INTO rows_of_tenants VALUES ('$b', 1001)")" \
    'ERROR:  new row violates row-level security policy for table "rows_of_tenants"' "not another's"
is "$(as_analyst -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "UPDATE rows_of_tenants SET tenant_id = '$b' WHERE id = 3" | head -1)" \
    'ERROR:  new row violates row-level security policy for table "rows_of_tenants"' "nor is one given away"
is "$(as_analyst -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "WITH d AS (DELETE FROM rows_of_tenants WHERE id IN (1, 3) RETURNING id) SELECT count(*) FROM d")" 1 "nor deleted for another"
is "$(as_analyst -c "SET plan_cache_mode = force_generic_plan" -c "PREPARE n AS SELECT count(*) FROM rows_of_tenants" -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "EXECUTE n" -c "COMMIT" \
    -c "BEGIN" -c "SET LOCAL mmm.token = '$tb'" -c "EXECUTE n" -c "COMMIT" -c "EXECUTE n")" $'100\n200\n0' "a generic plan serves whoever asks"
is "$(as_analyst -c "SET force_parallel_mode = on" -c "SET parallel_setup_cost = 0" -c "SET min_parallel_table_scan_size = 0" -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" \
    -c "SELECT count(*), mmm_tenant_id() FROM rows_of_tenants")" "100|$a" "parallel workers know the tenant"
is "$(as_analyst -c "SET mmm.token = '$tb'" -c "SET force_parallel_mode = on" -c "SELECT mmm_tenant_id() IS NULL, count(*) FROM rows_of_tenants")" "t|0" \
    "but nothing of a token of an earlier transaction"
is "$(as_analyst -c "SET mmm.token = '$tb'" -c "SET force_parallel_mode = on" -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "SELECT mmm_tenant_id() FROM rows_of_tenants LIMIT 1" -c "COMMIT" \
    -c "SELECT count(*) FROM rows_of_tenants")" "$a"$'\n0' "nor of one beneath this transaction's"
is "$(as_analyst -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "DECLARE c CURSOR WITH HOLD FOR SELECT id FROM rows_of_tenants ORDER BY id" -c "FETCH 1 FROM c" -c "COMMIT" -c "BEGIN" \
    -c "SET LOCAL mmm.token = '$tb'" -c "FETCH 1 FROM c")" $'3\n6' "a cursor that is held keeps the rows of who declared it"
query -c "SET ROLE tenant_owner" -c "CREATE POLICY everybody ON rows_of_tenants USING (true)" >/dev/null
is "$(as_analyst -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" -c "SELECT count(*) FROM rows_of_tenants")" 100 "another policy opens nothing"
is "$(query -c "SELECT mmm_tenant_enable('pg_temp_nothing')" | head -1)" 'ERROR:  relation "pg_temp_nothing" does not exist' "enabling asks for a table"
is "$(query -c "SELECT mmm_tenant_enable(NULL)" -c "SELECT mmm_tenant_disable('kept')" -c "SELECT mmm_tenant_disable('kept')" -c "SELECT mmm_tenant_enable('kept')" | grep ERROR)" \
    $'ERROR:  target must not be null\nERROR:  tenants are not enabled on public.kept' "null is no table, and what was not enabled is not disabled"
is "$(query -c "CREATE TABLE numbered (tenant_id int)" -c "SELECT mmm_tenant_enable('numbered')" | head -1)" "ERROR:  column tenant_id of public.numbered is of type integer, not uuid" \
    "with a uuid for the tenant"

# ---- a procedure that commits in between ----
is "$(query <<END
DO \$\$
DECLARE m mmm_model;
BEGIN
    PERFORM mmm_tenant_set('$ta');
    CALL mmm_fit_detached('brand_a', spec('quick'), m);
    INSERT INTO kept VALUES (DEFAULT, m);
    COMMIT;
    IF mmm_tenant_id() IS NOT NULL THEN RAISE 'bound beyond its transaction'; END IF;
END \$\$;
SELECT tenant_id, model IS NOT NULL FROM kept;
END
)" "$a|t" "a detached fit has its tenant again when it is to be written"
is "$(query -c "DO 'DECLARE m mmm_model; BEGIN CALL mmm_fit_detached(''brand_a'', spec(''quick''), m); PERFORM 1 / count(mmm_tenant_id()); END'" | head -1)" "ERROR:  division by zero" \
    "one without a tenant has none"
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = 'carried:$ta'" | head -1)" "ERROR:  token was refused: its header is not base64url without padding" "nobody carries a token by himself"

# ---- expiry inside a transaction ----
query -c "LOAD 'mmm'" -c "ALTER SYSTEM SET mmm.token_leeway = 0" >/dev/null
reload "current_setting('mmm.token_leeway') = '0'"
is "$(as_analyst -c "BEGIN" -c "SET LOCAL mmm.token = '$(token $a 2)'" -c "SELECT count(*) FROM rows_of_tenants" -c "SELECT pg_sleep(2.2)" -c "SELECT count(*) FROM rows_of_tenants" \
    -c "SELECT mmm_tenant_id() IS NULL" | tr -d '\n')" "1000t" "a token that expires unbinds the transaction"

# ---- traces ----
(printf "BEGIN;\nSET LOCAL mmm.token = '%s';\n" "$ta"; sleep 2) | PGAPPNAME=tenant_watched psql -qX >/dev/null 2>&1 &
shown="SELECT query FROM pg_stat_activity WHERE application_name = 'tenant_watched' AND state = 'idle in transaction'"
for _ in $(seq 30); do [ -n "$(query -c "$shown AND query LIKE 'SET%'")" ] && break; sleep 0.05; done
is "$(query -c "$shown")" "SET LOCAL mmm.token = '[token]';" "pg_stat_activity does not show it"
wait
PGOPTIONS="-c log_statement=all -c log_min_duration_statement=0 -c log_parameter_max_length_on_error=-1 -c client_min_messages=debug5" query <<END >/tmp/mmm-tenant-trace.$$
LOAD 'mmm';
BEGIN;
SET LOCAL mmm.token = '$ta';
SELECT mmm_tenant_set('$tb');
SELECT 1 / (length('$tb') - length('$tb'));
ROLLBACK;
SET mmm.token = '$(token $a -99)';
SELECT '$tb' FROM nowhere;
END
# Bound as a parameter, which psql 15 cannot do.
echo "SELECT mmm_tenant_set(:token), 1 / (length(:token) - length(:token));" >/tmp/mmm-tenant-bound.$$
PGOPTIONS="-c log_statement=all -c log_parameter_max_length_on_error=-1 -c session_preload_libraries=mmm" pgbench -n -M extended -t 1 -D token="$ta" \
    -f /tmp/mmm-tenant-bound.$$ >>/tmp/mmm-tenant-trace.$$ 2>&1
rm -f /tmp/mmm-tenant-bound.$$
log=$MMM_CLUSTER_LOG
is "$(grep -c "${ta##*.}\|${tb##*.}" "$log")" 0 "no log line holds a token"
is "$(grep -c '\[token\]' "$log" | awk '{ print ($1 > 3) }')" 1 "where statements that held one were logged"
is "$(grep -c "${ta##*.}" /tmp/mmm-tenant-trace.$$)" 0 "nor does a message to the client"
rm -f /tmp/mmm-tenant-trace.$$

# ---- keys in a file ----
keys=$(mktemp)
chmod 644 "$keys"
echo "{\"keys\": [{\"kty\": \"oct\", \"kid\": \"k1\", \"k\": \"$k\"}]}" >"$keys"
query -c "LOAD 'mmm'" -c "ALTER SYSTEM RESET mmm.jwks" -c "ALTER SYSTEM SET mmm.jwks_file = '$keys'" >/dev/null
reload "current_setting('mmm.jwks') = '' AND current_setting('mmm.jwks_file') <> ''"
is "$(query -c "BEGIN" -c "SET LOCAL mmm.token = '$ta'" | head -1)" "ERROR:  mmm.jwks_file holds secrets that others may read" "a file of secrets that others may read is refused"
chmod 640 "$keys"
[ "$(id -u)" -eq 0 ] && chown "$(stat -c %U "$log")" "$keys"
is "$(query -c "BEGIN" -c "SELECT mmm_tenant_set('$ta')")" "$a" "one that they may not is read"
echo "{\"keys\": [{\"kty\": \"oct\", \"kid\": \"k1\", \"k\": \"$(printf '%s' "$other_secret" | base64url)\"}]}" >"$keys"
is "$(query -c "BEGIN" -c "SELECT mmm_tenant_set('$ta')" | head -1)" "ERROR:  token was refused: its signature does not match" "and again when it has changed"
is "$(query -c "BEGIN" -c "SELECT mmm_tenant_set('$(token $b 60 "$other_secret")')")" "$b" "with the keys that are in it now"
rm -f "$keys"

# ---- the lint ----
query <<END >/dev/null
CREATE SCHEMA badly;
CREATE TABLE badly.parent (id serial PRIMARY KEY, tenant_id uuid, email text UNIQUE, price numeric);
CREATE INDEX ON badly.parent (price);
CREATE TABLE badly.child (tenant_id uuid NOT NULL, id int, parent_id int REFERENCES badly.parent, PRIMARY KEY (tenant_id, id));
ALTER TABLE badly.child ENABLE ROW LEVEL SECURITY;
CREATE POLICY open ON badly.child USING (true);
CREATE POLICY by_setting ON badly.child USING (tenant_id = current_setting('app.tenant')::uuid) WITH CHECK (true);
CREATE VIEW badly.seen AS SELECT * FROM badly.child;
CREATE MATERIALIZED VIEW badly.kept AS SELECT * FROM badly.child;
CREATE FUNCTION badly.whoami() RETURNS uuid LANGUAGE sql IMMUTABLE AS \$\$SELECT '$a'::uuid\$\$;
CREATE POLICY fixed ON badly.child FOR SELECT USING (tenant_id = badly.whoami());
CREATE FUNCTION badly.all_rows() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM badly.child';
GRANT SELECT ON badly.child TO PUBLIC;
GRANT TRUNCATE ON badly.child TO tenant_analyst;
CREATE FUNCTION badly.noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER noop BEFORE INSERT ON badly.child FOR EACH ROW EXECUTE FUNCTION badly.noop();
CREATE TABLE badly.shared (id int REFERENCES badly.parent);
END
is "$(query -c "SELECT DISTINCT code FROM mmm_tenant_lint('{badly}') ORDER BY 1" | tr '\n' ' ')" \
    "beyond_policies definer_bypasses_rls definer_public definer_search_path foreign_key_across_tenants foreign_key_from_shared granted_to_public materialized_view no_tenant_index not_leakproof policy_check_open policy_forgeable policy_immutable policy_open policy_without_check rls_disabled rls_not_forced shared_sequence tenant_nullable trigger unique_across_tenants view_not_invoker " \
    "the lint finds every way"
is "$(query -c "SELECT count(*) FROM mmm_tenant_lint('{nosuch}')" | head -1)" "ERROR:  schemas: there is no schema nosuch" "a schema that does not exist is no good news"
is "$(query -c "CREATE TABLE badly.odd (\"a(b\" uuid, tenant_id uuid NOT NULL)" -c "ALTER TABLE badly.odd ENABLE ROW LEVEL SECURITY" \
    -c "CREATE POLICY p ON badly.odd USING (tenant_id = mmm_tenant_id() OR mmm_tenant_id() IS NULL)" -c "SELECT code FROM mmm_tenant_lint('{badly}') WHERE object = 'p on badly.odd'" | grep policy | sort | tr '\n' ' ')" \
    "policy_open policy_without_check " "a policy that says more than the tenant proves nothing"
is "$(query -c "CREATE TABLE badly.words (tenant_id text)" -c "SELECT code, object FROM mmm_tenant_lint('{badly}') WHERE object = 'badly.words'")" "tenant_not_uuid|badly.words" \
    "nor does a tenant that is no uuid"
is "$(query -c "CREATE SCHEMA elsewhere" -c "CREATE MATERIALIZED VIEW elsewhere.kept AS SELECT * FROM badly.child" -c "SELECT code FROM mmm_tenant_lint('{elsewhere}')")" "materialized_view" \
    "what refers to tables of another schema is found where it is"
is "$(query -c "DROP POLICY everybody ON rows_of_tenants" -c "DROP TABLE numbered" -c "SELECT code, object FROM mmm_tenant_lint('{public}')")" "" "and nothing where tenants were enabled"
is "$(query -c "SELECT bool_and(level IN ('error', 'warning', 'info') AND message <> '' AND remediation <> '') FROM mmm_tenant_lint()")" t "each finding says why it matters and what mends it"
query -c "SELECT mmm_tenant_disable('rows_of_tenants')" >/dev/null
is "$(query -c "SELECT relrowsecurity, relforcerowsecurity, (SELECT count(*) FROM pg_policy WHERE polrelid = oid), (SELECT count(*) FROM pg_attrdef WHERE adrelid = oid) FROM pg_class WHERE relname = 'rows_of_tenants'")" \
    "f|f|0|0" "mmm_tenant_disable() takes it all back"
query -c "DROP SCHEMA badly, elsewhere CASCADE" -c "DROP TABLE rows_of_tenants, kept" >/dev/null
done_testing
