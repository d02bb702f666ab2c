package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.Codec;
import io.github.childconnector.adapter.drogue.wire.FormatException;
import io.github.childconnector.adapter.drogue.wire.PostcardCodec;
import io.github.childconnector.clock.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;

/**
 * A device that has a line of its own, and so needs no name there.
 *
 * @param silence how long nothing comes after a frame, and never within one
 */
record LineSettings(Port port, Duration silence) implements TransportSettings {
  private static final String NAMELESS = "";

  /** Where the device is. */
  Access access() {
    return new Access(this, NAMELESS, Optional.empty());
  }

  @Override
  public Transport transport(Dialogues dialogues) {
    Backoff pauses = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5), new Random());
    return new FrameTransport(
        new FrameTransport.Way(port, silence, pauses),
        status ->
            dialogues
                .of(NAMELESS)
                .orElseThrow(() -> new FormatException("nobody is served"))
                .answer(status),
        dialogues.clock());
  }

  @Override
  public Codec codec() {
    return new PostcardCodec();
  }

  @Override
  public int largestBlock() {
    return FrameTransport.MOST_DATA;
  }

  @Override
  public String toString() {
    return port.toString();
  }
}
