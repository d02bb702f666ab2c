package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.CborCodec;
import io.github.childconnector.adapter.drogue.wire.Codec;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** A transport without a network: the test is the device. */
@NullMarked
final class FakeTransport implements TransportSettings {
  private Optional<Dialogues> dialogues = Optional.empty();
  private int opened;
  private int closed;

  Dialogue dialogue() {
    return dialogues.flatMap(each -> each.of("meter-1")).orElseThrow();
  }

  int opened() {
    return opened;
  }

  boolean isOpen() {
    return opened > closed;
  }

  @Override
  public Transport transport(Dialogues served) {
    dialogues = Optional.of(served);
    return new Transport() {
      @Override
      public void open() throws IOException {
        opened++;
      }

      @Override
      public Optional<String> trouble() {
        return Optional.of("nobody is there");
      }

      @Override
      public void close() {
        closed++;
      }
    };
  }

  @Override
  public Codec codec() {
    return new CborCodec();
  }

  @Override
  public int largestBlock() {
    return 1024;
  }

  @Override
  public String toString() {
    return "the fake";
  }
}
