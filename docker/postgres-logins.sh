#!/bin/sh
# Runs once, when the database's volume is empty: the two logins and what the app's may do.
set -eu
owner_password=$(cat /run/secrets/database_owner_password)
app_password=$(cat /run/secrets/database_app_password)

psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
  --set owner_password="$owner_password" --set app_password="$app_password" <<'SQL'
CREATE ROLE antq_owner LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE antq_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
ALTER DATABASE antq OWNER TO antq_owner;
REVOKE CONNECT ON DATABASE antq FROM PUBLIC;
GRANT CONNECT ON DATABASE antq TO antq_app;
\connect antq
ALTER DEFAULT PRIVILEGES FOR ROLE antq_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO antq_app;
ALTER DEFAULT PRIVILEGES FOR ROLE antq_owner GRANT USAGE, SELECT ON SEQUENCES TO antq_app;
SQL
