package io.github.childconnector.cli;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;

/**
 * Where a file is served so that a connector can fetch it.
 *
 * @param bind the address to listen at
 * @param urlHost the same as a URL names it
 */
record ServingAddress(InetAddress bind, String urlHost) {

  /** An address that others know this machine by; it need not be one of its own, as behind NAT. */
  static ServingAddress named(String host) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    boolean isOwn = NetworkInterface.getByInetAddress(address) != null;
    return new ServingAddress(
        isOwn ? address : new InetSocketAddress(0).getAddress(), urlForm(host));
  }

  /** The address from which this machine reaches a broker. */
  static ServingAddress towards(String host, int port) throws IOException {
    InetAddress broker = InetAddress.getByName(host);
    InetAddress own =
        broker.isLoopbackAddress() ? InetAddress.getLoopbackAddress() : facing(broker, port);
    return new ServingAddress(own, urlForm(own.getHostAddress()));
  }

  private static InetAddress facing(InetAddress broker, int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      // Sends nothing: it only makes the system choose the way, and with it our own address.
      socket.connect(new InetSocketAddress(broker, port));
      return socket.getLocalAddress();
    }
  }

  /** Where something is found at this address. */
  String url(int port, String path) {
    return "http://" + urlHost + ":" + port + path;
  }

  private static String urlForm(String host) {
    return host.contains(":") ? "[" + host.replaceAll("[\\[\\]]|%.*", "") + "]" : host;
  }
}
