# shellcheck shell=bash
# check WHAT COMMAND...: one line, whether the command succeeds, with what it said if it does not.
check() {
  local what=$1 said
  shift
  if said=$("$@" 2>&1); then
    echo "ok $what"
  else
    echo "NOT OK $what: $* said: $said"
  fi
}
not() { ! "$@"; }
# within SECONDS COMMAND...: succeeds as soon as the command does
within() {
  local tries=$(($1 * 10))
  shift
  until "$@"; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || return 1
    sleep 0.1
  done
}
mode() { [ "$(stat -c '%a %U %G' "$1")" = "$2" ] || stat -c '%a %U %G' "$1" | not cat; }
