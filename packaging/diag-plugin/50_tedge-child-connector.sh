#!/bin/sh
# Collects what is needed to find out why tedge-child-connector does not do its work, for
# "tedge diag collect", which calls:
#
#   50_tedge-child-connector.sh collect --output-dir DIR --config-dir DIR
#
# Exits with 0 when it is done, with 2 where the connector is not installed, and with 1 when it was
# called wrongly. A part that fails says so on standard error and does not stop the others.
#
# No secret of the configuration is written: of connector.toml and conf.d only the settings are
# shown that are known to hold none, and of commands only the program, options, paths and
# placeholders. Files with passwords and keys are not read. What the programs of an adapter printed
# is in journal.log and status.json as it is.
set -u
umask 027
LC_ALL=C
export LC_ALL

service=tedge-child-connector
# Tests set a directory that stands for /.
root=${CONNECTOR_DIAG_ROOT:-}
etc=$root/etc/tedge-child-connector
largest=262144
limit=7

misuse() {
  echo "$1" >&2
  echo "Usage: $0 collect --output-dir DIR [--config-dir DIR]" >&2
  exit 1
}

command=''
output=''
while [ $# -gt 0 ]; do
  case $1 in
    collect) command=$1 ;;
    --output-dir | --config-dir)
      [ $# -ge 2 ] || misuse "$1 needs a directory"
      [ "$1" = --config-dir ] || output=$2
      shift
      ;;
    *) misuse "Unknown argument: $1" ;;
  esac
  shift
done
[ "$command" = collect ] || misuse 'No command: collect is the only one'

if ! command -v "$service" >/dev/null 2>&1; then
  echo "$service is not installed" >&2
  exit 2
fi
[ -n "$output" ] || misuse '--output-dir is missing'
if [ ! -d "$output" ] || [ ! -w "$output" ]; then
  misuse "Not a directory that can be written to: $output"
