#!/usr/bin/env bash
# Brings a release onto this host, or leaves the one before: deploy.sh REVISION BOT WORKER BACKUP
#
# BOT, WORKER and BACKUP are images by digest. .env names them from then on, so that every `docker compose …`
# on this host means the release that runs. Where this stands in .incoming, what else came with it takes its
# place first. The schema only ever goes forward: every migration keeps what the release before needs, so that
# going back means its images and files and nothing else. SKIP_DUMP=yes makes no dump before the migration.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD
if [ "${PWD##*/}" = .incoming ]; then cd ..; fi
. "$here/compose/deploy/steps.sh"

release=.release
before=.release.before
files="docker-compose.yml compose .env.example"

describe() {
  printf 'BELLHOP_REVISION=%s\nBOT_IMAGE=%s\nWORKER_IMAGE=%s\nBACKUP_IMAGE=%s\n' "$@"
}

# .env keeps what it says of everything else; the revision is the images' own to say.
pin() {
  awk '!/^(BELLHOP_REVISION|BOT_IMAGE|WORKER_IMAGE|BACKUP_IMAGE)=/' .env >.env.new
  if [ -s "$release" ]; then grep _IMAGE= "$release" >>.env.new; fi
  chmod --reference=.env .env.new
  mv .env.new .env
}

take_in() {
  if [ "$here" = "$PWD" ]; then return 0; fi
  rm -rf .outgoing
  mkdir .outgoing
  for each in $files; do
    if [ -e "$each" ]; then cp -R -p "$each" .outgoing/; fi
  done
  cp -R -p "$here/." .
}

give_back() {
  cp "$before" "$release"
  pin
  if [ "$here" != "$PWD" ] && [ -d .outgoing/compose ]; then cp -R -p .outgoing/. .; fi
}

# Puts the release before in place again, and fails either way: the new one did not make it.
go_back() {
  if [ ! -s "$before" ]; then
    say "There is no release to go back to; look at: docker compose ps, docker compose run --rm bellhop doctor"
    exit 1
  fi
  revision=$(sed -n 's/^BELLHOP_REVISION=//p' "$before")
  say "Going back to $revision"
  give_back
  reload
  # The oldest releases take a newer schema for a fault when they migrate, and run on it all the same.
  up --remove-orphans || up --no-deps bot worker
  compose/deploy/verify.sh "$revision"
  say "The release before runs again; the schema stays where it is"
  exit 1
}

# Nothing has been touched yet: what stands here is the release before.
leave() {
  if [ -s "$before" ]; then
    give_back
  else
    rm "$release"
    pin
  fi
  say "$1; nothing has changed"
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

if [ -s "$release" ]; then cp "$release" "$before"; else rm -f "$before"; fi
describe "$@" >"$release.new"
mv "$release.new" "$release"
take_in
pin

say "Fetching $1"
docker compose pull --quiet bot worker backup || leave "The images cannot be fetched"
dump || leave "No dump can be made"
migrate || go_back
start || go_back
say "Verifying"
compose/deploy/verify.sh "$1" || go_back
say "$1 runs; old images go with: docker image prune --all --force --filter until=720h"
