-- Every way in which a tenant could see, or learn of, another's rows, and every way in which the schema could not be distributed by tenant.

CREATE FUNCTION @extschema@.mmm_tenant_lint(schemas name[] DEFAULT NULL)
    RETURNS TABLE (level text, code text, object text, message text, remediation text)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    unknown name;
BEGIN
SELECT s INTO unknown FROM unnest(schemas) AS s WHERE s IS NULL OR s NOT IN (SELECT n.nspname FROM pg_namespace AS n) LIMIT 1;
IF schemas = '{}' OR FOUND THEN
    RAISE EXCEPTION 'schemas: %', CASE WHEN schemas = '{}' THEN 'an empty array' ELSE coalesce('there is no schema ' || quote_ident(unknown), 'an element is null') END
        USING ERRCODE = 'invalid_parameter_value', HINT = 'Name schemas, or leave schemas out for all of them.';
END IF;
RETURN QUERY
WITH RECURSIVE looked_at AS (
    SELECT n.oid, n.nspname FROM pg_namespace AS n
    WHERE CASE WHEN schemas IS NULL THEN n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ELSE n.nspname = ANY (schemas) END
), own AS (  -- objects of extensions are for those who make them
    SELECT d.classid, d.objid FROM pg_depend AS d WHERE d.deptype = 'e'
), policy AS (
    SELECT p.oid, p.polrelid, p.polname, p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, p.polrelid) AS qual,
        pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
    FROM pg_policy AS p
), any_tenant_table AS (  -- in schemas that are not looked at, too: what is looked at may refer to them
    SELECT c.relnamespace, c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relowner, c.relacl, format('%I.%I', s.nspname, c.relname) AS name,
        a.attname AS column_name, a.attnum AS column_number, a.attnotnull
    FROM pg_class AS c
    JOIN pg_namespace AS s ON s.oid = c.relnamespace AND s.nspname !~ '^pg_' AND s.nspname <> 'information_schema'
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND a.atttypid = 'uuid'::regtype
        AND (a.attname = 'tenant_id' OR EXISTS (
            SELECT FROM policy AS p WHERE p.polrelid = c.oid AND coalesce(p.qual, p.with_check) LIKE '%mmm\_tenant\_id()%'
                AND strpos(coalesce(p.qual, p.with_check), '(' || quote_ident(a.attname) || ' = ') > 0))
        AND NOT EXISTS (SELECT FROM own WHERE own.classid = 'pg_class'::regclass AND own.objid = c.oid)
), tenant_table AS (
    SELECT t.* FROM any_tenant_table AS t JOIN looked_at AS s ON s.oid = t.relnamespace
), names_tenant AS (  -- policies that depend on who the tenant is
    SELECT p.*, t.name, t.column_name,
        coalesce((p.qual ~ '(mmm_tenant_id\(\)|auth\.jwt\(\))' AND p.qual !~ ' OR ' AND (strpos(p.qual, '(' || quote_ident(t.column_name) || ' = ') > 0 OR p.qual LIKE '%= ' || quote_ident(t.column_name) || ')%')), false) AS in_qual, coalesce((p.with_check ~ '(mmm_tenant_id\(\)|auth\.jwt\(\))' AND p.with_check !~ ' OR ' AND (strpos(p.with_check, '(' || quote_ident(t.column_name) || ' = ') > 0 OR p.with_check LIKE '%= ' || quote_ident(t.column_name) || ')%')), false) AS in_check
    FROM policy AS p JOIN tenant_table AS t ON t.oid = p.polrelid
), guarded AS (  -- tables where a restrictive policy of the tenant stands before whatever else is allowed
    SELECT n.polrelid FROM names_tenant AS n WHERE NOT n.polpermissive AND n.polcmd = '*' AND n.polroles = '{0}' AND n.in_qual AND (n.with_check IS NULL OR n.in_check)
), index_column AS (
    SELECT i.indexrelid, i.indrelid, i.indisunique OR i.indisexclusion AS indisunique, i.indpred IS NOT NULL AS partial, k.number, k.place, i.indclass[k.place - 1] AS opclass,
        t.name, t.column_name, t.column_number
    FROM pg_index AS i JOIN tenant_table AS t ON t.oid = i.indrelid
    CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
    WHERE k.place <= i.indnkeyatts
), foreign_key AS (
    SELECT f.oid, f.conname, f.conrelid, f.confrelid, f.conkey, f.confkey FROM pg_constraint AS f WHERE f.contype = 'f' AND f.conparentid = 0
), reads AS (  -- views and what they read, by their rules, also by other views
    SELECT r.ev_class AS view_id, d.refobjid AS table_id
    FROM pg_rewrite AS r JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    WHERE d.refobjid <> r.ev_class
    UNION
    SELECT reads.view_id, d.refobjid
    FROM reads JOIN pg_rewrite AS r ON r.ev_class = reads.table_id
    JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    WHERE d.refobjid <> r.ev_class
), privilege AS (
    SELECT t.name, t.relowner, a.grantee, a.privilege_type FROM tenant_table AS t CROSS JOIN LATERAL aclexplode(t.relacl) AS a
), finding AS (
    SELECT 'error' AS level, 'rls_disabled' AS code, t.name AS object,
        'row-level security is off: every role that may read the table reads the rows of every tenant' AS message,
        format('SELECT @extschema@.mmm_tenant_enable(%L, %L);', t.name, t.column_name) AS remediation
    FROM tenant_table AS t WHERE NOT t.relrowsecurity
    UNION ALL
    SELECT 'error', 'tenant_not_uuid', format('%I.%I', s.nspname, c.relname), format('its tenant_id is of type %s, which no token is compared with', format_type(a.atttypid, NULL)),
        format('ALTER TABLE %I.%I ALTER COLUMN tenant_id TYPE uuid USING tenant_id::text::uuid;', s.nspname, c.relname)
    FROM pg_class AS c JOIN looked_at AS s ON s.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND a.atttypid <> 'uuid'::regtype AND NOT EXISTS (SELECT FROM own WHERE own.classid = 'pg_class'::regclass AND own.objid = c.oid)
    UNION ALL
    SELECT 'error', 'rls_not_forced', t.name, 'row-level security is not forced: the owner, and whatever runs with its rights, sees every tenant',
        format('ALTER TABLE %s FORCE ROW LEVEL SECURITY;', t.name)
    FROM tenant_table AS t WHERE t.relrowsecurity AND NOT t.relforcerowsecurity
    UNION ALL
    SELECT 'info', 'no_policy', t.name, 'row-level security is on and no policy lets a row be seen',
        format('SELECT @extschema@.mmm_tenant_enable(%L, %L);', t.name, t.column_name)
    FROM tenant_table AS t WHERE t.relrowsecurity AND NOT EXISTS (SELECT FROM policy AS p WHERE p.polrelid = t.oid AND p.polpermissive)
    UNION ALL
    SELECT 'error', 'tenant_nullable', t.name, format('rows without %s belong to nobody', t.column_name),
        format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL;', t.name, t.column_name)
    FROM tenant_table AS t WHERE NOT t.attnotnull
    UNION ALL
    SELECT 'error', 'policy_open', format('%s on %s', quote_ident(n.polname), n.name), 'a policy allows rows without asking for the tenant, and no restrictive policy does',
        format('DROP POLICY %I ON %s; SELECT @extschema@.mmm_tenant_enable(%L, %L);', n.polname, n.name, n.name, n.column_name)
    FROM names_tenant AS n
    WHERE n.polpermissive AND n.polrelid NOT IN (SELECT polrelid FROM guarded)
        AND ((n.polcmd IN ('*', 'r', 'w', 'd') AND NOT n.in_qual) OR (n.polcmd = 'a' AND NOT n.in_check))
    UNION ALL
    SELECT 'warning', 'policy_without_check', format('%s on %s', quote_ident(n.polname), n.name),
        'without WITH CHECK what may be written is what may be seen; say so where that is meant',
        format('ALTER POLICY %I ON %s WITH CHECK (%s);', n.polname, n.name, n.qual)
    FROM names_tenant AS n WHERE n.polcmd IN ('*', 'w') AND n.with_check IS NULL
    UNION ALL
    SELECT 'error', 'policy_check_open', format('%s on %s', quote_ident(n.polname), n.name), 'its WITH CHECK does not ask for the tenant: rows can be written for another one',
        format('ALTER POLICY %I ON %s WITH CHECK (%I = @extschema@.mmm_tenant_id());', n.polname, n.name, n.column_name)
    FROM names_tenant AS n
    WHERE n.polpermissive AND n.polcmd IN ('*', 'w') AND n.with_check IS NOT NULL AND NOT n.in_check AND n.polrelid NOT IN (SELECT polrelid FROM guarded)
    UNION ALL
    SELECT 'error', 'policy_immutable', format('%s on %s', quote_ident(n.polname), n.name),
        format('it calls %s, which is IMMUTABLE: a cached plan keeps the rows of the tenant for whom it was made', d.refobjid::regprocedure),
        format('ALTER FUNCTION %s STABLE;', d.refobjid::regprocedure)
    FROM names_tenant AS n
    JOIN pg_depend AS d ON d.classid = 'pg_policy'::regclass AND d.objid = n.oid AND d.refclassid = 'pg_proc'::regclass
    JOIN pg_proc AS f ON f.oid = d.refobjid
    WHERE f.provolatile = 'i' AND f.pronargs = 0
    UNION ALL
    SELECT 'error', 'policy_forgeable', format('%s on %s', quote_ident(n.polname), n.name), 'it believes a setting, which every session may set to any tenant',
        format('DROP POLICY %I ON %s; SELECT @extschema@.mmm_tenant_enable(%L, %L);', n.polname, n.name, n.name, n.column_name)
    FROM names_tenant AS n WHERE coalesce(n.qual, '') || coalesce(n.with_check, '') LIKE '%current\_setting(%'
    UNION ALL
    SELECT 'warning', 'policy_per_row', format('%s on %s', quote_ident(n.polname), n.name),
        'it reads the claims again for every row that a scan looks at; mmm_tenant_id() is a few nanoseconds',
        format('ALTER POLICY %I ON %s USING (%I = @extschema@.mmm_tenant_id());', n.polname, n.name, n.column_name)
    FROM names_tenant AS n
    WHERE coalesce(n.qual, n.with_check) ~ 'auth\.' AND coalesce(n.qual, n.with_check) !~* '\(\s*SELECT\M'
    UNION ALL
    SELECT 'warning', 'policy_subselect', format('%s on %s', quote_ident(n.polname), n.name), 'a table that is distributed by tenant cannot have a policy with a sub-select',
        format('ALTER POLICY %I ON %s USING (%I = @extschema@.mmm_tenant_id());', n.polname, n.name, n.column_name)
    FROM names_tenant AS n WHERE coalesce(n.qual, '') || coalesce(n.with_check, '') ~* '\(\s*SELECT\M'
    UNION ALL
    SELECT 'error', 'view_not_invoker', format('%I.%I', s.nspname, v.relname), format('the view reads %s with the rights of its owner, not of its caller', t.name),
        format('ALTER VIEW %I.%I SET (security_invoker = true);', s.nspname, v.relname)
    FROM reads AS r JOIN pg_class AS v ON v.oid = r.view_id AND v.relkind = 'v' JOIN looked_at AS s ON s.oid = v.relnamespace
    JOIN any_tenant_table AS t ON t.oid = r.table_id
    WHERE NOT EXISTS (SELECT FROM pg_options_to_table(v.reloptions) AS o WHERE o.option_name = 'security_invoker' AND o.option_value::boolean)
    UNION ALL
    SELECT 'error', 'materialized_view', format('%I.%I', s.nspname, v.relname), format('it holds rows of %s of every tenant, and no policy can stand before it', t.name),
        format('REVOKE ALL ON %I.%I FROM PUBLIC; DROP MATERIALIZED VIEW %1$I.%2$I;', s.nspname, v.relname)
    FROM reads AS r JOIN pg_class AS v ON v.oid = r.view_id AND v.relkind = 'm' JOIN looked_at AS s ON s.oid = v.relnamespace
    JOIN any_tenant_table AS t ON t.oid = r.table_id
    UNION ALL
    SELECT 'error', 'definer_search_path', f.oid::regprocedure::text, 'it runs with the rights of its owner, and the caller chooses what its names mean',
        format('ALTER FUNCTION %s SET search_path = pg_catalog, pg_temp;', f.oid::regprocedure)
    FROM pg_proc AS f JOIN looked_at AS s ON s.oid = f.pronamespace
    WHERE f.prosecdef AND NOT EXISTS (SELECT FROM unnest(f.proconfig) AS setting WHERE setting LIKE 'search\_path=%')
        AND NOT EXISTS (SELECT FROM own WHERE own.classid = 'pg_proc'::regclass AND own.objid = f.oid)
    UNION ALL
    SELECT 'warning', 'definer_public', f.oid::regprocedure::text, 'it runs with the rights of its owner, and everybody may call it',
        format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC;', f.oid::regprocedure)
    FROM pg_proc AS f JOIN looked_at AS s ON s.oid = f.pronamespace
    WHERE f.prosecdef AND (f.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(f.proacl) AS a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE'))
        AND NOT EXISTS (SELECT FROM own WHERE own.classid = 'pg_proc'::regclass AND own.objid = f.oid)
    UNION ALL
    SELECT 'warning', 'definer_bypasses_rls', f.oid::regprocedure::text, format('it runs with the rights of %s, whom no policy stops', r.rolname),
        format('ALTER FUNCTION %s OWNER TO a_role_without_such_rights;', f.oid::regprocedure)
    FROM pg_proc AS f JOIN looked_at AS s ON s.oid = f.pronamespace JOIN pg_roles AS r ON r.oid = f.proowner
    WHERE f.prosecdef AND (r.rolsuper OR r.rolbypassrls) AND EXISTS (SELECT FROM any_tenant_table)
        AND NOT EXISTS (SELECT FROM own WHERE own.classid = 'pg_proc'::regclass AND own.objid = f.oid)
    UNION ALL
    SELECT 'error', 'unique_across_tenants', i.indexrelid::regclass::text,
        format('a unique index of %s without %s: the error of a duplicate tells that another tenant has the value', i.name, i.column_name),
        format('Put %I first among the columns of the constraint.', i.column_name)
    FROM index_column AS i WHERE i.indisunique
    GROUP BY i.indexrelid, i.name, i.column_name, i.column_number HAVING NOT bool_or(i.number = i.column_number)
    UNION ALL
    SELECT 'error', 'foreign_key_across_tenants', format('%s on %s', quote_ident(f.conname), t.name),
        format('it does not hold %s on both sides: a row can point to one of another tenant, and tells whether it exists', t.column_name),
        format('Reference (%I, ...) from (%I, ...).', r.column_name, t.column_name)
    FROM foreign_key AS f JOIN tenant_table AS t ON t.oid = f.conrelid JOIN any_tenant_table AS r ON r.oid = f.confrelid
    WHERE NOT EXISTS (SELECT FROM unnest(f.conkey, f.confkey) AS k(here, there) WHERE k.here = t.column_number AND k.there = r.column_number)
        AND NOT (cardinality(f.confkey) = 1 AND f.confkey[1] = r.column_number)
    UNION ALL
    SELECT 'error', 'foreign_key_from_shared', format('%s on %s', quote_ident(f.conname), f.conrelid::regclass),
        format('a table that all tenants share refers to rows of %s: it tells whether they exist, and cannot be distributed', t.name), 'Drop the constraint, or give the table a tenant.'
    FROM foreign_key AS f JOIN any_tenant_table AS t ON t.oid = f.confrelid JOIN pg_class AS c ON c.oid = f.conrelid JOIN looked_at AS s ON s.oid = c.relnamespace
    WHERE f.conrelid NOT IN (SELECT oid FROM any_tenant_table)
    UNION ALL
    SELECT 'warning', 'no_tenant_index', t.name, format('no index begins with %s: each question reads the rows of all tenants', t.column_name),
        format('CREATE INDEX ON %s (%I);', t.name, t.column_name)
    FROM tenant_table AS t
    WHERE NOT EXISTS (SELECT FROM index_column AS i WHERE i.indrelid = t.oid AND i.place = 1 AND i.number = t.column_number AND NOT i.partial)
    UNION ALL
    SELECT 'warning', 'not_leakproof', format('%s of %s', quote_ident(a.attname), i.name),
        format('%s cannot use its index behind a policy: comparing %s is not leakproof', quote_ident(a.attname), format_type(a.atttypid, NULL)),
        'Use a type whose comparisons are leakproof (integers, float8, text, uuid, dates and times).'
    FROM index_column AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.number
    JOIN pg_opclass AS o ON o.oid = i.opclass JOIN pg_amop AS m ON m.amopfamily = o.opcfamily AND m.amoplefttype = o.opcintype AND m.amoprighttype = o.opcintype
    JOIN pg_am AS am ON am.oid = o.opcmethod AND am.amname = 'btree' JOIN pg_operator AS op ON op.oid = m.amopopr JOIN pg_proc AS f ON f.oid = op.oprcode
    WHERE m.amopstrategy = 3 AND NOT f.proleakproof
    UNION ALL
    SELECT 'error', 'granted_to_public', p.name, format('%s is granted to PUBLIC: roles that are not made for it can try', string_agg(p.privilege_type, ', ' ORDER BY p.privilege_type)),
        format('REVOKE ALL ON %s FROM PUBLIC;', p.name)
    FROM privilege AS p WHERE p.grantee = 0 GROUP BY p.name
    UNION ALL
    SELECT 'error', 'beyond_policies', p.name,
        format('%s may %s, which no policy is asked about', pg_get_userbyid(p.grantee), string_agg(p.privilege_type, ' and ' ORDER BY p.privilege_type)),
        format('REVOKE %s ON %s FROM %I;', string_agg(p.privilege_type, ', ' ORDER BY p.privilege_type), p.name, pg_get_userbyid(p.grantee))
    FROM privilege AS p WHERE p.grantee NOT IN (0, p.relowner) AND p.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER') GROUP BY p.name, p.grantee
    UNION ALL
    SELECT 'warning', 'shared_sequence', format('%s of %s', quote_ident(a.attname), t.name), 'tenants draw from one sequence: its gaps tell what the others do',
        format('Use a uuid: ALTER TABLE %s ALTER COLUMN %I SET DEFAULT gen_random_uuid();', t.name, a.attname)
    FROM tenant_table AS t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef AS d ON d.adrelid = t.oid AND d.adnum = a.attnum
    WHERE a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%'
    UNION ALL
    SELECT 'warning', 'trigger', format('%s on %s', quote_ident(g.tgname), t.name), 'a table that is distributed by tenant has no triggers',
        'Do in the functions that write what the trigger does.'
    FROM pg_trigger AS g JOIN tenant_table AS t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal
    UNION ALL
    SELECT 'warning', 'role_bypasses_rls', quote_ident(r.rolname), 'the role sees the rows of every tenant, and anybody can log in as it who has its password',
        format('ALTER ROLE %I NOBYPASSRLS;', r.rolname)
    FROM pg_roles AS r WHERE r.rolbypassrls AND r.rolcanlogin AND NOT r.rolsuper AND EXISTS (SELECT FROM tenant_table)
)
SELECT f.level, f.code, f.object, f.message, f.remediation FROM finding AS f
ORDER BY array_position(ARRAY['error', 'warning', 'info'], f.level), f.code, f.object;
END $$;
COMMENT ON FUNCTION @extschema@.mmm_tenant_lint(name[]) IS
    'every way in which a tenant could see or learn of another''s rows, and in which the schema could not be distributed by tenant, with the statement that mends it; '
    'tables with a uuid column tenant_id, or whose policies compare one with mmm_tenant_id(); schemas: only these';