fi
case $output in
  /*) ;;
  *) output=$PWD/$output ;;
esac

# Runs a command that might hang, and says when it fails.
run() {
  if command -v timeout >/dev/null 2>&1; then
    timeout -k 1 "$limit" "$@" </dev/null
  else
    "$@" </dev/null
  fi
  code=$?
  [ $code -eq 0 ] || echo "'$*' ended with $code" >&2
  return $code
}

# Copies TOML and leaves out every value that is not known to be harmless, and every comment but
# those by which check-config says where a value was set. Stops at what is no TOML: from there on
# nobody can tell a secret from the rest. Lines keep their numbers.
redact() {
  awk '
    # Nothing is written before the setting it belongs to was read to its end.
    function put(text) { pending = pending text }

    function next_char() { return substr(toml, at, 1) }

    # Takes the characters that match, one after the other.
    function take(pattern,    start) {
      start = at
      while (at <= size && substr(toml, at, 1) ~ pattern) at++
      return substr(toml, start, at - start)
    }

    function blanks() { put(take("[ \t\r]")) }

    function comment(    text) {
      text = take("[^\n]")
      sub(/\r$/, "", text)
      put(text ~ /^# ([A-Za-z0-9._\/-]+\.toml:[0-9]+|TEDGE_[A-Z_]+)$/ ? text : "#")
    }

    function gaps(    c) {
      while (at <= size) {
        c = next_char()
        if (c == "#") comment()
        else if (c ~ /[ \t\r\n]/) put(take("[ \t\r\n]"))
        else return
      }
    }

    # Reads a string to its end into content; is_long where it may have several lines.
    function string(    quote) {
      quote = next_char()
      is_long = substr(toml, at, 3) == quote quote quote
      content = ""
      at += is_long ? 3 : 1
      while (at <= size) {
        if (is_long ? substr(toml, at, 3) == quote quote quote : next_char() == quote) {
          at += is_long ? 3 : 1
          if (is_long) while (next_char() == quote) at++
          return
        }
        if (!is_long && next_char() == "\n") break
        if (quote == "\"" && next_char() == "\\") { content = content next_char(); at++ }
        content = content next_char()
        at++
      }
      bad = 1
    }

    # Reads one part of a key; what is no plain name is called ?, which no harmless key is.
    function name() {
      if (next_char() ~ /["\047]/) {
        string()
        if (!is_long && content ~ /^[A-Za-z0-9_-]+$/) { put("\"" content "\""); return content }
        put("\"********\"")
        return "?"
      }
      content = take("[A-Za-z0-9_-]")
      if (content == "") bad = 1
      put(content)
      return content
    }

    function key(    path) {
      path = name()
      blanks()
      while (!bad && next_char() == ".") {
        put("."); at++
        blanks()
        path = path "." name()
        blanks()
      }
      return path
    }

    function argument(text, place,    rest) {
      if (place == 1) return text ~ /^[A-Za-z0-9_.\/+-]+$/ ? text : hidden
      if (text ~ /^\/[A-Za-z0-9_.\/+-]*$/) return text
      rest = text
      gsub(/[{](image|name|version|sha256|child|operation)[}]/, "", rest)
      if (rest ~ /^(-[A-Za-z0-9]|--[A-Za-z0-9][A-Za-z0-9_-]*=?)?$/) return text
      if (rest != text && rest ~ /^[.,:_\/-]*$/) return text
      if (match(text, /^--[A-Za-z0-9][A-Za-z0-9_-]*=/)) return substr(text, 1, RLENGTH) hidden
      return hidden
    }

    function shown(text, path, place) {
      if (text == "") return text
      if (kinds[path] == "plain") return text ~ /@|:\/\// ? hidden : text
      if (kinds[path] == "path") return text ~ /^\// ? text : hidden
      if (kinds[path] == "address") return text ~ /^https?:\/\/[A-Za-z0-9.:-]+(\/[A-Za-z0-9._\/-]*)?$/ ? text : hidden
      if (kinds[path] == "command") return argument(text, place)
      return hidden
    }

    function value(path, place,    c, quote, start, text) {
      c = next_char()
      if (c == "[") array(path)
      else if (c == "{") table(path)
      else if (c ~ /["\047]/) {
        start = at
        string()
        if (bad) return
        quote = is_long ? "\"" : c
        put(quote (is_long ? hidden : shown(content, path, place)) quote)
        text = substr(toml, start, at - start)
        gsub(/[^\n]/, "", text)
        put(text)
      } else {
        text = take("[A-Za-z0-9_+.:-]")
        if (text !~ /^(true|false|[+-]?([0-9].*|inf|nan))$/) bad = 1
        else put(kinds[path] == "plain" && text ~ /^(true|false|[0-9][0-9_]*)$/ ? text : "\"" hidden "\"")
      }
    }

    function array(path,    place) {
      put("["); at++
      for (place = 1; !bad; place++) {
        gaps()
        if (next_char() != "]") value(path, place)
        if (bad || closed("]")) return
      }
    }

    function table(path) {
      put("{"); at++
      while (!bad) {
        gaps()
        if (next_char() != "}") setting(path)
        if (bad || closed("}")) return
      }
    }

    # After an item: takes the comma or the end, and tells whether it was the end.
    function closed(end,    c) {
      gaps()
      c = next_char()
      if (c != "," && c != end) { bad = 1; return 0 }
      put(c); at++
      return c == end
    }

    function setting(path,    inner) {
      inner = key()
      if (bad || next_char() != "=") { bad = 1; return }
      put("="); at++
      blanks()
      value(path == "" ? inner : path "." inner, 0)
    }

    function header(    brackets) {
      brackets = take("[[]")
      put(brackets)
      blanks()
      section = key()
      if (bad || length(brackets) > 2 || substr(toml, at, length(brackets)) !~ /^\]+$/) { bad = 1; return }
      put(take("[]]"))
    }

    BEGIN {
      hidden = "********"
      harmless("plain", "mqtt", "host port client_id")
      harmless("path", "mqtt", "password_file ca_file cert_file key_file")
      harmless("path", "thin_edge", "config_dir")
      harmless("plain", "thin_edge", "update_timeout heartbeat")
      harmless("path", "storage", "directory")
      harmless("plain", "storage", "history")
      harmless("plain", "download", "max_size min_free attempts stall_timeout deadline allowed_hosts gateway_host")
      harmless("path", "download", "ca_file cert_file key_file")
      harmless("plain", "updates", "parallel_downloads parallel_installs busy_retry busy_timeout confirm_interval")
      harmless("plain", "updates", "shutdown_grace")
      harmless("plain", "child", "id external_id adapter bus install_timeout confirm_timeout version_timeout")
      harmless("command", "child.command", "install read_version rollback")
      harmless("path", "child.command", "working_directory")
      harmless("plain", "child.command", "repeatable stop_grace")
      harmless("command", "child.file", "after read_version")
      harmless("path", "child.file", "path mount_point working_directory")
      harmless("plain", "child.file", "keep_previous stop_grace")
      harmless("plain", "child.drogue", "transport device application group host port client_id listen")
      harmless("plain", "child.drogue", "baud address frame_gap")
      harmless("plain", "child.drogue", "max_block alignment padding max_version capacity attempts poll_timeout")
      harmless("path", "child.drogue", "directory password_file ca_file cert_file key_file")
      harmless("plain", "child.fuota", "listen server_name device_id username slot_size check_image poll_timeout management management_username")
      harmless("path", "child.fuota", "password_file certificate_file key_file directory management_password_file")
      harmless("plain", "child.sming", "host port client_id app channel listens_to wire_patch minor_change")
      harmless("plain", "child.sming", "version_topic version_pointer version_pattern retained retain_for")
      harmless("plain", "child.sming", "device_client_id restart_timeout")
      harmless("plain", "child.sming", "max_size slot_size check_magic format encrypt address")
      harmless("path", "child.sming", "password_file ca_file cert_file key_file ota_key_file")
      harmless("path", "child.module", "program directory")
      harmless("plain", "child.module", "payload_type device_type file_name stop_grace")
      harmless("command", "child.module", "read_version")
      harmless("address", "child.httpupload", "url prepare_url version_url")
      harmless("plain", "child.httpupload", "method form field file_name auth certificate_sha256")
      harmless("plain", "child.httpupload", "success_status success_pattern failure_pattern answer busy_status")
      harmless("plain", "child.httpupload", "version_pattern connect_timeout stall_timeout answer_timeout repeatable")
      harmless("path", "child.httpupload", "password_file token_file ca_file version_pointer")
    }

    function harmless(kind, section, names,    all, n) {
      n = split(names, all, " ")
      while (n > 0) kinds[section "." all[n--]] = kind
    }

    { toml = toml $0 "\n" }

    END {
      size = length(toml)
      at = 1
      while (!bad) {
        gaps()
        if (at > size) break
        if (next_char() == "[") header()
        else setting(section)
        blanks()
        if (next_char() == "#") comment()
        if (at <= size && next_char() != "\n") bad = 1
        if (!bad) { printf "%s", pending; pending = "" }
      }
      if (!bad) printf "%s", pending
      else {
        before = substr(toml, 1, at - 1)
        line = gsub(/\n/, "", before) + 1
        print "\n# Line " line " or what is before it is no TOML: nothing is shown from there on."
      }
    }'
}

# The problems that check-config names, without the values it quotes.
redact_problems() {
  awk '{
    gsub(/"([^"\\]|\\.)*"/, "********")
    sub(/Unexpected .*, expected/, "Unexpected ********, expected")
    sub(/, not .*/, ", not ********")
    print
  }'
}

