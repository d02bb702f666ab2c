#!/bin/sh
# Installs a cabinet file on one device with fwupd's daemon.
#
#   flash.sh CABINET
#
# DEVICE and FWUPD are set in connector.toml.
set -eu

cabinet=$1

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
trap 'exit 143' TERM INT # the client gets the connector's TERM too; the daemon finishes its write

echo "step prepare"
# shellcheck disable=SC2086 # a command and its arguments
$FWUPD get-devices --json >"$tmp/devices" 2>"$tmp/log" ||
  busy "fwupd does not answer: $(cat "$tmp/devices" "$tmp/log" | tr -d '\n{}' | tail -c 200)"
grep -q "\"$DEVICE\"" "$tmp/devices" || busy "fwupd sees no device $DEVICE: plug it in"

echo "step write"
# Older versions too: which one is right is decided where the update was requested.
{
  status=0
  # shellcheck disable=SC2086
  $INSTALL "$cabinet" "$DEVICE" --assume-yes --allow-older --allow-reinstall --no-reboot-check \
    2>&1 || status=$?
  echo "$status" >"$tmp/status"
} | stdbuf -oL tr '\r' '\n' |
  sed -u -E 's/^.*[^0-9]([0-9]{1,3})%.*$/progress \1/' | tee "$tmp/log"
case $(cat "$tmp/status") in
  0) ;;
  2) echo "fwupd had nothing to do" ;;
  *) fail "fwupd: $(grep -v '^progress' "$tmp/log" | grep . | tail -n 1)" ;;
esac
