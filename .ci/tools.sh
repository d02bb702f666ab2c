# shellcheck shell=bash
# Sourced by scripts that need tools: installs what is missing on Debian, as root.

# tools TOOL:PACKAGE...: a package for each tool that is missing, and for those of every build
tools() {
  local pair missing=()
  for pair in javac:openjdk-17-jdk-headless mvn:maven "$@"; do
    PATH="$PATH:/usr/sbin" command -v "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "Missing: ${missing[*]}. Install them, or run this as root." >&2
    exit 1
  fi
  echo "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
