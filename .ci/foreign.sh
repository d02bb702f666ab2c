# shellcheck shell=bash
# Sourced by the stages that run tests, after steps.sh: what recipes and update modules speak to, as
# Debian and PyPI have it, unpacked below target/.

# Update modules as their makers wrote them; unpacked only, because their package brings a client.
mender() {
  local to=target/mender-client
  [ ! -d $to/usr ] || return 0
  mkdir -p $to
  (cd $to && apt-get download -qq mender-client)
  dpkg-deb -x $to/mender-client_*.deb $to
  rm $to/mender-client_*.deb
}

# The tools of examples/recipes, unpacked only, because some of them bring services.
recipes() {
  local to=target/recipes
  [ ! -d $to/root/usr ] || return 0
  mkdir -p $to/archives/partial $to/root
  apt-get install -y -qq --no-install-recommends --reinstall --download-only \
    -o Dir::Cache::archives="$PWD/$to/archives" avrdude cpio dfu-util dropbear-bin fwupd openocd \
    rauc squashfs-tools stm32flash swupdate
  for deb in "$to"/archives/*.deb; do dpkg-deb -x "$deb" $to/root; done
  rm -rf $to/archives
  ln -s ../../etc $to/root/usr/bin/etc
  ln -s ../etc $to/root/usr/etc
}

python_tools() {
  local to=target/recipes/python
  [ ! -d $to ] || return 0
  python3 -m pip install -q --no-warn-conflicts --disable-pip-version-check --root-user-action ignore \
    --target $to 'esptool==4.7.0' 'smpmgr==0.12.1' 'click<8.2'
}

# optional TITLE COMMAND: something whose tests are skipped where it cannot be had
optional() {
  failures=/dev/null step "$@" || echo "        skipped: the tests that need it"
}

foreign_tools() {
  optional "Unpack modules of mender-client" mender
  optional "Unpack tools of the recipes" recipes
  optional "Install esptool and smpmgr" python_tools
}
