#!/bin/bash
# Inside a machine that systemd has booted: the service as an operator meets it.
set -u
# shellcheck source=/dev/null
. /test/check.sh
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
name=tedge-child-connector
conf=/etc/$name/connector.toml
device=/var/lib/$name/device
# The state directory is where the service may write; the device pretends to be there.

property() { systemctl show -p "$1" --value $name; }
is() { [ "$(property "$1")" = "$2" ]; }
says() { property StatusText | grep -q "$1"; }
logged() { journalctl -q -u $name --no-pager | grep -q "$1"; }
version() { cat $device/version; }
runs() { [ "$(version)" = "$1" ]; }
request() { $name request --config "${config:-$conf}" plc /test/firmware --name fw --version "$1" --timeout 2m >"/test/request-$1" 2>&1; }
said() { grep -q "$2" "/test/request-$1"; }

cat >/usr/local/bin/flash <<'FLASH'
#!/bin/sh
# flash IMAGE VERSION: takes as long as the file "waiting" is there
cd /var/lib/tedge-child-connector/device || exit 1
echo "$2" >>installs
while [ -e waiting ]; do sleep 0.1; done
echo "$2" >version
FLASH
chmod 755 /usr/local/bin/flash
head -c 200000 /dev/urandom >/test/firmware

within 60 systemctl is-active --quiet mosquitto
check "it installs" dpkg -i /packages/old.deb
check "the service has started" within 60 systemctl is-active --quiet $name
check "it says that nothing is configured" within 60 says "Serving 0 children"
check "its user is its own" test "$(stat -c %U "/proc/$(property MainPID)")" = $name

mkdir -p $device
echo 1 >$device/version
chown -R $name: $device
cat >>$conf <<'TOML'
[[child]]
id = "plc"
adapter = "command"
[child.command]
install = ["/usr/local/bin/flash", "{image}", "{version}"]
read_version = ["/bin/cat", "/var/lib/tedge-child-connector/device/version"]
TOML
pid=$(property MainPID)
check "it reloads" systemctl reload $name
check "it serves the new child" within 60 says "Serving 1 child"
check "a reload is no restart" is MainPID "$pid"
check "an update succeeds" request 2
check "the device runs it" runs 2

cp $conf /test/good.toml
echo 'colour = "red"' >>$conf
check "a broken configuration is refused by reload" not systemctl reload $name
check "the log says where it is broken" within 60 logged 'connector.toml:[0-9]*: .*colour'
check "the service goes on" systemctl is-active --quiet $name
config=/test/good.toml check "with what it had" request 3
check "at the same process" is MainPID "$pid"
check "a start with it fails for good" not systemctl restart $name
check "which is not tried again" within 60 is ActiveState failed
check "as a wrong configuration" is ExecMainStatus 78
cp /test/good.toml $conf
systemctl reset-failed $name
check "mended, it starts" systemctl start $name

mkdir -p /etc/systemd/system/$name.service.d
printf '[Service]\nWatchdogSec=10\nRestartSec=1\n' >/etc/systemd/system/$name.service.d/test.conf
systemctl daemon-reload
systemctl restart $name
check "it has a short watchdog" within 60 says "Serving 1 child"
touch $device/waiting
request 4 &
check "a long installation begins" within 60 grep -q 4 $device/installs
sleep 25
check "which the watchdog does not mind" is NRestarts 0
rm $device/waiting
wait
check "and which succeeds" said 4 successful
kill -STOP "$(property MainPID)"
check "a stuck process is killed by the watchdog" within 90 is NRestarts 1
check "and serves again" within 90 says "Serving 1 child"
check "it updates after that" request 5
rm -r /etc/systemd/system/$name.service.d
systemctl daemon-reload

systemctl restart $name
touch $device/waiting
request 6 &
check "an installation is under way" within 60 grep -q 6 $device/installs
systemctl stop --no-block $name
check "a stop waits for it" within 60 says "waits at most 2m for 1 of its devices"
check "being asked for more time" is ActiveState deactivating
rm $device/waiting
check "it stops when the device is written" within 60 is ActiveState inactive
check "in order" is Result success
check "the device has the firmware" runs 6
systemctl start $name
wait
check "the update ends truthfully after the start" said 6 successful
check "it was installed once" sh -c "[ \$(grep -c 6 $device/installs) = 1 ]"

touch $device/waiting
request 7 &
within 60 grep -q 7 $device/installs
(
  within 90 says "waits at most" && rm $device/waiting
) &
check "an upgrade in the middle of an installation" sh -c "dpkg --force-confold -i /packages/new.deb </dev/null"
check "the new version serves" within 60 says "Serving 1 child"
wait
check "that update ends truthfully" said 7 successful
check "installed once" sh -c "[ \$(grep -c 7 $device/installs) = 1 ]"
check "the connector is the new one" sh -c "dpkg-query -W -f='\${Version}' $name | grep -qv 0.0.1"

