#!/usr/bin/env bash
# Shows the connector at work, on a fresh Debian 12 with nothing but apt: a real broker, the daemon, a
# device that is a directory, one update that succeeds and one with a wrong digest that must not.
# Ends what it started and removes what it wrote; exits with 0 if every status was the expected one.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin

# shellcheck source=.ci/tools.sh
. .ci/tools.sh
tools mosquitto:mosquitto

echo "== Building"
mvn -B -ntp -q -Dstyle.color=never -DskipTests package

scratch=$(mktemp -d)
broker='' daemon=''
cleanup() {
  for pid in $daemon $broker; do
    kill "$pid" 2>/dev/null || continue
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$scratch"
}
trap cleanup EXIT

fail() {
  echo "== NOT AS EXPECTED: $1" >&2
  [ ! -f "$scratch/daemon.log" ] || { echo "The daemon's log:" && cat "$scratch/daemon.log"; } >&2
  exit 1
}

port_is_taken() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Waits at most 90 seconds for a command to succeed.
wait_for() {
  local tries=900
  until "$@"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 0.1
  done
}

port=$((20000 + RANDOM % 10000))
while port_is_taken $port; do port=$((port + 1)); done

echo "== Starting mosquitto on port $port and the connector"
cat >"$scratch/mosquitto.conf" <<END
listener $port 127.0.0.1
allow_anonymous true
user $(id -un)
END
mosquitto -c "$scratch/mosquitto.conf" >"$scratch/mosquitto.log" 2>&1 &
broker=$!
wait_for port_is_taken $port || { cat "$scratch/mosquitto.log" >&2 && fail "mosquitto did not start"; }

device=$scratch/device
mkdir "$device"
: >"$scratch/tedge.toml"
cat >"$scratch/connector.toml" <<END
[mqtt]
host = "127.0.0.1"
port = $port

[thin_edge]
config_dir = "$scratch"

[storage]
directory = "$scratch/state"

[download]
min_free = "1MiB"

[[child]]
id = "demo"
adapter = "command"

  [child.command]
  install = ["$PWD/examples/command/flash.sh", "$device", "{image}", "{version}"]
  read_version = ["$PWD/examples/command/read-version.sh", "$device"]
  rollback = ["$PWD/examples/command/rollback.sh", "$device"]
  repeatable = true
END

connector() { java -XX:+UseSerialGC -jar target/tedge-child-connector.jar "$@"; }

: >"$scratch/daemon.log"
# Not the function: $! has to be the daemon itself.
env -u JOURNAL_STREAM java -XX:+UseSerialGC -Xmx32m -jar target/tedge-child-connector.jar \
  run --config "$scratch/connector.toml" >"$scratch/daemon.log" 2>&1 &
daemon=$!
wait_for grep -q "Serving 1 child" "$scratch/daemon.log" || fail "the connector does not serve"

head -c 3000000 /dev/urandom >"$scratch/firmware.bin"
request() {
  connector request demo "$scratch/firmware.bin" --config "$scratch/connector.toml" \
    --name DemoOS --timeout 1m "$@" | tee "$scratch/request.log"
}

echo
echo "== A good request: the image of DemoOS 2.0"
request --version 2.0 || fail "the update failed"
grep -q executing "$scratch/request.log" || fail "executing was not reported"
grep -q successful "$scratch/request.log" || fail "successful was not reported"
version=$(examples/command/read-version.sh "$device")
echo "The device runs $version"
[ "$version" = 2.0 ] || fail "the device does not run 2.0"

echo
echo "== A request whose digest is not that of the image: DemoOS 3.0"
code=0
request --version 3.0 --sha256 "$(printf '0%.0s' $(seq 64))" || code=$?
[ $code = 70 ] || fail "request ended with $code, not with 70"
grep -q "failed.*digest-mismatch" "$scratch/request.log" || fail "digest-mismatch was not reported"
version=$(examples/command/read-version.sh "$device")
echo "The device still runs $version"
[ "$version" = 2.0 ] || fail "the device does not run 2.0 any more"

echo
echo "== What the connector remembers"
connector status --all --config "$scratch/connector.toml"

echo
echo "== All as expected"
