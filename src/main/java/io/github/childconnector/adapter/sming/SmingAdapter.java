package io.github.childconnector.adapter.sming;

import static java.util.stream.Collectors.toSet;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.answer.VersionFinder.NoVersionException;
import io.github.childconnector.adapter.sming.SmingSettings.SubscriptionLog;
import io.github.childconnector.adapter.sming.SmingSettings.VersionMessage;
import io.github.childconnector.adapter.sming.VersionRules.Release;
import io.github.childconnector.adapter.sming.VersionRules.SemanticVersion;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.PublishException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Publishes images for a device that waits for them on a topic, and never answers. */
final class SmingAdapter implements DeviceAdapter {
  private static final System.Logger LOG = System.getLogger(SmingAdapter.class.getName());

  /** Devices say little of themselves; larger messages stay with the broker. */
  private static final long LARGEST_STATE = 64 << 10;

  private final SmingSettings settings;
  private final Packager packager;
  private final BrokerVisit.Means means;

  SmingAdapter(SmingSettings settings, Packager packager, BrokerVisit.Means means) {
    this.settings = settings;
    this.packager = packager;
    this.means = means;
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    progress.step(Progress.Step.PREPARE);
    String version = installation.update().firmware().version().strip();
    Optional<SemanticVersion> running = running(progress);
    // An image for another device on the same topic may have brought it here meanwhile.
    if (running.map(SemanticVersion::toString).filter(version::equals).isPresent()) {
      progress.message("The device runs " + version + " already, nothing is published");
      return;
    }
    Release release = settings.rules().release(version, running);
    byte[] payload = packager.pack(release, installation.image());
    progress.step(Progress.Step.WRITE);
    if (settings.retainFor().isPresent() && settings.version().isPresent()) {
      retain(release, payload, progress, version);
    } else {
      publish(release, payload, progress, version);
    }
  }

  /**
   * The version that the device runs; unknown is good enough where the settings say where it
   * listens.
   */
  private Optional<SemanticVersion> running(Progress progress)
      throws UpdateException, InterruptedException {
    if (settings.version().isEmpty()) {
      return Optional.empty();
    }
    try {
      return SemanticVersion.parse(read(settings.version().get()));
    } catch (UpdateException e) {
      if (settings.rules().listensTo().isEmpty()) {
        throw e;
      }
      progress.message("The running version is not known: " + e.failure().sentence());
      return Optional.empty();
    }
  }

  private void publish(Release release, byte[] payload, Progress progress, String version)
      throws DeviceBusyException, UpdateException, InterruptedException {
    Optional<SubscriptionLog> log = settings.log();
    try (BrokerVisit visit =
        visit(log.map(it -> SubscriptionLog.TOPIC).stream().collect(toSet()))) {
      if (!visit.offer(release, payload)) {
        throw new DeviceBusyException("no device has subscribed to " + release.topic());
      }
      progress.message("The broker has taken " + release);
      if (log.isPresent()) {
        awaitStart(visit, log.get(), progress, version);
      } else if (settings.version().isEmpty()) {
        progress.message(
            "Delivered, unconfirmed: without version_topic nobody sees whether a device took it");
      }
    } catch (PublishException e) {
      judge(e, progress);
    }
  }

  /** The topic that a device waits on shows its minor version, and nothing of its patch. */
  private void awaitStart(BrokerVisit visit, SubscriptionLog log, Progress progress, String version)
      throws UpdateException, InterruptedException {
    String topic = settings.rules().topicOf(version);
    if (!visit.awaitMessage(line -> log.tells(line, topic), log.limit())) {
      throw new UpdateException(
          FailureCode.NOT_CONFIRMED,
          "The device \"%s\" was not seen to subscribe to %s within %d s. Look whether it was connected and took the image, and whether the broker publishes its log (mosquitto: log_dest topic, log_type subscribe)."
              .formatted(log.clientId(), topic, log.limit().toSeconds()));
    }
    progress.message("The device has started again and waits on " + topic);
  }

  /**
   * Fails, unless the device itself can be asked: then a message that may have arrived is no
   * failure yet.
   */
  private void judge(PublishException e, Progress progress) throws UpdateException {
    if (e.isPermanent() || settings.version().isEmpty()) {
      throw new UpdateException(
          FailureCode.INSTALL_FAILED, "The image was not published: " + e.getMessage() + ".", e);
    }
    progress.message("It is not known whether the image was published: " + e.getMessage());
  }

  private void retain(Release release, byte[] payload, Progress progress, String version)
      throws UpdateException, InterruptedException {
    VersionMessage message = settings.version().orElseThrow();
    try (BrokerVisit visit = visit(Set.of(message.topic()))) {
      try {
        visit.retain(release, payload);
        progress.message("The broker keeps " + release + " until the device runs " + version);
        Duration limit = settings.retainFor().orElseThrow();
        boolean unused = visit.awaitMessage(said -> message.tells(said, version), limit);
      } finally {
        visit.clear(release.topic());
      }
    } catch (PublishException e) {
      judge(e, progress);
    }
  }

  private BrokerVisit visit(Set<String> filters) throws UpdateException, InterruptedException {
    return BrokerVisit.begin(settings.broker(), filters, means, FailureCode.INSTALL_FAILED);
  }

  @Override
  public Optional<VersionReader> versionReader() {
    return settings.version().map(message -> update -> read(message));
  }

  private String read(VersionMessage message) throws UpdateException, InterruptedException {
    MqttSettings frugal = settings.broker().withLargestMessage(LARGEST_STATE);
    try (BrokerVisit visit =
        BrokerVisit.begin(frugal, Set.of(message.topic()), means, FailureCode.VERSION_UNREADABLE)) {
      byte[] payload = visit.next(means.patience()).orElseThrow(() -> silent(message));
      return message.version(payload);
    } catch (NoVersionException e) {
      throw unreadable(message, e);
    }
  }

  private UpdateException silent(VersionMessage message) {
    return new UpdateException(
        FailureCode.VERSION_UNREADABLE,
        "Nothing was published on %s within %d s. Let the device publish its version there, retained."
            .formatted(message.topic(), means.patience().toSeconds()));
  }

  private static UpdateException unreadable(VersionMessage message, NoVersionException e) {
    return new UpdateException(
        FailureCode.VERSION_UNREADABLE,
        "What the device publishes on %s holds no version: %s."
            .formatted(message.topic(), e.getMessage()),
        e);
  }

  /** A connector that was killed cannot have removed what it left at the broker. */
  @Override
  public void endLeftovers(FirmwareUpdate update) throws InterruptedException {
    String version = update.firmware().version().strip();
    if (settings.retainFor().isEmpty() || SemanticVersion.parse(version).isEmpty()) {
      return;
    }
    try (BrokerVisit visit = visit(Set.of())) {
      visit.clear(settings.rules().topicOf(version));
    } catch (UpdateException e) {
      LOG.log(
          Level.WARNING,
          "A retained image of {0} may be left at the broker: {1}",
          update.key(),
          e.failure().sentence());
    }
  }
}
