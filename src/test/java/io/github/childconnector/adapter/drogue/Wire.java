package io.github.childconnector.adapter.drogue;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** How a device of the tests sends its status and gets its command. */
public interface Wire extends AutoCloseable {

  /** The answer to a status; empty if none comes in time. */
  Optional<byte[]> exchange(byte[] status, Duration limit) throws IOException, InterruptedException;

  @Override
  void close();
}
