#!/usr/bin/env bash
# Updates one simulated device of each family by a request of thin-edge, on a fresh Debian 12 with
# nothing but apt: a broker of its own, the daemon built from this checkout, devices that keep what
# they run in files. Ends what it started and removes what it wrote; exits with 0 if every device
# really runs the new version.
#
#   run.sh [--keep]     with --keep all goes on running afterwards, until Ctrl-C
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin

keep=
case ${1:-} in
  '') ;;
  --keep) keep=yes ;;
  *) echo "Usage: $0 [--keep]" >&2 && exit 64 ;;
esac

# shellcheck source=.ci/tools.sh
. .ci/tools.sh
tools mosquitto:mosquitto

echo "== Building"
mvn -B -ntp -q -Dstyle.color=never -DskipTests package

scratch=$(mktemp -d)
devices=$scratch/devices
mkdir "$devices"
started=()
cleanup() {
  for pid in "${started[@]}"; do
    kill "$pid" 2>/dev/null || continue
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

fail() {
  echo "== NOT AS EXPECTED: $1" >&2
  tail -n 40 "$scratch"/*.log >&2
  exit 1
}

port_is_taken() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Sets $port to one that is free and not given out before.
port=$((20000 + RANDOM % 10000))
choose_port() {
  port=$((port + 1))
  while port_is_taken $port; do port=$((port + 1)); done
}

# Waits at most 90 seconds for a command to succeed.
wait_for() {
  local tries=900
  until "$@"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 0.1
  done
}

# A device that is a process: device NAME CLASS [OPTION VALUE]... CLASS --help names the options.
classes="target/test-classes:target/classes:target/lib/*"
adapters=io.github.childconnector.adapter
device() {
  local name=$1 class=$adapters.$2
  shift 2
  : >"$scratch/$name.log"
  java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx32m -cp "$classes" "$class" \
    --directory "$devices/$name" "$@" >>"$scratch/$name.log" 2>&1 &
  started+=($!)
  wait_for grep -q 'start#1' "$scratch/$name.log" || fail "the device of $name did not start"
}
image() { java -Xshare:auto -cp "$classes" "$adapters.$1" --image "$2" --version "$3"; }

# What a device with two slots runs.
running() { echo "$devices/$1/$(cat "$devices/$1/boot")"; }

# An image that begins with its version, for devices that are files.
plain_image() { { echo "$2" && head -c 300000 /dev/urandom; } >"$1"; }

# One family is four functions, and its name in this list:
#   NAME_device              starts a device that runs the old version
#   NAME_child               prints its [[child]], with the id NAME
#   NAME_image FILE VERSION  writes an image of that version
#   NAME_running             prints the file that the device runs
families=(command file module httpupload sming fuota drogue)
version() { if [ "$1" = sming ]; then echo 4.3.$((5 + $2)); else echo "$((1 + $2)).0.0"; fi; }

command_device() { mkdir "$devices/command"; }
command_child() {
  cat <<END
[[child]]
id = "command"
adapter = "command"

  [child.command]
  install = ["$PWD/examples/command/flash.sh", "$devices/command", "{image}", "{version}"]
  read_version = ["$PWD/examples/command/read-version.sh", "$devices/command"]
  rollback = ["$PWD/examples/command/rollback.sh", "$devices/command"]
  repeatable = true
END
}
command_image() { plain_image "$@"; }
command_running() { echo "$devices/command/slot-$(cat "$devices/command/active")/image"; }

# Boots from a file, as by TFTP, when "after" lets it.
file_device() {
  mkdir -p "$devices/file/tftp"
  plain_image "$devices/file/tftp/plc.bin" "$(version file 0)"
  cp "$devices/file/tftp/plc.bin" "$devices/file/running"
}
file_child() {
  cat <<END
[[child]]
id = "file"
adapter = "file"

  [child.file]
  path = "$devices/file/tftp/plc.bin"
  after = ["/bin/cp", "{image}", "$devices/file/running"]
  read_version = ["/usr/bin/head", "-n", "1", "$devices/file/running"]
END
}
file_image() { plain_image "$@"; }
file_running() { echo "$devices/file/running"; }

module_device() { mkdir "$devices/module"; }
module_child() {
  cat <<END
[[child]]
id = "module"
adapter = "module"

  [child.module]
  program = "$PWD/examples/module/module.sh"
  directory = "$scratch/modules"
  read_version = ["$PWD/examples/module/read-version.sh", "$devices/module"]

  [child.module.environment]
  DEVICE = "$devices/module"
END
}
module_image() { plain_image "$@"; }
module_running() { echo "$devices/module/firmware"; }

httpupload_device() {
  choose_port
  board=$port
  device httpupload httpupload.FakeEsp8266 --port "$board" --version "$(version httpupload 0)"
}
httpupload_child() {
  cat <<END
[[child]]
id = "httpupload"
adapter = "httpupload"

  [child.httpupload]
  url = "http://127.0.0.1:$board/update"
  field = "firmware"
  success_pattern = "Update Success"
  failure_pattern = "Update error"
  version_url = "http://127.0.0.1:$board/version"
  repeatable = true
END
}
httpupload_image() { image httpupload.FakeEsp8266 "$@"; }
httpupload_running() { running httpupload; }

sming_device() {
  device sming sming.FakeSmingDevice --port "$broker" --app weather \
    --version-topic weather/state --version "$(version sming 0)"
}
sming_child() {
  cat <<END
[[child]]
id = "sming"
adapter = "sming"

  [child.sming]
  port = $broker
  app = "weather"
  version_topic = "weather/state"
  version_pointer = "/fw"
END
}
sming_image() { image sming.FakeSmingDevice "$@"; }
sming_running() { running sming; }

# Polls twice a second instead of every 40 seconds.
fuota_device() {
  choose_port
  poll=$port
  echo swordfish >"$scratch/fuota.password"
  device fuota fuota.FakeEsp32 --server "127.0.0.1:$poll" --period 500 \
    --certificate "$scratch/fuota/127.0.0.1.pem" --password-file "$scratch/fuota.password" \
    --version "$(version fuota 0)"
}
fuota_child() {
  cat <<END
[[child]]
id = "fuota"
adapter = "fuota"

  [child.fuota]
  listen = "127.0.0.1:$poll"
  server_name = "127.0.0.1"
  directory = "$scratch/fuota"
  device_id = "00001"
  username = "00001"
  password_file = "$scratch/fuota.password"
END
}
fuota_image() { image fuota.FakeEsp32 "$@"; }
fuota_running() { running fuota; }

# Boots what lies in its partition ACTIVE, which is larger than an image.
drogue_device() {
  : >"$scratch/drogue.log"
  java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx32m -cp "$classes" \
    "$adapters.drogue.device.DeviceMain" "$devices/drogue" --mtu=1024 --pages=256 \
    mqtt "$broker" meter >>"$scratch/drogue.log" 2>&1 &
  started+=($!)
  wait_for grep -q 'boot#1' "$scratch/drogue.log" || fail "the device of drogue did not start"
}
drogue_child() {
  cat <<END
[[child]]
id = "drogue"
adapter = "drogue"

  [child.drogue]
  transport = "mqtt"
  port = $broker
  device = "meter"
  directory = "$scratch/drogue"
END
}
drogue_image() {
  java -cp "$classes" "$adapters.drogue.device.DeviceMain" image "$1" "$2" 30000
}
drogue_running() {
  head -c 30000 "$devices/drogue/ACTIVE" >"$scratch/drogue.running"
  echo "$scratch/drogue.running"
}

choose_port
broker=$port
echo "== Starting mosquitto on port $broker, ${#families[@]} devices and the connector"
cat >"$scratch/mosquitto.conf" <<END
listener $broker 127.0.0.1
allow_anonymous true
user $(id -un)
END
mosquitto -c "$scratch/mosquitto.conf" >"$scratch/mosquitto.log" 2>&1 &
started+=($!)
wait_for port_is_taken "$broker" || fail "mosquitto did not start"

: >"$scratch/tedge.toml"
cat >"$scratch/connector.toml" <<END
[mqtt]
host = "127.0.0.1"
port = $broker

[thin_edge]
config_dir = "$scratch"

[storage]
directory = "$scratch/state"

[download]
min_free = "1MiB"

END
for family in "${families[@]}"; do
  "${family}_device"
  "${family}_child" >>"$scratch/connector.toml"
done

: >"$scratch/connector.log"
# Not a function: $! has to be the daemon itself.
env -u JOURNAL_STREAM java -XX:+UseSerialGC -Xmx48m -jar target/tedge-child-connector.jar \
  run --config "$scratch/connector.toml" >"$scratch/connector.log" 2>&1 &
started+=($!)
wait_for grep -q "Serving ${#families[@]} children" "$scratch/connector.log" ||
  fail "the connector does not serve"

for family in "${families[@]}"; do
  "${family}_image" "$scratch/$family-1.bin" "$(version "$family" 1)"
  [ -z "$keep" ] || "${family}_image" "$scratch/$family-2.bin" "$(version "$family" 2)"
done

# What thin-edge sends, with the image on a file server, and what is answered.
request() {
  java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar target/tedge-child-connector.jar \
    request "$1" "$scratch/$1-$2.bin" --name Firmware --version "$(version "$1" "$2")" \
    --config "$scratch/connector.toml" --timeout 2m 2>&1 |
    while IFS= read -r line; do printf '%-10s  %s\n' "$1" "$line"; done
}

echo
echo "== A firmware_update request for each"
declare -A asking
for family in "${families[@]}"; do
  request "$family" 1 &
  asking[$family]=$!
done
failed=()
for family in "${families[@]}"; do
  wait "${asking[$family]}" || failed+=("$family")
done

echo
echo "== What the devices run"
for family in "${families[@]}"; do
  if cmp -s "$scratch/$family-1.bin" "$("${family}_running")"; then
    printf '%-10s  %s, the image that was sent\n' "$family" "$(version "$family" 1)"
  else
    printf '%-10s  NOT the image that was sent\n' "$family"
    failed+=("$family")
  fi
done
[ ${#failed[@]} = 0 ] || fail "${failed[*]}"

if [ -n "$keep" ]; then
  echo
  echo "== All as expected, and running until Ctrl-C. The devices keep what they run in"
  echo "   $devices; the logs are in $scratch/*.log. The next update of one, here of fuota:"
  echo
  echo "   java -jar target/tedge-child-connector.jar request fuota $scratch/fuota-2.bin \\"
  echo "     --name Firmware --version $(version fuota 2) --config $scratch/connector.toml"
  wait
fi
echo
echo "== All as expected"
