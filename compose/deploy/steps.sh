# shellcheck shell=bash
# What deploy.sh and upgrade.sh do alike; they source it, in the directory of docker-compose.yml.

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }

up() { docker compose up --detach --wait --wait-timeout 180 --no-build "$@"; }

# What the database holds, before anything touches it; `down` leaves the data, and nothing that runs. Of an empty
# one none is made. SKIP_DUMP=yes for when there is no room for one.
dump() {
  if [ "${SKIP_DUMP:-}" = yes ]; then return 0; fi
  say "Making a dump"
  start_postgres || return 1
  docker compose run --rm --no-deps --no-TTY backup now
}

# The dump is made, or is not wanted: the one that Compose makes before a migration would be another.
migrate() {
  say "Migrating"
  start_postgres || return 1
  docker compose run --rm --no-deps --no-TTY migrate
}

start_postgres() {
  local services
  services=$(docker compose config --services)
  if grep -qx postgres <<<"$services" && [ -z "$(docker compose ps --quiet postgres)" ]; then
    up postgres || return 1
  fi
}

# Workers one at a time, each new one healthy before an old one goes; bots so too where there are several, for
# Telegram gives polled updates to one alone. Then everything else as the release has it.
start() {
  say "Starting"
  replace worker || return 1
  if [ "$(docker compose ps --quiet bot | wc -l)" -gt 1 ]; then replace bot || return 1; fi
  reload && up --remove-orphans
}

replace() {
  local service=$1 containers count container
  containers=$(docker compose ps --quiet "$service")
  count=$(wc -w <<<"$containers")
  for container in $containers; do
    up --no-deps --no-recreate --scale "$service=$((count + 1))" "$service" || return 1
    docker stop "$container" >/dev/null && docker rm "$container" >/dev/null || return 1
  done
}

# What is mounted from compose/ is read when a process starts: Compose sees no change in a container for it.
reload() {
  local running
  running=$(docker compose ps --services | grep -E '^(prometheus|alertmanager|grafana|loki|alloy|caddy)$') || return 0
  say "Having the new configuration read"
  # shellcheck disable=SC2086  # one word a service
  docker compose restart $running
}
