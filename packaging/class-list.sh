#!/usr/bin/env bash
# Writes classes-VERSION.list for each Java below /usr/lib/jvm, or the one in the path if there is
# none: the classes that the daemon loads until it serves. From them the package makes its class-data
# archive on each gateway; a Java takes the list of the newest version that is not newer than it is,
# and ignores names that it does not know. Needs mosquitto.
#
#   packaging/class-list.sh JAR DIRECTORY    JAR as it is packed, with its libraries in lib/ beside it
set -euo pipefail
PATH=$PATH:/usr/sbin
jar=$1 directory=$2

scratch=$(mktemp -d)
broker='' daemon=''
clean_up() {
  for pid in $daemon $broker; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$scratch"
}
trap clean_up EXIT

port=$((20000 + RANDOM % 10000))
printf 'listener %d 127.0.0.1\nallow_anonymous true\nuser %s\n' $port "$(id -un)" >"$scratch/mosquitto.conf"
mosquitto -c "$scratch/mosquitto.conf" 2>"$scratch/mosquitto.log" &
broker=$!
: >"$scratch/tedge.toml"
# configure CLIENT_ID
configure() {
  cat >"$scratch/connector.toml" <<END
[mqtt]
port = $port
client_id = "$1"
[thin_edge]
config_dir = "$scratch"
[storage]
directory = "$scratch/state"
[[child]]
id = "plc"
adapter = "command"
[child.command]
install = ["/bin/true"]
read_version = ["/bin/echo", "1"]
END
}

# record HOME VERSION
record() {
  # Each as one that the broker does not know yet.
  rm -rf "$scratch/state"
  configure "java-$2"
  # Lines for the journal, as the service writes them.
  JOURNAL_STREAM=0:0 "$1/bin/java" -XX:+UseSerialGC -XX:DumpLoadedClassList="$scratch/list" \
    -jar "$jar" run --config "$scratch/connector.toml" 2>"$scratch/log" &
  daemon=$!
  for _ in $(seq 900); do
    ! grep -q "Serving 1 child" "$scratch/log" || break
    sleep 0.1
  done
  grep -q "Serving 1 child" "$scratch/log" || {
    cat "$scratch/mosquitto.log" "$scratch/log" >&2
    exit 1
  }
  kill $daemon
  wait $daemon || true
  daemon=
  # Generated names differ from run to run, and so does the order; what has a source, or is of @cp,
  # is not as it lies on the class path.
  grep -vE '^#|^@cp|0x| source: ' "$scratch/list" | sed 's/ id: .*//' |
    LC_ALL=C sort -u >"$directory/classes-$2.list"
}

declare -A homes=()
for home in /usr/lib/jvm/* "$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")"; do
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null || true)
  [ "${version:-0}" -lt 17 ] || [ ! -x "$home/bin/java" ] || homes[$version]=$home
done
for version in "${!homes[@]}"; do record "${homes[$version]}" "$version"; done
