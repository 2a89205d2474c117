#!/usr/bin/env bash
# Brings a release onto this host, or leaves the one before: deploy.sh REVISION BOT WORKER BACKUP
#
# BOT, WORKER and BACKUP are images by digest. The schema only ever goes forward: every migration keeps what
# the release before needs, so that going back means its images and nothing else.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=compose/deploy
release=.release
before=.release.before

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }

compose() { docker compose --env-file .env --env-file "$release" "$@"; }

describe() {
  printf 'BELLHOP_REVISION=%s\nBOT_IMAGE=%s\nWORKER_IMAGE=%s\nBACKUP_IMAGE=%s\n' "$@"
}

up() { compose up --detach --wait --wait-timeout 180 --no-build --remove-orphans; }

# Puts the release before in place again, and fails either way: the new one did not make it.
go_back() {
  if [ ! -s "$before" ]; then
    say "There is no release to go back to; look at: docker compose ps"
    exit 1
  fi
  say "Going back to $(sed -n 's/^BELLHOP_REVISION=//p' "$before")"
  cp "$before" "$release"
  up
  "$here/verify.sh" "$(sed -n 's/^BELLHOP_REVISION=//p' "$release")"
  say "The release before runs again; the schema stays where it is"
  exit 1
}

if [ "$#" -ne 4 ]; then
  echo "usage: deploy.sh REVISION BOT WORKER BACKUP" >&2
  exit 2
fi
for image in "${@:2}"; do
  case $image in
    *@sha256:*) ;;
    *) echo "$image is not an image by digest" >&2; exit 2 ;;
  esac
done
if [ ! -s .env ]; then
  echo "There is no .env in $PWD: copy .env.example and fill in BOT_TOKEN" >&2
  exit 2
fi

exec 9>.release.lock
flock --nonblock 9 || { echo "Another deployment is under way" >&2; exit 1; }

if [ -s "$release" ]; then cp "$release" "$before"; fi
describe "$@" >"$release.new"
mv "$release.new" "$release"

say "Fetching $1"
if ! compose pull --quiet bot worker migrate; then
  if [ -s "$before" ]; then cp "$before" "$release"; else rm "$release"; fi
  say "The images cannot be fetched; nothing has changed"
  exit 1
fi
say "Migrating"
compose run --rm --no-TTY migrate || go_back
say "Starting"
up || go_back
say "Verifying"
"$here/verify.sh" "$1" || go_back
say "$1 runs"
