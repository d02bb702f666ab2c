package io.github.childconnector.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxTest {
  private static final Sandbox UNIT = new Sandbox(true, true, true);
  private static final Sandbox NONE = new Sandbox(false, false, false);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cat: /dev/ttyS1: No such file or directory | serial-ports.conf",
        "cannot create /dev/ttyUSB0: Read-only file system | serial-ports.conf",
        "could not open port /dev/serial/by-id/usb-FTDI: No such file | serial-ports.conf",
        "libusb: cannot open /dev/bus/usb/001/004 | usb-dfu.conf",
        "dd: failed to open '/dev/mmcblk1': Permission denied | block-devices.conf",
        "can't cd to /home/plc/tool: Permission denied | other-user.conf",
        "mkdir: cannot create directory '/root/.cache': Permission denied | other-user.conf",
        "touch: cannot touch '/opt/plc/log': Read-only file system | ReadWritePaths=",
        "mount: Operation not permitted | examples/systemd."
      })
  void whatTheSandboxKeepsFromAProgramIsSaid(String complaint, String allowedBy) {
    assertThat(UNIT.remedy(complaint)).get().asString().contains(allowedBy);
    assertThat(NONE.remedy(complaint)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the device does not answer",
        "cat: /opt/plc/version: No such file or directory",
        "cannot open /srv/home/plc: Permission denied"
      })
  void whatItHasNothingToDoWithIsLeftAlone(String complaint) {
    assertThat(UNIT.remedy(complaint)).isEmpty();
  }

  @Test
  void onlyADiskThatIsWritableOutsideIsReadOnlyByTheSandbox() {
    String unit = "36 35 98:0 / / ro,relatime shared:1 - ext4 /dev/root rw,errors=continue";
    String shell = "36 35 98:0 / / rw,relatime shared:1 - ext4 /dev/root rw";
    String broken = "36 35 98:0 / / ro,relatime - ext4 /dev/root ro";
    Path root = Path.of("/");
    assertThat(Sandbox.isReadOnlyHere(List.of(shell, unit), root)).isTrue();
    assertThat(Sandbox.isReadOnlyHere(List.of(unit, shell), root)).isFalse();
    assertThat(Sandbox.isReadOnlyHere(List.of(broken), root)).isFalse();
    assertThat(Sandbox.isReadOnlyHere(List.of("", "36 35"), root)).isFalse();

    String card = "40 36 179:1 / /var/lib ro,relatime - ext4 /dev/mmcblk0p1 ro,errors=remount-ro";
    assertThat(Sandbox.isReadOnlyBelow(List.of(unit, card), Path.of("/opt/plc/log"))).isTrue();
    assertThat(Sandbox.isReadOnlyBelow(List.of(unit, card), Path.of("/var/lib/x/lock"))).isFalse();
  }

  @Test
  void aProcessThatSystemdHasNotStartedHasNone() {
    assumeThat(System.getenv("INVOCATION_ID")).isNull();
    assertThat(Sandbox.ofThisProcess()).isEqualTo(NONE);
  }
}
