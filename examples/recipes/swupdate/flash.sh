#!/bin/sh
# Hands an image (.swu) to the daemon of SWUpdate by its socket, with swupdate-client, and waits
# until it is installed.
#
#   flash.sh IMAGE
#
# SOCKETS, SELECT and POST_UPDATE are set in connector.toml.
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
trap 'exit 143' TERM INT # swupdate-client gets the connector's TERM too; the daemon may go on

# Two clients at once hang, so only one of the connector's may be there.
exec 9>>"$LOCK"
flock -n 9 || busy "another child is handing an image to SWUpdate"

echo "step prepare"
case $(head -c 6 "$image" | tr -d '\000') in
  070701 | 070702) ;;
  *) fail "the image is no .swu file" ;;
esac
[ -S "$SOCKETS/sockinstctrl" ] || busy "SWUpdate does not run: there is no socket in $SOCKETS"

echo "step write"
# swupdate-client finds the sockets by TMPDIR.
set -- -v "$image"
[ -z "$SELECT" ] || set -- -e "$SELECT" "$@"
[ "$POST_UPDATE" = no ] || set -- -p "$@"
{
  status=0
  TMPDIR=$SOCKETS swupdate-client "$@" 2>&1 || status=$?
  echo "$status" >"$tmp/status"
} | sed -u 's/^Status: [0-9]* message: //' | tee "$tmp/log"
[ "$(cat "$tmp/status")" = 0 ] && exit 0

# It took no image, because it is installing another, or the socket is a leftover.
if ! grep -q '^Software Update started' "$tmp/log"; then
  busy "SWUpdate takes no image now: $(grep . "$tmp/log" | tail -n 1)"
fi
fail "SWUpdate: $(grep 'ERROR' "$tmp/log" | tail -n 1 || true)"
