#!/bin/sh
# Writes an application image into an ESP32 with esptool, which compares it by its MD5, and starts
# it.
#
#   flash.sh IMAGE VERSION
#
# PORT, CHIP, BAUD, ADDRESS, OTADATA and OPTIONS are set in connector.toml.
set -eu

image=$1
version=$2

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
trap 'exit 143' TERM INT # esptool gets the connector's TERM too

# Its output with marks of progress instead of percentages; the exit status is its own.
chip() {
  {
    status=0
    # shellcheck disable=SC2086 # OPTIONS are several words
    $ESPTOOL --chip "$CHIP" --port "$PORT" --baud "$BAUD" $OPTIONS "$@" 2>&1 || status=$?
    echo "$status" >"$tmp/status"
  } | stdbuf -oL tr '\r' '\n' |
    sed -u -E 's/^Writing at .*[^0-9]([0-9]{1,3})(\.[0-9]+)? ?%.*$/progress \1/' | tee "$tmp/log"
  return "$(cat "$tmp/status")"
}
last() { grep -i -E 'error|fail' "$tmp/log" | grep -v '^Note' | tail -n 1; }

echo "step prepare"
# The application descriptor (esp_app_desc_t) begins at byte 32 and has its version at byte 48.
[ "$(od -An -tx1 -j32 -N4 "$image" | tr -d ' ')" = 3254cdab ] ||
  fail "the image is no application of ESP-IDF; send the .bin of the application alone"
inside=$(dd if="$image" bs=1 skip=48 count=32 2>/dev/null | tr '\000' '\n' | head -n 1)
[ "$inside" = "$version" ] || fail "the image says it is version '$inside', not $version"
case $PORT in
  /*) [ -e "$PORT" ] || busy "there is no $PORT: plug the cable in" ;;
esac
# Reads the MAC address only, and restarts the device.
chip read_mac >/dev/null || busy "the device at $PORT does not answer: $(last)"

echo "step write"
set -- "$ADDRESS" "$image"
# Where the device has OTA slots, its choice of one is erased, and the first is used again.
if [ -n "$OTADATA" ]; then
  head -c 8192 /dev/zero | LC_ALL=C tr '\000' '\377' >"$tmp/otadata"
  set -- "$@" "$OTADATA" "$tmp/otadata"
fi
chip write_flash "$@" ||
  fail "the image was not written as a whole, and the device cannot start it: $(last)"
