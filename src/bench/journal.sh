#!/bin/bash
# Compares the start of a daemon that remembers very many ended operations with that of one whose
# journal is empty, in the same run and with the flags of the packages' launcher: time until it is
# subscribed, and the most memory it ever had. Shows then what "status" takes, what it and the
# first start take where an earlier version has left the same operations in one directory, and
# whether a daemon holds a full queue of the largest requests and brings each to its end. Needs
# target/tedge-child-connector.jar, mosquitto with its clients, nginx and python3.
#
#   CHILDREN  default 1000     ENDED  operations of each, default 100     QUEUED  default 10000
#   RUNS      rounds, default 5, of which the median counts               DIR     default /var/tmp
#   JAVA      default java
#
# Exits with 1 where a goal is missed: 3 times the time, 1.3 times the memory of the empty journal.
set -euo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "$0")/../.." && pwd)
children=${CHILDREN:-1000} ended=${ENDED:-100} queued=${QUEUED:-10000} runs=${RUNS:-5}
jar=$root/target/tedge-child-connector.jar
work=$(mktemp -d "${DIR:-/var/tmp}/journal-bench.XXXXXX")
PATH=$PATH:/usr/sbin
daemon='' broker='' server='' listener=''
clean_up() {
  for pid in $daemon $broker $server $listener; do
    kill "$pid" 2>/dev/null || continue
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
fail() { echo "journal.sh: $*" >&2; exit 1; }
[ -f "$jar" ] || fail "$jar is missing; build it first"

# What the launcher gives Java, but for the archive of one installed package.
mapfile -t flags < <(sed -n '/^exec /,$p' "$root/packaging/tedge-child-connector" |
  grep -o -- '-X[^ ]*' | grep -v SharedArchiveFile)
connector=("${JAVA:-java}" "${flags[@]}" -jar "$jar")

port=$((20000 + RANDOM % 10000))
while (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
# What waits for a daemon that is away is as much as its queue takes.
printf 'listener %s 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n' "$port" >"$work/mosquitto.conf"
mosquitto -c "$work/mosquitto.conf" >/dev/null 2>&1 &
broker=$!

# configure NAME: a directory with a configuration for all children
configure() {
  mkdir "$work/$1"
  : >"$work/$1/tedge.toml"
  {
    printf '[mqtt]\nhost = "127.0.0.1"\nport = %s\nclient_id = "%s"\n' "$port" "$1"
    printf '[thin_edge]\nconfig_dir = "%s"\n[storage]\ndirectory = "%s/state"\n' "$work/$1" "$work/$1"
    for ((i = 1; i <= children; i++)); do
      printf '[[child]]\nid = "c%d"\nadapter = "command"\n[child.command]\ninstall = ["/bin/true"]\n' "$i"
    done
  } >"$work/$1/connector.toml"
}

# remember NAME flat|apart: the ended operations, all in one directory or as they are now
remember() {
  python3 - "$work/$1/state/operations" "$2" "$children" "$ended" <<'PYTHON'
import hashlib, os, sys
place, layout, children, ended = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
os.makedirs(place)
entry = '''{
  "schema": 1, "child": "%s", "id": "%s", "sequence": %d,
  "request": {"name": "OpenWRT", "version": "22.03.%d", "sha256": "%s",
    "url": "http://127.0.0.1:8000/te/v1/files/%s/firmware_update/%s"},
  "stage": "successful", "reported": true, "interruptions": 0,
  "history": [%s]
}'''
steps = ", ".join('{"stage": "%s", "at": "2026-11-20T15:04:05.123Z"}' % stage for stage in
                  "queued checking fetching ready installing confirming successful".split())
sequence = 0
for child in ("c%d" % i for i in range(1, children + 1)):
    digits = hashlib.sha256(child.encode()).hexdigest()[:16]
    if layout == "apart":
        os.makedirs("%s/ended/%s" % (place, digits))
    for number in range(ended):
        sequence += 1
        key = "tLrLthPXksKbqRqI%05d" % number
        name = ("ended/%s/%019d.%s.json" % (digits, sequence, key) if layout == "apart"
                else "%s.%s.json" % (key, digits))
        digest = hashlib.sha256(key.encode()).hexdigest()
        with open(place + "/" + name, "w") as file:
            file.write(entry % (child, key, sequence, number, digest, child, digest, steps))
if layout == "apart":
    with open(place + "/sequence", "w") as file:
        file.write(str(sequence))
PYTHON
}

# start NAME: starts it and waits until it serves; leaves $took (ms) and $daemon
start() {
  local from=$EPOCHREALTIME
  : >"$work/$1/log"
  TEDGE_CONFIG_DIR="$work/$1" "${connector[@]}" run --config "$work/$1/connector.toml" >"$work/$1/log" 2>&1 &
  daemon=$!
  until grep -q 'Serving' "$work/$1/log"; do
    kill -0 "$daemon" 2>/dev/null || fail "$1 does not start: $(tail -n 3 "$work/$1/log")"
    sleep 0.02
  done
  took=$(awk -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN { printf "%d", (to - from) * 1000 }')
}
peak() { awk '/^VmHWM/ { printf "%d", $2 / 1024 }' "/proc/$daemon/status"; }
stop() {
  kill "$daemon"
  wait "$daemon" || true
  daemon=''
}
median() { sort -n "$1" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

configure empty
configure full
remember full apart
for ((run = 1; run <= runs; run++)); do
  for way in empty full; do
    start $way
    echo "$took" >>"$work/$way.ms"
    peak >>"$work/$way.mib"
    echo >>"$work/$way.mib"
    stop
  done
done
empty=$(median "$work/empty.ms") full=$(median "$work/full.ms")
less=$(sed '/^$/d' "$work/empty.mib" >"$work/e" && median "$work/e")
more=$(sed '/^$/d' "$work/full.mib" >"$work/f" && median "$work/f")
echo "empty journal:                 ${empty} ms, peak ${less} MiB"
echo "$children children x $ended ended: ${full} ms, peak ${more} MiB"

# show_status NAME WHEN
show_status() {
  local option from
  for option in '' --all --json; do
    from=$EPOCHREALTIME
    # shellcheck disable=SC2086 # an option or none
    TEDGE_CONFIG_DIR="$work/$1" "${connector[@]}" status $option --config "$work/$1/connector.toml" >"$work/status" || fail "status $option ended with $?"
    echo "$2status $option: $(wc -l <"$work/status") lines in $(awk -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }') s"
  done
}
show_status full ''

configure flat
remember flat flat
show_status flat "before the first start: "
start flat
echo "first start after an earlier version: ${took} ms, peak $(peak) MiB"
stop
start flat
echo "the next one: ${took} ms, peak $(peak) MiB"
stop

# A file server that has none of the images: a request goes all the way, with its whole address, and
# comes to an end without a device. A child's next begins 1.5 s after that, whoever is asked.
http=$((port + 1))
while (: <"/dev/tcp/127.0.0.1/$http") 2>/dev/null; do http=$((http + 1)); done
cat >"$work/nginx.conf" <<CONF
daemon off; worker_processes 1; pid $work/nginx.pid; error_log $work/nginx.log;
events {}
http {
  access_log off; large_client_header_buffers 4 16k;
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
  uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:$http; return 404; }
}
CONF
nginx -p "$work" -c "$work/nginx.conf" 2>/dev/null &
server=$!

# The requests come faster than they are carried out, so nearly all wait in the daemon's own queue.
configure queue
printf '[download]\nallowed_hosts = ["127.0.0.1"]\n' >>"$work/queue/connector.toml"
start queue
mosquitto_sub -p "$port" -q 1 -t 'tedge/+/commands/res/firmware_update' -F '%t %p' >"$work/told" &
listener=$!
from=$EPOCHREALTIME
python3 - "$port" "$http" "$children" "$queued" <<'PYTHON'
import json, subprocess, sys
port, http, children, queued = sys.argv[1], *map(int, sys.argv[2:])
def padded(text, length):
    return text + "x" * (length - len(text))
for child in range(1, children + 1):
    messages = []
    for number in range((child - 1) * queued // children, child * queued // children):
        messages.append(json.dumps({
            "id": padded("q%d-" % number, 128), "name": padded("OpenWRT", 256),
            "version": padded("%d-" % number, 256), "sha256": "%064x" % number,
            "url": padded("http://127.0.0.1:%d/te/v1/files/%d/" % (http, number), 4096)}) + "\n")
    subprocess.run(["mosquitto_pub", "-p", port, "-q", "1", "-l", "-t",
                    "tedge/c%d/commands/req/firmware_update" % child],
                   input="".join(messages), text=True, check=True)
PYTHON
ends() { grep -v '"executing"' "$work/told" | cut -d'"' -f1-4 | sort -u | wc -l; }
until [ "$(ends)" -ge "$queued" ]; do
  kill -0 "$daemon" 2>/dev/null || fail "it has died: $(tail -n 3 "$work/queue/log")"
  sleep 2
done
echo "$queued requests of the largest size: $(ends) have ended at the broker in $(awk -v from="$from" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.0f", to - from }') s, peak $(peak) MiB"
[ "$(grep -c 'answered 404\|404' "$work/queue/log")" -ge "$queued" ] || fail "they have ended otherwise: $(grep -v 404 "$work/queue/log" | grep -m 3 stage=)"
stop

awk -v e="$empty" -v f="$full" -v l="$less" -v m="$more" 'BEGIN { exit !(f <= 3 * e && m <= 1.3 * l) }' ||
  fail "a goal is missed"
