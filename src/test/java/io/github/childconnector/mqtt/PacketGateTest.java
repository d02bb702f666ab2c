package io.github.childconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.mqtt.PacketGate.BrokenPromiseException;
import io.github.childconnector.mqtt.PacketGate.ForeignPeerException;
import io.github.childconnector.mqtt.PacketGate.Peer;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketGateTest {
  private static final String CONNACK = "2003000000";
  private static final int LARGEST = 200;
  private static final FakeClock CLOCK = FakeClock.standing();

  private static PacketGate gate(String... packets) {
    byte[] bytes = HexFormat.of().parseHex(String.join("", packets).replace(" ", ""));
    return new PacketGate(new ByteArrayInputStream(bytes), LARGEST, 1000, CLOCK.threads());
  }

  private static String passed(PacketGate gate) throws IOException {
    return HexFormat.of().formatHex(gate.readAllBytes());
  }

  /** A PUBLISH by QoS 1 to the topic "a" that takes {@code size} bytes in all. */
  private static String publish(int id, int size) {
    int rest = size - 3;
    return "32%02x%02x%s%04x00%s"
        .formatted((rest & 0x7f) | 0x80, rest >> 7, "000161", id, "00".repeat(rest - 6));
  }

  @Test
  void whatIsAllowedPassesAsItIs() throws Exception {
    String packets = CONNACK + "900401230001" + publish(7, LARGEST) + "400201f0" + "d000";

    assertThat(passed(gate(packets))).isEqualTo(packets);
  }

  @Test
  void aPacketLargerThanPromisedIsRefusedBeforeItComes() {
    assertThatThrownBy(() -> passed(gate(CONNACK, publish(7, LARGEST + 1).substring(0, 12))))
        .isInstanceOf(BrokenPromiseException.class)
        .hasMessageContaining("a packet of 201 bytes, although we take at most 200");
    assertThatThrownBy(() -> passed(gate(CONNACK, "30ffffff7f")))
        .isInstanceOf(BrokenPromiseException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2006 0000 ffffff7f",
    "2003000000 3009 0001 61 ffffff7f 0000",
    "2003000000 4007 0007 00 ffffff7f",
    "2003000000 9007 0007 ffffff7f 00",
    "2003000000 e005 8e ffffff7f"
  })
  void propertiesLongerThanTheirPacketAreRefused(String packets) {
    assertThatThrownBy(() -> passed(gate(packets)))
        .isInstanceOf(BrokenPromiseException.class)
        .hasMessageContaining("properties");
  }

  @Test
  void messagesAreBoundedUntilTheyAreAcknowledged() throws Exception {
    StringBuilder packets = new StringBuilder(CONNACK);
    for (int id = 1; id <= 6; id++) {
      packets.append(publish(id, LARGEST));
    }
    PacketGate gate = gate(packets.toString());
    gate.skipNBytes(5 + 5 * LARGEST);
    awaitHeld(gate, () -> gate.acknowledged(3));
    gate.skipNBytes(LARGEST - 1);
    assertThat(gate.available()).isZero();
  }

  @Test
  void smallMessagesAreBoundedByTheirNumber() throws Exception {
    StringBuilder packets = new StringBuilder(CONNACK);
    for (int id = 1; id <= PacketGate.MOST_MESSAGES + 1; id++) {
      packets.append("320600 0161%04x00".formatted(id));
    }
    byte[] bytes = HexFormat.of().parseHex(packets.toString().replace(" ", ""));
    PacketGate gate =
        new PacketGate(new ByteArrayInputStream(bytes), LARGEST, 1 << 20, CLOCK.threads());
    gate.skipNBytes(bytes.length - 8);
    awaitHeld(gate, () -> gate.acknowledged(7));
  }

  @Test
  void whatIsOverHoldsNobodyUp() throws Exception {
    StringBuilder packets = new StringBuilder(CONNACK);
    for (int id = 1; id <= 6; id++) {
      packets.append(publish(id, LARGEST));
    }
    PacketGate gate = gate(packets.toString());
    gate.skipNBytes(5 + 5 * LARGEST);
    awaitHeld(gate, gate::open);
  }

  /** Reads a byte, which only succeeds when something is done about it. */
  private static void awaitHeld(PacketGate gate, Runnable remedy) throws Exception {
    FutureTask<Integer> reading = new FutureTask<>(gate::read);
    Thread reader = new Thread(reading);
    reader.start();
    await().until(() -> reader.getState() == Thread.State.WAITING);
    remedy.run();
    assertThat(reading.get()).isNotNegative();
  }

  @ParameterizedTest
  @CsvSource({
    "20020001, OLD_BROKER",
    "15030300020246, TLS",
    "485454502f312e31, HTTP",
    "5353482d322e30, UNKNOWN",
    "30020000, UNKNOWN"
  })
  void aPeerThatIsNoBrokerIsRecognised(String bytes, Peer peer) {
    assertThatThrownBy(() -> passed(gate(bytes)))
        .isInstanceOfSatisfying(
            ForeignPeerException.class, fault -> assertThat(fault.peer()).isEqualTo(peer));
  }

  @Test
  void aPacketThatBreaksOffIsTheEnd() {
    assertThatThrownBy(() -> passed(gate(CONNACK, "30"))).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> passed(gate(CONNACK, "300500"))).isInstanceOf(EOFException.class);
  }
}
