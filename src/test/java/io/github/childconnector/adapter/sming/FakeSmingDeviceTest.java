package io.github.childconnector.adapter.sming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.mqtt.RecordingClient;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The device of the tests has the traps of the real ones. */
@IntegrationTest
class FakeSmingDeviceTest {
  private static final String TOPIC = "a/test/u/4.3";

  private Mosquitto broker;
  private RecordingClient sender;
  private FakeSmingDevice device;

  @BeforeEach
  void setUp(@TempDir Path directory) throws Exception {
    broker = Mosquitto.start(Files.createDirectory(directory.resolve("broker")));
    sender = RecordingClient.connect(broker.port());
    device = FakeSmingDevice.in(directory.resolve("device"), "4.3.5", broker.port()).powerOn();
  }

  @AfterEach
  void close() throws Exception {
    sender.close();
    broker.close();
    // Where an image is retained, it starts again for as long as there is a broker.
    device.powerOff();
  }

  private void send(byte[] image, boolean retained, int... patch) throws Exception {
    ByteBuffer payload = ByteBuffer.allocate(patch.length + image.length);
    for (int each : patch) {
      payload.put((byte) each);
    }
    sender.publish(TOPIC, payload.put(image).array(), retained);
  }

  @Test
  void aLowerPatchIsSkippedAndAnEqualOneIsFlashed() throws Exception {
    send(FakeSmingDevice.image("4.3.4"), false, 4);
    send(FakeSmingDevice.image("4.3.5"), false, 5);
    device.awaitStarts(2);

    assertThat(device.flashes()).containsExactly("5");
  }

  @Test
  void theGroupsOfALargePatchAreAdded() throws Exception {
    send(FakeSmingDevice.image("4.3.5"), false, 0x80, 0x01);
    send(FakeSmingDevice.image("4.3.6"), false, 0xac, 0x02);
    device.awaitStarts(2);

    assertThat(device.flashes()).containsExactly("46");
  }

  @Test
  void aSingleByteMakesItStartAgain() throws Exception {
    send(new byte[0], false, 'x');
    device.awaitStarts(2);

    assertThat(device.flashes()).containsExactly("120");
    assertThat(device.version()).isEqualTo("4.3.5");
  }

  @Test
  void aRetainedImageWithItsOwnPatchIsFlashedForEver() throws Exception {
    send(FakeSmingDevice.image("4.3.6"), true, 6);

    await().until(() -> device.flashes().size() > 3);
    sender.publish(TOPIC, new byte[0], true);
  }

  @Test
  void anImageThatDoesNotFitIsIgnored() throws Exception {
    byte[] image = FakeSmingDevice.image("4.3.6");
    device.slot(image.length + 2 + TOPIC.length());
    send(Arrays.copyOf(image, image.length + 1), false, 6);
    send(image, false, 7);
    device.awaitStarts(2);

    assertThat(device.flashes()).containsExactly("7");
  }
}