# As dpkg does: another file of the same name. What starts programs changes with it.
java=$(readlink -f "$(/usr/share/$name/find-java)")
upgrade_java() {
  local file
  for file in lib/modules lib/jspawnhelper; do
    cp -a "$java/$file" "$java/$file.dpkg-new"
    [ $file = lib/modules ] || printf '#!/bin/sh\nexit 1\n' >"$java/$file.dpkg-new"
    mv "$java/$file.dpkg-new" "$java/$file"
  done
}
cp -a "$java/lib/jspawnhelper" /test/jspawnhelper
pid=$(property MainPID)
touch $device/waiting
request 8 &
check "an installation is under way while Java is upgraded" within 60 grep -q 8 $device/installs
upgrade_java
check "the service notices" within 100 logged "Java was replaced by another version .*once 1 of the devices"
check "and goes on" is MainPID "$pid"
rm $device/waiting
wait
check "that update succeeds" said 8 successful
check "installed once, under the new Java" sh -c "[ \$(grep -c 8 $device/installs) = 1 ]"
check "then the service restarts" within 60 not is MainPID "$pid"
check "because it wants to" within 30 logged "starting anew"
check "and serves" within 60 says "Serving 1 child"
cp -a /test/jspawnhelper "$java/lib/jspawnhelper"

check "starts are not limited" is StartLimitIntervalUSec 0
mount --bind /var/lib/$name /var/lib/$name
mount -o remount,bind,ro /var/lib/$name
systemctl kill -s KILL $name
check "without a disk to write to it is started again and again" within 120 sh -c "[ \$(systemctl show -p NRestarts --value $name) -ge 2 ]"
umount -l /var/lib/$name
check "until there is one" within 60 says "Serving 1 child"

# A device of the machine that the service does not see, and a file it may not write.
cat >/usr/local/bin/hidden <<'HIDDEN'
#!/bin/sh
: >"$(cat /var/lib/tedge-child-connector/device/hidden)"
HIDDEN
chmod 755 /usr/local/bin/hidden
cat >/etc/$name/conf.d/hidden.toml <<'TOML'
[[child]]
id = "hidden"
adapter = "command"
[child.command]
install = ["/usr/local/bin/hidden"]
TOML
systemctl reload $name
for case in /dev/ttyS1:serial-ports.conf /usr/local/bin/log:ReadWritePaths= /home/plc/log:other-user.conf; do
  echo "${case%%:*}" >$device/hidden
  $name request --config $conf hidden /test/firmware --name fw --version 1 --timeout 2m >/test/said 2>&1
  check "what the sandbox keeps is named: ${case##*:}" grep -q "${case##*:}" /test/said
done
rm /etc/$name/conf.d/hidden.toml
systemctl reload $name

# The same program as root sees it, and as the service does.
cat >/usr/local/bin/outside <<'OUTSIDE'
#!/bin/sh
cp "$1" /usr/local/share/flashed && echo "$2" >/usr/local/share/version
OUTSIDE
printf '#!/bin/sh\ncat /usr/local/share/version\n' >/usr/local/bin/version
chmod 755 /usr/local/bin/outside /usr/local/bin/version
cp /test/firmware /usr/local/share/firmware
echo 1 >/usr/local/share/version
try() { $name adapter-test "$@" --image /usr/local/share/firmware --version 2 --only install --read-version /usr/local/bin/version -- /usr/local/bin/outside '{image}' '{version}' >/test/tried 2>&1; }
check "adapter-test finds nothing where root may write" try
check "but in the service's sandbox it does" not try --as-service
check "and names what to allow" grep -q "ReadWritePaths=" /test/tried
mkdir -p /etc/systemd/system/$name.service.d
printf '[Service]\nReadWritePaths=/usr/local/share\n' >/etc/systemd/system/$name.service.d/test.conf
chown $name /usr/local/share /usr/local/share/*
systemctl daemon-reload
check "which a drop-in mends" try --as-service
rm -r /etc/systemd/system/$name.service.d
systemctl daemon-reload
sed 's/^/    /' /test/tried

systemctl stop mosquitto
check "without a broker it says so" within 60 says "Waiting for the broker"
systemctl start mosquitto
check "and comes back" within 70 says "Serving 1 child"

check "it is exposed no more than 2.0" sh -c "systemd-analyze security --no-pager $name | tail -n 1 | awk '{ for (i = 1; i <= NF; i++) if (\$i ~ /^[0-9.]+\$/) exit !(\$i <= 2.0) }'"
systemd-analyze security --no-pager $name | tail -n 1
systemctl status --no-pager -l $name | sed 's/^/    /'

if [ -e /packages/bundled.deb ]; then
  upgrade_bundled() { dpkg --force-confold -i /packages/bundled.deb </dev/null; }
  dpkg -r $name >/dev/null 2>&1
  check "the bundled variant takes its place" upgrade_bundled
  check "and serves" within 60 says "Serving 1 child"
  touch $device/waiting
  request 9 &
  within 60 grep -q 9 $device/installs
  (
    within 90 says "waits at most" && rm $device/waiting
  ) &
  check "it is upgraded, with its Java, in the middle of an installation" upgrade_bundled
  check "and serves again" within 60 says "Serving 1 child"
  wait
  check "that update ends truthfully" said 9 successful
  check "installed once" sh -c "[ \$(grep -c 9 $device/installs) = 1 ]"
  dpkg -r $name-bundled >/dev/null 2>&1
  check "the first variant comes back" sh -c "dpkg --force-confold -i /packages/new.deb </dev/null"
  dpkg --purge $name-bundled >/dev/null 2>&1
fi

check "it is removed" dpkg -r $name
check "nothing runs any more" not pgrep -u $name
check "it is purged" dpkg --purge $name
check "the unit is gone" not systemctl cat $name
check "the user is gone" not getent passwd $name
echo "the end"
