package io.github.childconnector.adapter.drogue.device;

import java.io.IOException;

/** How a device writes and reads. */
interface Wire {
  byte[] write(Say say);

  Order read(byte[] bytes) throws IOException;
}
