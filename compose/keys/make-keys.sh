#!/bin/sh
# Makes the installation's secrets once, so that .env needs nothing but the bot's token.
# Each goes into a volume that only those services mount which need it. What is there stays.
set -eu

random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# keep FILE VALUE: write VALUE to FILE unless FILE is there, whole or not at all.
keep() {
  [ ! -s "$1" ] || return 0
  printf '%s' "$2" >"$1.new"
  chmod 0444 "$1.new"
  mv "$1.new" "$1"
  echo "made $1"
}

keep /keys/postgres/superuser "$(random)"
keep /keys/postgres/bellhop "$(random)"
keep /keys/database/password "$(cat /keys/postgres/bellhop)"
keep /keys/database/url "postgresql+asyncpg://bellhop:$(cat /keys/postgres/bellhop)@postgres:5432/bellhop"
keep /keys/webhook/secret "$(random)"
