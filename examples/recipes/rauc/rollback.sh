#!/bin/sh
# Has the slot that is running now booted next time too. After a failed installation, or one whose
# slot was never booted, this keeps the machine from booting it later, when nobody expects it.
#
# When the new slot is the one that runs, nothing is done: going back from there is the work of the
# boot loader, which boots the old slot when the new one was not marked good.
set -eu

if [ "$("${0%/*}/read-version.sh")" = "$FIRMWARE_VERSION" ]; then
  echo "the new slot runs; only the boot loader, or somebody, may leave it" >&2
  exit 1
fi
rauc status mark-active booted
