package io.github.childconnector.mqtt;

import java.time.Duration;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/** How the library is told to connect. */
final class PahoOptions {
  /** A connector that stays away for longer is gone, and thin-edge has given up on its requests. */
  private static final long SESSION_SECONDS = Duration.ofDays(30).toSeconds();

  /**
   * So many messages may be unacknowledged, as mosquitto allows by itself. Together with their size
   * this bounds what lies in memory while a full disk holds up the journal.
   */
  private static final int MOST_UNACKNOWLEDGED = 20;

  private PahoOptions() {}

  /** Reads the password file anew, so that a changed password needs no restart. */
  static MqttConnectionOptions of(MqttSettings settings, Duration keepAlive) throws LinkException {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    options.setCleanStart(!settings.session());
    options.setSessionExpiryInterval(settings.session() ? SESSION_SECONDS : 0);
    options.setKeepAliveInterval(Math.toIntExact(keepAlive.toSeconds()));
    // Far above any request; a larger message stays with the broker. The library takes it for the
    // largest that it may send as well, and breaks the connection over one that is larger.
    options.setMaximumPacketSize(settings.largestMessage());
    options.setReceiveMaximum(MOST_UNACKNOWLEDGED);
    options.setUseSubscriptionIdentifiers(false);
    if (settings.login().isPresent()) {
      authenticate(options, settings, settings.login().get());
    }
    return options;
  }

  private static void authenticate(
      MqttConnectionOptions options, MqttSettings settings, MqttSettings.Login login)
      throws LinkException {
    options.setUserName(login.username());
    if (login.passwordFile().isPresent()) {
      options.setPassword(
          PasswordFile.read(login.passwordFile().get(), settings.key("password_file")));
    }
  }
}
