#!/bin/sh
# Makes the superuser's password once; what is there stays.
set -eu
[ -s /keys/superuser ] && exit 0
head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >/keys/superuser.new
chmod 0444 /keys/superuser.new
mv /keys/superuser.new /keys/superuser
