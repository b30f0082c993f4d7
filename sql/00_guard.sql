-- The parts sql/NN_topic.sql, in order, make up the installation script of the extension.
-- Names of the extension's own are written with @extschema@. CREATE EXTENSION runs the script with nothing but that
-- schema on the search path, after pg_catalog, so the built-in types need no schema.
\echo Use "CREATE EXTENSION mmm" to load this file. \quit
