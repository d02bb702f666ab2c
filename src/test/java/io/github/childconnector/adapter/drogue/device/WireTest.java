package io.github.childconnector.adapter.drogue.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that the real crates have produced. */
class WireTest {
  private static final Say SAY =
      new Say("0.1.0", 512, Optional.empty(), Optional.of(new Say.Have("0.1.1", 512)));
  private static final Wire NAMED = new CborWire(true, false);
  private static final Wire PACKED = new CborWire(false, false);
  private static final Wire POSTCARD = new PostcardWire();

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void statusesAreWrittenAsTheRealDevicesDo() {
    assertThat(NAMED.write(SAY))
        .isEqualTo(
            bytes(
                "a46776657273696f6e45302e312e30636d74751902006e636f7272656c6174696f6e5f6964f6"
                    + "66757064617465a26776657273696f6e45302e312e31666f6666736574190200"));
    assertThat(PACKED.write(SAY))
        .isEqualTo(bytes("a40045302e312e300119020002f603a20045302e312e3101190200"));
    assertThat(POSTCARD.write(SAY)).isEqualTo(bytes("05302e312e30018004000105302e312e318004"));
  }

  @Test
  void aNumberIsSaidIfThereIsOne() {
    Say say = new Say("0.1.0", 512, Optional.of(1), Optional.empty());
    assertThat(PACKED.write(say)).isEqualTo(bytes("a40045302e312e3001190200020103f6"));
    assertThat(POSTCARD.write(say)).isEqualTo(bytes("05302e312e30018004010100"));
  }

  @ParameterizedTest
  @CsvSource({
    "a100a200010119012c, 00010101ac02",
    "a16457616974a26e636f7272656c6174696f6e5f69640164706f6c6c19012c, 00010101ac02"
  })
  void waits(String cbor, String postcard) throws IOException {
    Order expected = new Order.Wait(Optional.of(300L));
    assertThat(PACKED.read(bytes(cbor))).isEqualTo(expected);
    assertThat(POSTCARD.read(bytes(postcard + "ffff"))).isEqualTo(expected);
  }

  @Test
  void syncs() throws IOException {
    Order expected = new Order.Sync(Optional.of(300L));
    assertThat(PACKED.read(bytes("a101a30045302e312e3001010219012c"))).isEqualTo(expected);
    assertThat(POSTCARD.read(bytes("0105302e312e30010101ac02"))).isEqualTo(expected);
  }

  @Test
  void writes() throws IOException {
    for (Order order :
        new Order[] {
          PACKED.read(bytes("a102a40045302e312e31010102190200034568656c6c6f")),
          POSTCARD.read(bytes("0205302e312e31010180040568656c6c6f"))
        }) {
      Order.Write write = (Order.Write) order;
      assertThat(write.version()).isEqualTo("0.1.1");
      assertThat(write.offset()).isEqualTo(512);
      assertThat(new String(write.data().array(), UTF_8)).isEqualTo("hello");
    }
  }

  @Test
  void swaps() throws IOException {
    Order.Swap swap = (Order.Swap) PACKED.read(bytes("a103a30045302e312e3101f60240"));
    assertThat(swap.version()).isEqualTo("0.1.1");
    assertThat(swap.digest().array()).isEmpty();
    assertThat(((Order.Swap) POSTCARD.read(bytes("0305302e312e310000"))).digest().array())
        .isEmpty();
  }

  /** As serde_cbor does, so that a server that writes them is found out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bf6457616974a0ff",
        "a16477616974a0",
        "a102a40065302e312e3101f60200034568656c6c6f",
        "a102a40045302e312e3101f60200036568656c6c6f",
        "a100a200f601f600",
        "a102a20045302e312e310200",
        "a102a300",
        ""
      })
  void whatTheRealDevicesRefuseIsRefused(String hex) {
    assertThatThrownBy(() -> PACKED.read(bytes(hex))).isInstanceOf(IOException.class);
  }
}
