#!/bin/sh
# Makes the installation's secrets once, so that .env needs nothing but the bot's token.
# Each goes into a volume that only those services mount which need it. What is there stays.
set -eu
keys=${KEYS_DIRECTORY:-/keys}

random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# keep FILE VALUE: write VALUE to FILE unless FILE is there, whole or not at all.
keep() {
  [ ! -s "$keys/$1" ] || return 0
  printf '%s' "$2" >"$keys/$1.new"
  chmod 0444 "$keys/$1.new"
  mv "$keys/$1.new" "$keys/$1"
  echo "made $keys/$1"
}

keep postgres/superuser "$(random)"
keep postgres/bellhop "$(random)"
keep database/password "$(cat "$keys/postgres/bellhop")"
keep database/url "postgresql+asyncpg://bellhop:$(cat "$keys/postgres/bellhop")@postgres:5432/bellhop"
keep webhook/secret "$(random)"

# Redis: who has no password may ask whether it lives. Bot and worker reach their own keys and channels and
# administer nothing; the exporter reads figures and no key.
keep redis/bellhop "$(random)"
keep redis/exporter "$(random)"
keep redis/users.acl "user default on nopass resetkeys resetchannels -@all +ping
user bellhop on >$(cat "$keys/redis/bellhop") ~arq:* ~bellhop:* &bellhop:* +@all -@admin -@dangerous +info +config|get
user exporter on >$(cat "$keys/redis/exporter") resetkeys resetchannels -@all +ping +info +config|get +client +select +slowlog +latency
"
keep queue/url "redis://bellhop:$(cat "$keys/redis/bellhop")@redis:6379/0"
keep exporter/redis.json "{\"redis://exporter@redis:6379\": \"$(cat "$keys/redis/exporter")\"}"
