package io.github.childconnector.adapter.drogue.device;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;

/** How a device finds its server; asked again after a connection is lost. */
public interface Ways {

  /** Connects. */
  Way dial() throws IOException, InterruptedException;

  /** How messages are written there. */
  default boolean isPostcard() {
    return false;
  }

  /** A broker at 127.0.0.1, behind a gateway that knows the device by this name. */
  static Ways mqtt(int port, String name) {
    return () -> new MqttWay(port, name);
  }

  /** {@code POST …/v1/dfu}, as a user. */
  static Ways http(URI server, String user, String password) {
    return () -> new HttpWay(server, user, password);
  }

  /** Waits for the server to connect, and reads whole frames. */
  static Ways tcp(ServerSocket listening) {
    return frames(() -> FrameWay.accept(listening, FrameWay.LENGTH));
  }

  /** A serial port, read by so many bytes at a time; 1024 reads whole frames. */
  static Ways tty(Path device, int most) {
    return frames(() -> FrameWay.open(device, most));
  }

  private static Ways frames(Ways ways) {
    return new Ways() {
      @Override
      public Way dial() throws IOException, InterruptedException {
        return ways.dial();
      }

      @Override
      public boolean isPostcard() {
        return true;
      }
    };
  }
}
