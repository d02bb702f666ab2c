#!/bin/sh
# Asks a device with MCUboot by SMP which version it runs.
set -eu

# shellcheck disable=SC2086 # SMPMGR and DEVICE are several words
if ! slots=$(COLUMNS=500 $SMPMGR $DEVICE image state-read 2>&1); then
  echo "the device does not answer: $(echo "$slots" | grep -i error | tail -n 1)" >&2
  exit 1
fi
version=$(echo "$slots" | sed -n "/active=True/s/^ImageState(.* version='\([^']*\)'.*/\1/p" | head -n 1)
if [ -z "$version" ]; then
  echo "the device does not say which image is active" >&2
  exit 1
fi
echo "$version"
