#!/bin/sh
# Asks an OpenWrt device by ssh which version it runs.
set -eu

exec ssh -F none -T -p "$PORT" -i "$KEY" -o IdentitiesOnly=yes -o BatchMode=yes \
  -o UserKnownHostsFile="$KNOWN_HOSTS" -o StrictHostKeyChecking=yes -o ConnectTimeout=15 \
  -o ServerAliveInterval=10 -o ServerAliveCountMax=3 "$DEVICE" "$VERSION_COMMAND"
