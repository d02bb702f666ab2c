#!/bin/sh
# Sends an image to an OpenWrt device by ssh, compares and checks it there, and starts sysupgrade.
#
#   flash.sh IMAGE
#
# DEVICE, PORT, KEY, KNOWN_HOSTS, PLACE, OPTIONS and, from the connector, FIRMWARE_SHA256 are set.
set -eu

image=$1

fail() {
  echo "$1" >&2
  exit 1
}

# 75: nothing was touched; the connector tries again later.
busy() {
  echo "$1" >&2
  exit 75
}

tmp=$(mktemp -d)
trap 'trap "" TERM INT; rm -rf "$tmp"' EXIT # what ends this script would end rm too
trap 'exit 143' TERM INT # ssh gets the connector's TERM too

# A dead connection ends after 30 seconds, nothing asks for a password, and no unknown host is taken.
device() {
  ssh -F none -T -p "$PORT" -i "$KEY" -o IdentitiesOnly=yes -o BatchMode=yes \
    -o UserKnownHostsFile="$KNOWN_HOSTS" -o StrictHostKeyChecking=yes -o ConnectTimeout=15 \
    -o ServerAliveInterval=10 -o ServerAliveCountMax=3 "$DEVICE" "$1" 2>"$tmp/log"
}
last() { grep . "$tmp/log" | tail -n 1; }

echo "step prepare"
[ -r "$KEY" ] || fail "the key $KEY cannot be read"
if ! device true; then
  grep -q -e 'Permission denied' -e 'Host key verification failed' "$tmp/log" && fail "$DEVICE: $(last)"
  busy "$DEVICE is not reached: $(last)"
fi
device 'command -v sysupgrade >/dev/null' || fail "$DEVICE has no sysupgrade"

echo "step write"
# PLACE is in memory there: a device that loses its power now boots as before.
device "cat >'$PLACE'" <"$image" || fail "the image could not be sent; is there room at $PLACE? $(last)"
there=$(device "sha256sum <'$PLACE'" | cut -c1-64)
if [ "$there" != "$FIRMWARE_SHA256" ]; then
  device "rm -f '$PLACE'" || true
  fail "the image arrived damaged at $DEVICE; see the network between"
fi
# Device and checksums of the image, as sysupgrade itself sees them.
device "sysupgrade -T '$PLACE'" || {
  why=$(last)
  device "rm -f '$PLACE'" || true
  fail "sysupgrade refuses the image: $why"
}
echo "progress 50"

# From here on the device erases its flash; nothing may cut this short, and it goes on by itself.
trap '' TERM INT
echo "step attach"
status=0
device "sysupgrade $OPTIONS '$PLACE'" || status=$?
# It closes all sessions before it writes, which ssh tells by 255.
case $status in
  0 | 255) echo "sysupgrade has begun; the device will boot by itself" ;;
  *) fail "sysupgrade ended with $status: $(last)" ;;
esac
