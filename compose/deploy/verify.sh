#!/usr/bin/env bash
# Is this revision what runs here, and is it well? verify.sh REVISION
set -euo pipefail
cd "$(dirname "$0")/../.."

revision=${1:?usage: verify.sh REVISION}

# fetch CONTAINER PORT PATH: ask a process inside its own container, for no port is published.
fetch() {
  docker exec "$1" python -c \
    'import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=5).read().decode())' \
    "http://127.0.0.1:$2$3"
}

check() {
  local service=$1 port=$2 container
  local containers
  containers=$(docker compose ps --quiet "$service")
  [ -n "$containers" ] || { echo "$service does not run" >&2; return 1; }
  for container in $containers; do
    fetch "$container" "$port" /health | grep --quiet --fixed-strings "\"$revision\"" ||
      { echo "$service $container is not $revision" >&2; return 1; }
  done
}

check bot 8080
check worker 9101
# Settings, getMe, getWebhookInfo, PostgreSQL, Redis, every bot, the oldest command; a warning is no failure.
code=0
docker compose run --rm --no-deps --no-TTY bellhop doctor || code=$?
[ "$code" -le 1 ] || { echo "the doctor found what keeps $revision from working" >&2; exit 1; }
