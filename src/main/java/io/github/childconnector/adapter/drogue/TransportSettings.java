package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.CborCodec;
import io.github.childconnector.adapter.drogue.wire.Codec;
import io.github.childconnector.adapter.drogue.wire.PostcardCodec;
import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.time.Duration;
import java.util.Optional;

/**
 * How statuses come from devices and commands go to them. Children with equal settings share one
 * transport; the text of the settings is what people know it by.
 */
sealed interface TransportSettings {
  /** On a network a block is as large as settings allow, and not as messages do. */
  int MOST_DATA = 64 << 10;

  /** A block for which a frame has room, with the longest version before it. */
  int MOST_FRAME_DATA = 968;

  /** The form of its messages. */
  default Codec codec() {
    return new CborCodec();
  }

  /** In bytes, the largest block that fits into a message of it. */
  default int largestBlock() {
    return MOST_DATA;
  }

  /** Devices that are reached by a broker. */
  record Broker(MqttSettings broker, Topics topics) implements TransportSettings {
    @Override
    public String toString() {
      return "the broker at " + broker.address() + " (" + topics + ")";
    }
  }

  /**
   * Devices that post their statuses.
   *
   * @param identity the server's certificate; empty for plain HTTP
   */
  record Http(ListenAddress listen, Optional<Identity> identity) implements TransportSettings {
    @Override
    public String toString() {
      return (identity.isPresent() ? "https://" : "http://") + listen;
    }
  }

  /**
   * A device that has a line of its own, and so needs no name there.
   *
   * @param silence how long nothing comes after a frame, and never within one
   */
  record Line(Port port, Duration silence) implements TransportSettings {
    /** Returns where the device is. */
    DeviceAddress address() {
      return new DeviceAddress(this, "", Optional.empty());
    }

    @Override
    public Codec codec() {
      return new PostcardCodec();
    }

    @Override
    public int largestBlock() {
      return MOST_FRAME_DATA;
    }

    @Override
    public String toString() {
      return port.toString();
    }
  }

  /**
   * The place where a device is to be found.
   *
   * @param device its name there; empty where it is alone
   * @param login what it has to show, where the transport itself knows of no logins
   * @param idlePoll when it is to ask again while there is nothing for it; empty if it may choose
   */
  record DeviceAddress(
      TransportSettings transport,
      String device,
      Optional<BasicLogin> login,
      Optional<Duration> idlePoll) {
    /** An address of a device that chooses itself when it asks again. */
    DeviceAddress(TransportSettings transport, String device, Optional<BasicLogin> login) {
      this(transport, device, login, Optional.empty());
    }

    DeviceAddress with(Optional<Duration> pause) {
      return new DeviceAddress(transport, device, login, pause);
    }

    @Override
    public String toString() {
      return device.isEmpty() ? transport.toString() : transport + " as " + device;
    }
  }
}
