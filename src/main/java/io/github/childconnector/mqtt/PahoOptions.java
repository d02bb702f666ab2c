package io.github.childconnector.mqtt;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/** The options by which the library connects. */
final class PahoOptions {
  /** A connector that stays away for longer is gone, and thin-edge has given up on its requests. */
  private static final long SESSION_SECONDS = Duration.ofDays(30).toSeconds();

  /**
   * How many messages may be unacknowledged, as mosquitto allows by itself. Together with their
   * size this bounds what lies in memory while a full disk holds up the journal.
   */
  private static final int MOST_UNACKNOWLEDGED = 20;

  private PahoOptions() {}

  /** Reads the password file anew, so that a changed password needs no restart. */
  static MqttConnectionOptions of(MqttSettings settings, Duration keepAlive) throws IOException {
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
      throws IOException {
    options.setUserName(login.username());
    if (login.passwordFile().isPresent()) {
      options.setPassword(password(login.passwordFile().get(), settings.key("password_file")));
    }
  }

  /** Reads the first line of the file; further lines are ignored. */
  private static byte[] password(Path file, String key) throws IOException {
    String password = firstLine(file, key);
    if (password.isEmpty()) {
      throw new IOException(
          "the password file " + file + " is empty: write the password into its first line");
    }
    return password.getBytes(StandardCharsets.UTF_8);
  }

  private static String firstLine(Path file, String key) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      return Optional.ofNullable(lines.readLine()).orElse("");
    } catch (NoSuchFileException e) {
      throw new IOException("there is no password file " + file + ": create it, or correct " + key);
    } catch (AccessDeniedException e) {
      throw new IOException(
          "the password file " + file + " may not be read: check its owner and mode");
    } catch (IOException e) {
      throw new IOException(
          "the password file %s cannot be read (%s): it must be UTF-8 text".formatted(file, e));
    }
  }
}
