package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.adapter.endpoint.Leases.Lease;
import io.github.childconnector.adapter.endpoint.OfferEnd;
import io.github.childconnector.adapter.endpoint.StandingOffer;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Answers the statuses of one device, and takes from them what it runs. */
final class DrogueAdapter implements DeviceAdapter {
  private static final Duration NOTICE = Duration.ofMinutes(1);

  private final ChildId child;
  private final DrogueSettings settings;
  private final Leases<DeviceAddress, DfuDevice> transports;
  private final Disk disk;

  DrogueAdapter(
      ChildId child,
      DrogueSettings settings,
      Leases<DeviceAddress, DfuDevice> transports,
      Disk disk) {
    this.child = child;
    this.settings = settings;
    this.transports = transports;
    this.disk = disk;
  }

  @Override
  public Optional<Endpoint> endpoint() {
    return Optional.of(transports.endpoint(child, settings.address()));
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
    DeliveryRules rules = settings.rules(installation);
    try {
      Lease<DeviceAddress, DfuDevice> lease = transports.lease(child, settings.address());
      try {
        DeliveryFile file =
            DeliveryFile.open(disk, settings.directory(), installation.update(), rules);
        OfferEnd end = new OfferEnd(lease.device().clock(), news);
        return begin(new Offer(file, installation.image(), progress, end), lease);
      } catch (IOException | RuntimeException | Error e) {
        lease.close();
        throw e;
      }
    } catch (IOException e) {
      throw impossible(FailureCode.INSTALL_FAILED, e);
    }
  }

  private StandingOffer begin(Offer offer, Lease<DeviceAddress, DfuDevice> lease) {
    DfuDevice device = lease.device();
    device.begin(offer);
    Offer.Watch watch = offer.watch(device.clock(), NOTICE);
    return new StandingOffer(
        offer.end(),
        new StandingOffer.Terms(
            () -> device.withdraw(offer),
            () -> silence(lease),
            () -> {
              watch.close();
              device.end(offer);
              lease.close();
            }));
  }

  private String silence(Lease<DeviceAddress, DfuDevice> lease) {
    String time = DurationText.write(settings.pollTimeout());
    String why = lease.trouble().map(trouble -> ": " + trouble).orElse("");
    return "it has sent no status to " + settings.address() + " for " + time + why;
  }

  private static UpdateException impossible(FailureCode code, IOException e) {
    return new UpdateException(
        code, "The device cannot be served: " + FileTrouble.sentence(e) + ".", e);
  }

  @Override
  public Optional<VersionReader> versionReader() {
    return Optional.of(
        update -> {
          try (Lease<DeviceAddress, DfuDevice> lease =
              transports.lease(child, settings.address())) {
            return lease.device().version();
          } catch (IOException e) {
            throw impossible(FailureCode.VERSION_UNREADABLE, e);
          }
        });
  }

  /**
   * The device that was told to keep the version may be restarted before it hears that, and then
   * runs the old one again.
   */
  @Override
  public Optional<Commitment> commitment() {
    return Optional.of((update, progress) -> awaitKept(update));
  }

  private void awaitKept(FirmwareUpdate update) throws UpdateException, InterruptedException {
    DeviceVersion target = DeviceVersion.of(update.firmware().version().strip());
    try (Lease<DeviceAddress, DfuDevice> lease = transports.lease(child, settings.address())) {
      Optional<DeviceVersion> kept = lease.device().awaitKept(target);
      if (kept.filter(version -> !version.equals(target)).isPresent()) {
        throw new UpdateException(
            FailureCode.INSTALL_FAILED,
            "The device ran version %s and then %s: it was restarted before it had heard that it may keep the new one. Send the update again."
                .formatted(target, kept.get()));
      }
    } catch (IOException e) {
      throw impossible(FailureCode.INSTALL_FAILED, e);
    }
  }

  /** The device goes on where it is, as far as it can be proven that it got that from here. */
  @Override
  public boolean isRepeatable() {
    return true;
  }
}
