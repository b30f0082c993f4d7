-- Tenants: whose rows the caller may see is what the verified token of the transaction says (SET LOCAL mmm.token).

CREATE FUNCTION @extschema@.mmm_tenant_set(token text) RETURNS uuid
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION @extschema@.mmm_tenant_set(text) IS
    'binds the transaction to the tenant of a bearer token, as SET LOCAL mmm.token does, and returns the tenant; '
    'a token that does not verify is an error and binds nothing, null takes the binding back';

-- STABLE: with IMMUTABLE a cached plan would keep one tenant's rows for the next.
CREATE FUNCTION @extschema@.mmm_tenant_id() RETURNS uuid
    AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE LEAKPROOF COST 1;
COMMENT ON FUNCTION @extschema@.mmm_tenant_id() IS
    'the tenant that the transaction is bound to; null, so that policies show no rows, when nothing is bound or the token has expired';

CREATE FUNCTION @extschema@.mmm_tenant_claims() RETURNS jsonb
    AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_tenant_claims() IS 'what the verified token of the transaction says, as jsonb; null where mmm_tenant_id() is';

CREATE FUNCTION @extschema@.mmm_tenant_drop_policies(target regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    policy name;
BEGIN
    FOR policy IN SELECT p.polname FROM pg_policy AS p WHERE p.polrelid = target AND p.polname IN ('mmm_tenant_rows', 'mmm_tenant_only') LOOP
        EXECUTE format('DROP POLICY %I ON %s', policy, target);
    END LOOP;
END $$;
COMMENT ON FUNCTION @extschema@.mmm_tenant_drop_policies(regclass) IS 'part of mmm_tenant_enable() and mmm_tenant_disable()';

CREATE FUNCTION @extschema@.mmm_tenant_enable(target regclass, tenant_column name DEFAULT 'tenant_id') RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kind "char";
    type_of_column oid;
    has_nulls boolean;
    predicate text := format('%I = @extschema@.mmm_tenant_id()', tenant_column);
BEGIN
    IF target IS NULL OR tenant_column IS NULL THEN
        RAISE EXCEPTION '% must not be null', CASE WHEN target IS NULL THEN 'target' ELSE 'tenant_column' END USING ERRCODE = 'null_value_not_allowed',
            HINT = 'Name a table, and its column of type uuid that says whose a row is.';
    END IF;
    SELECT c.relkind INTO kind FROM pg_class AS c WHERE c.oid = target;
    IF kind IS NULL OR kind NOT IN ('r', 'p') THEN
        RAISE EXCEPTION '% is not a table', target USING ERRCODE = 'wrong_object_type',
            HINT = 'Row-level security is for tables. A view shows the rows of its caller WITH (security_invoker = true).';
    END IF;
    SELECT a.atttypid INTO type_of_column FROM pg_attribute AS a WHERE a.attrelid = target AND a.attname = tenant_column AND a.attnum > 0;
    IF type_of_column IS NULL THEN
        RAISE EXCEPTION 'table % has no column %', target, quote_ident(tenant_column) USING ERRCODE = 'undefined_column',
            HINT = format('Add one and fill it: ALTER TABLE %s ADD COLUMN %I uuid;', target, tenant_column);
    ELSIF type_of_column <> 'uuid'::regtype THEN
        RAISE EXCEPTION 'column % of % is of type %, not uuid', quote_ident(tenant_column), target, format_type(type_of_column, NULL)
            USING ERRCODE = 'datatype_mismatch', HINT = 'Tenants are UUIDs, as the claim of a token is.';
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %I IS NULL)', target, tenant_column) INTO has_nulls;
    IF has_nulls THEN
        RAISE EXCEPTION 'rows of % belong to no tenant', target USING ERRCODE = 'not_null_violation',
            HINT = format('Give each row a tenant, or delete it: SELECT * FROM %s WHERE %I IS NULL;', target, tenant_column);
    END IF;
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL, ALTER COLUMN %2$I SET DEFAULT @extschema@.mmm_tenant_id(), ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
                   target, tenant_column);
    -- The first lets rows of the tenant be seen, where no policy says more finely which; the second keeps every other policy from
    -- showing more.
    PERFORM @extschema@.mmm_tenant_drop_policies(target);
    IF NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = target AND p.polpermissive) THEN
        EXECUTE format('CREATE POLICY mmm_tenant_rows ON %s USING (%s) WITH CHECK (%2$s)', target, predicate);
    END IF;
    EXECUTE format('CREATE POLICY mmm_tenant_only ON %s AS RESTRICTIVE USING (%s) WITH CHECK (%2$s)', target, predicate);
    IF NOT EXISTS (
        SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid = target AND a.attname = tenant_column AND i.indpred IS NULL AND i.indisvalid
    ) THEN
        EXECUTE format('CREATE INDEX ON %s (%I)', target, tenant_column);
    END IF;
END $$;
COMMENT ON FUNCTION @extschema@.mmm_tenant_enable(regclass, name) IS
    'shows and takes the rows of the caller''s tenant alone: row-level security on and forced, policies, a default and an index for the tenant''s column';

CREATE FUNCTION @extschema@.mmm_tenant_disable(target regclass) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    defaulted name;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = target AND p.polname = 'mmm_tenant_only') THEN
        RAISE EXCEPTION 'tenants are not enabled on %', coalesce(target::text, 'null') USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'mmm_tenant_enable() makes the policy mmm_tenant_only; without it there is nothing to take back.';
    END IF;
    PERFORM @extschema@.mmm_tenant_drop_policies(target);
    -- Policies of others go on as they are.
    IF NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = target) THEN
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', target);
    END IF;
    FOR defaulted IN
        SELECT a.attname FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE d.adrelid = target AND pg_get_expr(d.adbin, d.adrelid) IN ('mmm_tenant_id()', '@extschema@.mmm_tenant_id()')
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', target, defaulted);
    END LOOP;
END $$;
COMMENT ON FUNCTION @extschema@.mmm_tenant_disable(regclass) IS
    'takes back what mmm_tenant_enable() did, but for NOT NULL and the index; policies of others stay, and row-level security with them';
