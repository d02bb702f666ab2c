#!/usr/bin/env bash
# Tests the packages as a gateway meets them, in a root directory of Debian's own making: installed,
# upgraded, removed, purged, and run by a real systemd. Needs root, debootstrap, and for the latter
# systemd-nspawn; builds nothing: packaging/build-deb.sh comes first.
#
#   SUITE   Debian's release, default bookworm     DIR   where the root is made, default /var/tmp
set -euo pipefail
cd "$(dirname "$0")"
suite=${SUITE:-bookworm}
target=$PWD/../../target
passed=0 failed=0 skipped=0

skip() {
  echo "SKIPPED: $1"
  skipped=$((skipped + 1))
}
summary() { echo "$passed passed, $failed failed, $skipped skipped"; }

if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
  skip "everything about the package, because it needs root and debootstrap"
  summary
  exit 0
fi

work=$(mktemp -d "${DIR:-/var/tmp}/package-test.XXXXXX")
life='' living=''
clean_up() {
  if [ -n "$living" ]; then
    kill "$living" 2>/dev/null || true
    wait "$living" || true
    umount -l "$life/proc" 2>/dev/null || true
  fi
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
case $suite in
  bookworm) java=openjdk-17-jre-headless ;;
  *) java=openjdk-21-jre-headless ;;
esac
# Everything that is needed later, so that nothing inside needs the network.
debootstrap --variant=minbase \
  --include="systemd,systemd-sysv,dbus,adduser,mosquitto,mosquitto-clients,$java" \
  "$suite" "$work/base" >"$work/debootstrap.log" 2>&1 || {
  tail -n 5 "$work/debootstrap.log"
  skip "everything about the package in $suite, because its packages cannot be had"
  summary
  exit 0
}

deb=$(echo "$target"/tedge-child-connector_*_all.deb)
# There is no earlier release yet: the same with a lower version and another configuration file.
mkdir "$work/old"
dpkg-deb -R "$deb" "$work/old"
sed -i 's/^Version: .*/Version: 0.0.1/' "$work/old/DEBIAN/control"
sed -i 's/^# Configuration of .*/# An older configuration of it./' "$work/old/etc/tedge-child-connector/connector.toml"
dpkg-deb --root-owner-group --build "$work/old" "$work/old.deb" >/dev/null

# prepare NAME: a fresh root in $root, with the packages in /packages and the tests in /test
prepare() {
  root=$work/$1
  cp -a "$work/base" "$root"
  mkdir "$root/packages" "$root/test"
  cp "$work/old.deb" "$root/packages/old.deb"
  cp "$deb" "$root/packages/new.deb"
  for bundled in "$target"/tedge-child-connector-bundled_*.deb; do
    [ ! -e "$bundled" ] || cp "$bundled" "$root/packages/bundled.deb"
  done
  cp ./*.sh "$root/test/"
}

# count: adds up what a test has printed
count() {
  passed=$((passed + $(grep -c '^ok ' "$1" || true)))
  failed=$((failed + $(grep -c '^NOT OK ' "$1" || true)))
  skipped=$((skipped + $(grep -c '^SKIPPED' "$1" || true)))
}

# Beside the other, which waits most of the time.
prepare life
life=$root
mount --bind /proc "$life/proc"
chroot "$life" /test/life.sh >"$work/life.log" 2>&1 &
living=$!

echo "== Run by systemd in $suite"
if command -v systemd-nspawn >/dev/null; then
  prepare boot
  cat >"$root/etc/systemd/system/package-test.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/test/boot.sh
StandardOutput=file:/test/log
StandardError=inherit
ExecStopPost=/bin/systemctl --no-block poweroff
[Install]
WantedBy=default.target
UNIT
  mkdir -p "$root/etc/systemd/system/default.target.wants"
  ln -s ../package-test.service "$root/etc/systemd/system/default.target.wants/"
  # Where no systemd runs, none can be asked for a unit of its own.
  keep=()
  [ -d /run/systemd/system ] || keep=(--keep-unit)
  timeout --kill-after=10 1500 systemd-nspawn --quiet --register=no "${keep[@]}" --directory="$root" \
    --private-network --boot </dev/null >"$work/console.log" 2>&1 || true
  if [ -s "$root/test/log" ]; then
    cat "$root/test/log"
    count "$root/test/log"
    grep -q '^the end$' "$root/test/log" || {
      echo "NOT OK the test did not come to its end"
      failed=$((failed + 1))
    }
  else
    tail -n 5 "$work/console.log"
    skip "the service under systemd, because systemd-nspawn cannot boot here"
  fi
else
  skip "the service under systemd, because there is no systemd-nspawn"
fi

echo "== Installed, upgraded, removed and purged in $suite"
wait $living || failed=$((failed + 1))
cat "$work/life.log"
umount "$life/proc"
count "$work/life.log"

summary
[ "$failed" = 0 ]
