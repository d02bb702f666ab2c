package io.github.childconnector.adapter.drogue.device;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A device's connection to its server. */
public interface Way extends Closeable {

  /** Says it. */
  void send(byte[] status) throws IOException;

  /** The next command, which may be the answer to an earlier status. */
  Optional<byte[]> receive(Duration limit) throws IOException, InterruptedException;

  /** Forgets what has come so far. */
  void drain() throws IOException;

  @Override
  void close() throws IOException;
}
