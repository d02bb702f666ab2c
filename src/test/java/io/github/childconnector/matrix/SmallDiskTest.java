package io.github.childconnector.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real disk that is full, read-only or away while the connector runs: the reason names what to
 * do, and once that is done, work goes on without a restart; nothing is lost or done twice.
 */
@Tag("matrix")
@IntegrationTest
class SmallDiskTest {
  private static final byte[] BIG = new byte[1_500_000];

  @TempDir Path directory;
  private Gateway gateway;
  private FakeDevice device;
  private FakeDevice other;
  private RecordingLog log;

  @BeforeEach
  void open() throws IOException {
    gateway = new Gateway(directory);
    device = gateway.child("plc");
    other = gateway.child("other");
    log = RecordingLog.of("io.github.childconnector.update.JournalAccess");
  }

  @AfterEach
  void close() throws IOException {
    log.close();
    gateway.close();
  }

  private void start() throws IOException, InterruptedException {
    gateway.start();
    gateway.broker.awaitSaved(Gateway.requestTopic("plc"));
    gateway.awaitServing();
  }

  private Path images() {
    return gateway.storage().resolve("images");
  }

  private Path operations() {
    return gateway.storage().resolve("operations");
  }

  private void awaitLog(String... words) {
    await().untilAsserted(() -> assertThat(log.lines().toString()).contains(words));
  }

  private void assertUpdated(String child, String id) throws IOException {
    assertThat(gateway.awaitEnd(child, id).get(1)).contains("successful");
  }

  private String bigRequest(String id) {
    String url = gateway.files.offer("big", BIG);
    return Gateway.request(id, "9.0", DigestUtils.sha256Hex(BIG), url);
  }

  @Test
  void aJournalOnAFullDiskWaitsForRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.on(operations(), "size=1m")) {
      start();
      disk.fillTo(0);
      assertWaitsUntil(disk::free, "No space left on device", "Make room on the disk of ");
    }
  }

  @Test
  void aJournalOnADiskWithoutANameLeftWaitsForOne() throws Exception {
    try (SmallDisk disk = SmallDisk.on(operations(), "size=1m,nr_inodes=40")) {
      start();
      disk.fillNames();
      assertWaitsUntil(disk::free, "No space left on device", "inodes");
    }
  }

  @Test
  void aJournalOnAReadOnlyDiskWaitsForTheOtherKind() throws Exception {
    try (SmallDisk disk = SmallDisk.on(operations(), "size=1m")) {
      start();
      disk.readOnly(true);
      assertWaitsUntil(() -> disk.readOnly(false), "Read-only file system", "writable");
    }
  }

  private interface Remedy {
    void take() throws Exception;
  }

  private void assertWaitsUntil(Remedy remedy, String... words) throws Exception {
    gateway.send("plc", "op", "2.0");
    awaitLog("updates wait for it", operations().toString());
    awaitLog(words);
    assertThat(gateway.cloud().texts(Gateway.responseTopic("plc"))).isEmpty();
    remedy.take();
    assertUpdated("plc", "op");
    assertThat(device.installs()).isEqualTo(1);
  }

  @Test
  void aJournalDirectoryThatIsAwayForAWhileIsNotTakenForAnEmptyOne() throws Exception {
    start();
    gateway.send("plc", "op", "2.0");
    assertUpdated("plc", "op");
    Path away = Files.move(operations(), directory.resolve("away"));
    RecordingClient again = gateway.reconnectCloud();
    gateway.send("plc", "op", "2.0");
    awaitLog("updates wait for it", operations() + " is not there");
    Files.move(away, operations());
    again.awaitTexts(Gateway.responseTopic("plc"), 1);
    assertUpdatedAgain(again);
  }

  private void assertUpdatedAgain(RecordingClient again) {
    assertThat(again.texts(Gateway.responseTopic("plc")).get(0)).contains("successful");
    assertThat(device.installs()).isEqualTo(1);
  }

  @Test
  void anImageForWhichTheDiskIsTooFullFailsAndTheNextAttemptDoesNot() throws Exception {
    try (SmallDisk disk = SmallDisk.on(images(), "size=2m")) {
      start();
      disk.fillTo(500_000);
      gateway.cloud().publish(Gateway.requestTopic("plc"), bigRequest("full"));
      assertThat(gateway.awaitEnd("plc", "full").get(1))
          .contains("disk-full: ", images().toString(), "free some space");
      assertThat(images().toFile().list()).allMatch(name -> name.startsWith("filler"));
      disk.free();
      gateway.cloud().publish(Gateway.requestTopic("plc"), bigRequest("free"));
      assertUpdated("plc", "free");
      assertThat(device.installs()).isEqualTo(1);
    }
  }

  @Test
  void theChildrenOfABusAreUpdatedWithRoomForSomeOfTheirImages() throws Exception {
    List<String> children = List.of("pump1", "pump2", "pump3", "pump4", "pump5");
    gateway.removeChildren();
    children.forEach(child -> gateway.child(child, "bus = \"rs485\""));
    try (SmallDisk disk = SmallDisk.on(images(), "size=5m")) {
      gateway.start();
      gateway.awaitServing();
      for (String child : children) {
        byte[] image = Arrays.copyOf(child.getBytes(StandardCharsets.UTF_8), BIG.length);
        String url = gateway.files.offer(child, image);
        String request = Gateway.request("op", "9.0", DigestUtils.sha256Hex(image), url);
        gateway.cloud().publish(Gateway.requestTopic(child), request);
      }
      for (String child : children) {
        assertUpdated(child, "op");
      }
      disk.free();
    }
  }

  @Test
  void aDiskWithoutANameLeftIsNotSaidToLackBytes() throws Exception {
    try (SmallDisk disk = SmallDisk.on(images(), "size=2m,nr_inodes=20")) {
      start();
      disk.fillNames();
      gateway.send("plc", "op", "2.0");
      assertThat(gateway.awaitEnd("plc", "op").get(1))
          .contains("disk-full: ", images().toString(), "remove some files there (df -i)");
    }
  }

  @Test
  void aReadOnlyDiskForImagesIsNamed() throws Exception {
    try (SmallDisk disk = SmallDisk.on(images(), "size=2m")) {
      start();
      disk.readOnly(true);
      gateway.send("plc", "op", "2.0");
      assertThat(gateway.awaitEnd("plc", "op").get(1))
          .contains("storage-failed: ", images().toString(), "Read-only file system")
          .doesNotContain("Exception");
      disk.readOnly(false);
      gateway.send("plc", "again", "2.0");
      assertUpdated("plc", "again");
    }
  }

  @Test
  void aFullDiskStopsNobodyWhoseImageIsThere() throws Exception {
    try (SmallDisk disk = SmallDisk.on(images(), "size=2m")) {
      device.waits();
      start();
      gateway.send("plc", "op", "2.0");
      await().until(device::isInstalling);
      disk.fillTo(0);
      gateway.send("other", "op", "2.0");
      assertUpdated("other", "op");
      device.goesOn();
      assertUpdated("plc", "op");
      assertThat(other.installs()).isEqualTo(1);
    }
  }

  @Test
  void aDirectoryOfImagesThatWasClearedAwayIsMadeAgain() throws Exception {
    start();
    Files.delete(images());
    gateway.send("plc", "op", "2.0");
    assertUpdated("plc", "op");
  }
}
