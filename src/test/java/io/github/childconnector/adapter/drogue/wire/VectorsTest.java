package io.github.childconnector.adapter.drogue.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes as the programs of Drogue write them. */
@NullMarked
final class VectorsTest {
  private static final CborCodec CBOR = new CborCodec();
  private static final PostcardCodec POSTCARD = new PostcardCodec();

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static Optional<Long> number(String text) {
    return text.equals("-") ? Optional.empty() : Optional.of(Long.valueOf(text));
  }

  private static Status status(String version, String mtu, String id, String update, String at) {
    return new Status(
        DeviceVersion.of(version),
        number(mtu),
        number(id),
        update.equals("-")
            ? Optional.empty()
            : Optional.of(new Status.Received(DeviceVersion.of(update), Long.parseLong(at))));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1.0,-,-,-,-,a46776657273696f6e45302e312e30636d7475f66e636f7272656c6174696f6e5f6964f666757064617465f6",
    "0.1.0,-,-,-,-,a40045302e312e3001f602f603f6",
    "0.1.0,512,1,-,-,a46776657273696f6e45302e312e30636d74751902006e636f7272656c6174696f6e5f69640166757064617465f6",
    "0.1.0,512,1,-,-,a40045302e312e3001190200020103f6",
    "0.1.0,512,-,0.1.1,512,a46776657273696f6e45302e312e30636d74751902006e636f7272656c6174696f6e5f6964f666757064617465a26776657273696f6e45302e312e31666f6666736574190200",
    "0.1.0,512,-,0.1.1,512,a40045302e312e300119020002f603a20045302e312e3101190200",
    "0.1.0,4,7,0.1.1,4,a40045302e312e300104020703a20045302e312e310104",
    // left out, unknown, in another order, mixed, as a list, of indefinite length, tagged, in long
    // form
    "0.1.0,-,-,-,-,a10045302e312e30",
    "0.1.0,-,-,-,-,a20045302e312e3018638102",
    "0.1.0,4,-,-,-,a2636d7475040045302e312e30",
    "0.1.0,4,-,-,-,8445302e312e3004f6f6",
    "0.1.0,4,-,-,-,bf0045302e312e300104ff",
    "0.1.0,4,-,-,-,d9d9f7a20045302e312e300104",
    "0.1.0,4,-,-,-,a20045302e312e30011b0000000000000004",
    "0.1.0,4,-,-,-,a24776657273696f6e45302e312e300104",
    "0.1.0,-,-,0.1.1,512,a20045302e312e306673746174757382" + "45302e312e31190200",
    "0.1.0,-,-,-,-,a10065302e312e30",
    "0.1.0,4294967295,-,-,-,a20045302e312e30011affffffff"
  })
  void aStatusInCbor(
      String version, String mtu, String id, String update, String at, String message)
      throws FormatException {
    assertThat(CBOR.read(bytes(message))).isEqualTo(status(version, mtu, id, update, at));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1.0,-,-,-,-,05302e312e30000000",
    "0.1.0,512,1,-,-,05302e312e30018004010100",
    "0.1.0,512,-,0.1.1,512,05302e312e3001800400" + "0105302e312e318004",
    "0.1.0,4,7,0.1.1,4,05302e312e30010401070105302e312e3104",
    "0.1.0,-,-,-,-,05302e312e30000000ffff"
  })
  void aStatusInPostcard(
      String version, String mtu, String id, String update, String at, String message)
      throws FormatException {
    assertThat(POSTCARD.read(bytes(message))).isEqualTo(status(version, mtu, id, update, at));
  }

  private static void requireWritten(DfuCommand command, String cbor, String postcard) {
    assertThat(hex(CBOR.write(command))).isEqualTo(cbor);
    assertThat(hex(POSTCARD.write(command))).isEqualTo(postcard);
  }

  @Test
  void commands() {
    DeviceVersion old = DeviceVersion.of("0.1.0");
    DeviceVersion next = DeviceVersion.of("0.1.1");
    Optional<Long> none = Optional.empty();
    Optional<Long> one = Optional.of(1L);
    ByteBuffer hello = ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8));
    requireWritten(
        new DfuCommand.Sync(old, none, none), "a101a30045302e312e3001f602f6", "0105302e312e300000");
    requireWritten(
        new DfuCommand.Sync(old, one, Optional.of(300L)),
        "a101a30045302e312e3001010219012c",
        "0105302e312e30010101ac02");
    requireWritten(
        new DfuCommand.Write(next, none, 0, hello),
        "a102a40045302e312e3101f60200034568656c6c6f",
        "0205302e312e3100000568656c6c6f");
    requireWritten(
        new DfuCommand.Write(next, one, 512, hello),
        "a102a40045302e312e31010102190200034568656c6c6f",
        "0205302e312e31010180040568656c6c6f");
    requireWritten(
        new DfuCommand.Swap(next, none, ByteBuffer.wrap(DigestUtils.sha256("hello"))),
        "a103a30045302e312e3101f60258202cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        "0305302e312e3100202cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    requireWritten(
        new DfuCommand.Swap(next, none, ByteBuffer.allocate(0)),
        "a103a30045302e312e3101f60240",
        "0305302e312e310000");
  }

  @Test
  void aLargeBlock() {
    byte[] cbor =
        CBOR.write(
            new DfuCommand.Write(
                DeviceVersion.of("0.1.1"), Optional.of(1L), 70_000, ByteBuffer.allocate(512)));
    assertThat(cbor).hasSize(534);
    assertThat(hex(cbor)).startsWith("a102a40045302e312e310101021a0001117003590200");
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "00",
    "f6",
    "a0",
    "8345302e312e30f6f6",
    "a20045302e312e300045302e312e30",
    "a20045302e312e30011b0000000100000000",
    "a20045302e312e300120",
    "a20045302e312e3001fa3f800000",
    "a10080",
    "a10045302e312e3000",
    "a4005affffffff",
    "a200450102030405",
    "bf0045302e312e30"
  })
  void whatIsNoStatusIsRefused(String message) {
    assertThatThrownBy(() -> CBOR.read(bytes(message))).isInstanceOf(FormatException.class);
  }

  /** Lengths of 2 GiB, in a few bytes: of a version, its text, a field, a number, and a list. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a1005a7fffffff31",
        "a1007a7fffffff31",
        "a17a7fffffff31",
        "a101c25a7fffffff31",
        "a1099a7fffffff31",
        "9a7fffffff31",
        "ba7fffffff31",
        "a1005b7fffffffffffffff31",
        "ffffffff0731"
      })
  void aLengthThatIsNotTrueCostsNothing(String message) {
    byte[] bytes = bytes(message);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (Codec codec : new Codec[] {CBOR, POSTCARD}) {
      // The first time loads classes.
      assertThat(isRead(codec, bytes)).isFalse();
      long before = threads.getCurrentThreadAllocatedBytes();
      assertThat(isRead(codec, bytes)).isFalse();
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }
  }

  private static boolean isRead(Codec codec, byte[] bytes) {
    try {
      codec.read(bytes);
      return true;
    } catch (FormatException e) {
      return false;
    }
  }

  @Test
  void nestingHasAnEnd() {
    String message = "a109" + "81".repeat(100_000) + "00";
    assertThatThrownBy(() -> CBOR.read(bytes(message))).isInstanceOf(FormatException.class);
  }

  @Test
  void anyBytesAreReadOrRefused() {
    Random random = new Random(7);
    byte[] whole = bytes("a40045302e312e300119020002f603a20045302e312e3101190200");
    int read = 0;
    for (int round = 0; round < 100_000; round++) {
      byte[] message = whole.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        message[random.nextInt(message.length)] = (byte) random.nextInt(256);
      }
      message = Arrays.copyOf(message, random.nextInt(message.length + 4));
      for (Codec codec : new Codec[] {CBOR, POSTCARD}) {
        read += isRead(codec, message) ? 1 : 0;
      }
    }
    assertThat(read).isPositive();
  }
}