copy() {
  if [ ! -r "$1" ]; then
    echo "$1 cannot be read" >&2
  elif [ "$(wc -c <"$1")" -gt "$largest" ]; then
    echo "$1 is left out, because it is larger than $largest bytes" >&2
  else
    redact <"$1" >"$2"
  fi
}

# By the Java that the service runs with.
versions() {
  run env JAVA_OPTS=-showversion "$service" --version 2>&1
  uname -srm
  sed -n 's/^PRETTY_NAME=//p' /etc/os-release
}

configuration() {
  mkdir -p "$output/etc/conf.d"
  copy "$etc/connector.toml" "$output/etc/connector.toml"
  for file in "$etc"/conf.d/*.toml; do
    [ ! -f "$file" ] || copy "$file" "$output/etc/conf.d/${file##*/}"
  done
  ls -lAqR "$etc" >"$output/etc/files.txt"
}

# What counts in the end, and what became of the updates; or what is wrong with the configuration,
# which either command says on standard error.
answers() {
  {
    run "$service" check-config --config "$etc/connector.toml" 2>&3 | redact >"$output/effective.toml"
    run "$service" status --all --json --config "$etc/connector.toml" 2>&3 >"$output/status.json"
  } 3>&1 | redact_problems >"$output/problems.txt"
}

# Which variables the service is given; values only where they cannot be secret.
surroundings() {
  [ -f "$root/etc/default/$service" ] || return 0
  sed -nE \
    -e '/^(export )?(TEDGE_CHILD_CONNECTOR_LOG|TEDGE_CONFIG_DIR|JAVA_HOME|LC_ALL)=[A-Za-z0-9/._-]*$/{p;d;}' \
    -e '/^(export )?JAVA_OPTS="?(-X[A-Za-z0-9:+=._-]+ *)*"?$/{p;d;}' \
    -e 's/^((export )?[A-Za-z_][A-Za-z0-9_]*=).*/\1********/p' \
    "$root/etc/default/$service"
}

# The arguments of running programs may be secret.
service_status() {
  run systemctl status --no-pager --full --lines=0 "$service" | awk '
    /^ *CGroup:/ { tree = 1; print; next }
    tree && match($0, /[0-9]+ [^ ]+/) { print substr($0, 1, RSTART + RLENGTH - 1); next }
    { print }'
}

service_properties() {
  run systemctl show --no-pager "$service" |
    sed -E 's/^(Environment|SetCredential|SetCredentialEncrypted)=.+/\1=********/'
}

state() {
  state=$(sed -n 's/^directory = "\(.*\)".*/\1/p' "$output/effective.toml" | head -n 1)
  state=$root${state:-/var/lib/tedge-child-connector}
  run df -P "$state" /tmp >"$output/disk.txt"
  # shellcheck disable=SC2012 # for people, and -q makes every name harmless
  ls -lAqR "$state" | head -n 3000 >"$output/state.txt"
}

cd / || exit 1
versions >"$output/versions.txt"
configuration
answers
surroundings >"$output/etc/default.txt"
state
service_status >"$output/service.txt"
service_properties >"$output/service-properties.txt"
run journalctl --unit "$service" --since '7 days ago' --lines 5000 --no-pager --output short-iso |
  tail -c 1048576 >"$output/journal.log"
echo "Collected in $output; journal.log and status.json quote the programs of the adapters"
exit 0
