#!/bin/sh
# Makes the installation's secrets once, so that .env needs nothing but the bot's token.
# Each goes into a volume that only those services mount which need it. What is there stays.
set -eu
keys=${KEYS_DIRECTORY:-/keys}

random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# put FILE VALUE: write VALUE to FILE, whole or not at all.
put() {
  printf '%s' "$2" >"$keys/$1.new"
  chmod 0444 "$keys/$1.new"
  mv "$keys/$1.new" "$keys/$1"
  echo "made $keys/$1"
}

# keep FILE VALUE: unless FILE is there. follow FILE VALUE: unless FILE says so already, for what is made of others:
# where one volume was lost and another was not, they have to agree again.
keep() { [ -s "$keys/$1" ] || put "$1" "$2"; }
follow() { [ "$(cat "$keys/$1" 2>/dev/null)" = "$2" ] || put "$1" "$2"; }

keep postgres/superuser "$(random)"
# PostgreSQL keeps the password with its data: what worker and backup still know is what it was told.
keep postgres/bellhop "$(cat "$keys/database/password" 2>/dev/null || random)"
follow database/password "$(cat "$keys/postgres/bellhop")"
follow database/url "postgresql+asyncpg://bellhop:$(cat "$keys/postgres/bellhop")@postgres:5432/bellhop"
keep webhook/secret "$(random)"

# Redis: who has no password may, as `health`, ask whether it lives. Bot and worker reach their own keys and
# channels and administer nothing; the exporter reads figures and no key. Nobody can be the default user, and yet
# it may do everything: as it, Redis reads its file after a start, and what it may not do would be left out.
keep redis/bellhop "$(random)"
keep redis/exporter "$(random)"
follow redis/users.acl "user default off resetpass allkeys allchannels +@all
user health on nopass resetkeys resetchannels -@all +ping
user bellhop on >$(cat "$keys/redis/bellhop") ~arq:* ~bellhop:* &bellhop:* +@all -@admin -@dangerous +info +config|get
user exporter on >$(cat "$keys/redis/exporter") resetkeys resetchannels -@all +ping +info +config|get +client +select +slowlog +latency"
follow queue/url "redis://bellhop:$(cat "$keys/redis/bellhop")@redis:6379/0"
# The exporter looks its password up by the address, some releases with the user in it and some without.
password=$(cat "$keys/redis/exporter")
follow exporter/redis.json "{\"redis://redis:6379\": \"$password\", \"redis://exporter@redis:6379\": \"$password\"}"
