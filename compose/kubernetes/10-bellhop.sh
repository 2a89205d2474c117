#!/bin/sh
# Runs once, on an empty data directory: the bot's own role, which owns its database and nothing else.
set -eu
BELLHOP_PASSWORD=$(cat /keys/postgres/bellhop)
export BELLHOP_PASSWORD
psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password BELLHOP_PASSWORD
CREATE ROLE bellhop LOGIN PASSWORD :'password';
CREATE DATABASE bellhop OWNER bellhop;
REVOKE CONNECT ON DATABASE bellhop FROM PUBLIC;
SQL
