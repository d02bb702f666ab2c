#!/bin/sh
# Writes an image into a USB device with dfu-util: detaches it into its DFU mode, writes, and lets
# it start again.
#
#   flash.sh IMAGE
#
# DEVICE, ALTSETTING and ADDRESS are set in connector.toml.
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
trap 'exit 143' TERM INT # dfu-util gets the connector's TERM too

echo "step prepare"
# A suffix names the device an image is for; dfu-util compares it and refuses others. 65: none.
status=0
dfu-suffix -c "$image" >"$tmp/log" 2>&1 || status=$?
case $status in
  0) ;;
  65) echo "the image has no DFU suffix, so nobody can tell whether it is for this device" ;;
  *) fail "dfu-suffix cannot read the image: $(tail -n 1 "$tmp/log")" ;;
esac

# Each in its mode, as "vendor:product" of DEVICE: "Found Runtime: [...]" or "Found DFU: [...]".
dfu-util -d "$DEVICE" -l >"$tmp/list" 2>&1 || fail "dfu-util: $(tail -n 1 "$tmp/list")"
if ! grep -q '^Found ' "$tmp/list"; then
  busy "there is no device $DEVICE on USB: plug it in, or let the service open it (usb-dfu.conf)"
fi
# Several settings of one device have one path; another path is another device.
paths=$(sed -n 's/^Found .*path="\([^"]*\)".*/\1/p' "$tmp/list" | sort -u | grep -c . || true)
[ "$paths" = 1 ] || fail "there are $paths devices $DEVICE; add the serial number, or unplug some"

echo "step write"
# -R: starts the new firmware; a device with DfuSe does by ":leave".
set -- -d "$DEVICE" -a "$ALTSETTING" -R -D "$image"
[ -z "$ADDRESS" ] || set -- -s "$ADDRESS:leave" "$@"
{
  status=0
  dfu-util "$@" 2>&1 || status=$?
  echo "$status" >"$tmp/status"
} | stdbuf -oL tr '\r' '\n' |
  sed -u -E 's/^(Download|Erase ).*[^0-9]([0-9]{1,3})%.*$/progress \2/' | tee "$tmp/log"
status=$(cat "$tmp/status")

# The device may be gone before it answered the last question of a successful download.
if [ "$status" != 0 ] && ! grep -q -e '^Download done' -e '^File downloaded successfully' "$tmp/log"; then
  fail "the image was not written; the device waits in its DFU mode: $(grep -v '^progress' "$tmp/log" | tail -n 1)"
fi
