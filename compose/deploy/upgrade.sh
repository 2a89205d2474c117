#!/usr/bin/env bash
# Brings what stands in this clone into production, where images are built on the host: upgrade.sh
#
# RENEW=no takes the base images as they are here; SKIP_DUMP=yes makes no dump. Back: check out the release
# before and run this again. The schema only ever goes forward, and the release before runs on it.
set -euo pipefail
cd "$(dirname "$0")/../.."
. compose/deploy/steps.sh

BELLHOP_REVISION=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
export BELLHOP_REVISION

ours='^(bot|worker|migrate|bellhop|backup|dump)$'
renew=--pull
if [ "${RENEW:-}" = no ]; then renew=; fi

back="Back: check out the release before, and run this again"
leave() { say "$1"; exit 1; }

say "Building $BELLHOP_REVISION"
# shellcheck disable=SC2086  # an option or none
docker compose build $renew bot worker backup
if [ -n "$renew" ]; then
  # shellcheck disable=SC2046  # one word a service
  docker compose pull --quiet $(docker compose config --services | grep --invert-match --extended-regexp "$ours")
fi
dump || leave "No dump can be made; nothing has changed. SKIP_DUMP=yes goes without"
migrate || leave "The migration failed; what ran before still runs, on whatever it had added"
start || leave "Not everything started. $back"
say "Verifying"
compose/deploy/verify.sh "$BELLHOP_REVISION" || leave "$BELLHOP_REVISION runs, and is not well. $back"
say "$BELLHOP_REVISION runs; old images go with: docker image prune --all --force --filter until=720h"
