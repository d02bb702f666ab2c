package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.endpoint.Connections;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.adapter.endpoint.Leases.Lease;
import io.github.childconnector.adapter.endpoint.OfferEnd;
import io.github.childconnector.adapter.endpoint.StandingOffer;
import io.github.childconnector.adapter.fuota.management.EspImage;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Offers images to one device that polls, and takes from its polls what it runs. */
final class FuotaAdapter implements DeviceAdapter {
  /** Versions that the client can write into an address, without escapes. */
  private static final Pattern TELLABLE = Pattern.compile("[!$'()*+,./0-9:;=?@A-Z_a-z~-]+");

  private final ChildId child;
  private final FuotaSettings settings;
  private final Leases<FuotaSettings, PolledDevice> servers;

  FuotaAdapter(ChildId child, FuotaSettings settings, Leases<FuotaSettings, PolledDevice> servers) {
    this.child = child;
    this.settings = settings;
    this.servers = servers;
  }

  /** The servers that devices poll: one for each address. */
  static Leases<FuotaSettings, PolledDevice> servers(MonotonicClock clock) {
    Connections open = new Connections("fuota", clock);
    return new Leases<>(
        clock.threads(),
        FuotaSettings::listen,
        first -> new PollServer(first.identity(), open, clock));
  }

  @Override
  public Optional<Endpoint> endpoint() {
    return Optional.of(servers.endpoint(child, settings));
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    begin(installation, progress, () -> {}).await(settings.pollTimeout());
  }

  @Override
  public Optional<Offering> offering() {
    return Optional.of(StandingOffer.offering(settings.pollTimeout(), this::begin));
  }

  private StandingOffer begin(Installation installation, Progress progress, Runnable news)
      throws UpdateException {
    requireTellable(installation.update().firmware().version().strip());
    EspImage.requireFits(installation.image(), settings.slot().size());
    if (settings.checkImage()) {
      EspImage.read(installation.image().path()).requireChip(Set.of(settings.slot().chip()));
    }
    Lease<FuotaSettings, PolledDevice> lease = lease(FailureCode.INSTALL_FAILED);
    PolledDevice device = lease.device();
    Offer offer = new Offer(installation, progress, new OfferEnd(device.clock(), news));
    device.begin(offer);
    return new StandingOffer(
        offer.end(),
        new StandingOffer.Terms(
            () -> device.withdraw(offer),
            this::silence,
            () -> {
              device.end(offer);
              lease.close();
            }));
  }

  private static void requireTellable(String version) throws UpdateException {
    if (!TELLABLE.matcher(version).matches()) {
      throw new UpdateException(
          FailureCode.INSTALL_FAILED,
          "The device cannot say that it runs the version %s, because it writes its version into the address of its poll as it is; so it was offered nothing. Use letters, digits and . - + _ ~ in OTA_VERSION, and the same version in the cloud."
              .formatted(version));
    }
  }

  private String silence() {
    return "it has not polled "
        + settings.listen()
        + " as "
        + settings.deviceId()
        + " for "
        + DurationText.write(settings.pollTimeout());
  }

  private Lease<FuotaSettings, PolledDevice> lease(FailureCode code) throws UpdateException {
    try {
      return servers.lease(child, settings);
    } catch (IOException e) {
      throw new UpdateException(
          code, "The server for this device cannot run: " + FileTrouble.sentence(e) + ".", e);
    }
  }

  @Override
  public Optional<VersionReader> versionReader() {
    return Optional.of(
        update -> {
          try (Lease<FuotaSettings, PolledDevice> lease = lease(FailureCode.VERSION_UNREADABLE)) {
            return lease.device().version();
          }
        });
  }

  /** The device fetches the whole image or boots its old one: being offered it again is no harm. */
  @Override
  public boolean isRepeatable() {
    return true;
  }
}
