#!/bin/sh
# add-bot NAME: a role and a database of that name, which nobody else may enter; prints its DATABASE_URL.
# For a bot that is there already it sets a new password. At most CONNECTIONS (40) at a time for one bot.
set -eu
name=${1:?usage: add-bot NAME}
case $name in
  postgres | *[!a-z0-9_]* | [!a-z]*) echo "a name is small letters, digits and _, a letter first" >&2; exit 2 ;;
esac
BOT_PASSWORD=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
export BOT_PASSWORD
psql --quiet --set ON_ERROR_STOP=1 --set name="$name" --set connections="${CONNECTIONS:-40}" \
  --username postgres --dbname postgres >&2 <<'SQL'
\getenv password BOT_PASSWORD
SELECT format('CREATE ROLE %I LOGIN', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'password' CONNECTION LIMIT :connections;
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
echo "postgresql+asyncpg://$name:$BOT_PASSWORD@shared-postgres:5432/$name"
