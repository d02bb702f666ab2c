package io.github.childconnector.adapter.drogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.drogue.DrogueSettings.BlockRules;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a delivery outlives the process, and is never less than what was sent. */
@NullMarked
final class DeliveryFileTest {
  private static final Path DIRECTORY = Path.of("/state/drogue");
  private static final long SIZE = 200_000;
  private static final DeliveryState EVERYTHING =
      new DeliveryState(
          512,
          1024,
          Optional.of(DeviceVersion.of("1.0")),
          1,
          2,
          3,
          4,
          Optional.of(new Status.Received(DeviceVersion.of("2.0"), 4096)),
          true,
          true);

  private final FakeDisk disk = new FakeDisk();

  private static FirmwareUpdate update(String child, String id, String digit, String version) {
    return Samples.update(
        new ChildId(child), id, new Firmware("fw", version), new Sha256(digit.repeat(64)));
  }

  private DeliveryFile open(String id, String digit, String version) throws IOException {
    return open(update("meter", id, digit, version));
  }

  private DeliveryFile open(FirmwareUpdate update) throws IOException {
    BlockRules blocks = new BlockRules(64, 1, Optional.empty());
    DeviceVersion target = DeviceVersion.of(update.firmware().version());
    return DeliveryFile.open(disk, DIRECTORY, update, new DeliveryRules(target, SIZE, blocks, 2));
  }

  private DeliveryFile open() throws IOException {
    return open("op", "a", "2.0");
  }

  private String text() {
    ByteBuffer content = disk.files().get(DIRECTORY.resolve("meter.delivery"));
    return StandardCharsets.US_ASCII.decode(content).toString();
  }

  @Test
  void allOfItIsKept() throws IOException {
    open().keep(EVERYTHING);
    assertThat(open().delivery()).isEqualTo(EVERYTHING.upTo(1024 + DeliveryFile.LEAP));
  }

  @Test
  void withoutAFileNothingIsKnown() throws IOException {
    assertThat(open().delivery()).isEqualTo(DeliveryState.NONE);
  }

  @Test
  void itIsWrittenInLeapsOnceTheTransferIsUnderWay() throws IOException {
    DeliveryFile file = open();
    DeliveryState delivery = DeliveryState.NONE.begun(64);
    file.keep(delivery);
    assertThat(text()).contains("first=64\ndelivered=64\n");
    int written = 1;
    String last = text();
    for (long end = 128; end <= SIZE; end += 64) {
      delivery = delivery.upTo(end);
      file.keep(delivery);
      written += text().equals(last) ? 0 : 1;
      last = text();
      assertThat(open().delivery().delivered()).isBetween(end, SIZE);
    }
    assertThat(written).isEqualTo(5);
  }

  @Test
  void anotherAttemptIsWrittenAtOnce() throws IOException {
    DeliveryFile file = open();
    file.keep(DeliveryState.NONE.begun(64).upTo(128));
    file.keep(DeliveryState.NONE.begun(64).upTo(128).lost().begun(64));
    assertThat(open().delivery()).isEqualTo(DeliveryState.NONE.lost().begun(64));
  }

  @Test
  void anotherOperationWithTheSameImageGoesOnWithNewCounters() throws IOException {
    open().keep(EVERYTHING);
    DeliveryState next = open("other", "a", "2.0").delivery();
    assertThat(next.first()).isEqualTo(512);
    assertThat(next.delivered()).isGreaterThan(1024);
    assertThat(next.swaps() + next.reverts() + next.losses() + next.doubts()).isZero();
    assertThat(next.trial()).isTrue();
  }

  @Test
  void otherBytesOrAnotherVersionProveNothing() throws IOException {
    open().keep(EVERYTHING);
    assertThat(open("op", "b", "2.0").delivery()).isEqualTo(DeliveryState.UNKNOWN);
    assertThat(open("op", "a", "2.1").delivery()).isEqualTo(DeliveryState.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "end\n",
        "\nend\n",
        "first=1\nend\n",
        "FIRST",
        "first=x",
        "swaps=99999999999",
        "doubted=1",
        "doubted=zz@1",
        "old=1"
      })
  void aDamagedFileProvesNothing(String damage) throws IOException {
    open().keep(EVERYTHING);
    String spoilt =
        damage.matches("[a-z]+=.{1,20}")
            ? text().replaceFirst("\\n" + damage.replaceFirst("=.*", "=[^\\n]*"), "\n" + damage)
            : damage;
    assertThat(spoilt).isNotEqualTo(text());
    disk.put(DIRECTORY.resolve("meter.delivery"), spoilt.getBytes(StandardCharsets.US_ASCII));
    assertThat(open().delivery()).isEqualTo(DeliveryState.UNKNOWN);
  }

  @Test
  void halfAFileProvesNothing() throws IOException {
    open().keep(EVERYTHING);
    String whole = text();
    for (int length = 0; length < whole.length(); length++) {
      byte[] half = whole.substring(0, length).getBytes(StandardCharsets.US_ASCII);
      disk.put(DIRECTORY.resolve("meter.delivery"), half);
      assertThat(open().delivery()).isEqualTo(DeliveryState.UNKNOWN);
    }
  }

  @Test
  void whatIsOverIsForgotten() throws IOException {
    DeliveryFile file = open();
    file.keep(EVERYTHING);
    file.remove();
    assertThat(disk.files()).isEmpty();
    assertThat(open().delivery()).isEqualTo(DeliveryState.NONE);
  }

  @Test
  void everyChildHasAFileOfItsOwn() throws IOException {
    for (String child :
        new String[] {"a b", "a:b", ".", "..", "\u00e4".repeat(128), "\u00e4".repeat(127)}) {
      open(update(child, "op", "a", "2.0")).keep(EVERYTHING);
    }
    assertThat(disk.files().keySet())
        .hasSize(6)
        .allMatch(file -> DIRECTORY.equals(file.getParent()))
        .allMatch(file -> file.toString().length() < 200);
  }
}
