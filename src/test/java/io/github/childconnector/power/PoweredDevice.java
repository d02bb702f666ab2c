package io.github.childconnector.power;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Rollback;
import io.github.childconnector.adapter.VersionReader;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.power.Scenario.Trait;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.codec.digest.DigestUtils;

/** The adapter to a device with a power supply of its own; without power here, no call returns. */
final class PoweredDevice implements DeviceAdapter {
  private final Outside outside;
  private final Disk disk;
  private final Power power;

  PoweredDevice(Outside outside, Disk disk, Power power) {
    this.outside = outside;
    this.disk = disk;
    this.power = power;
  }

  private interface Effect {
    void happen();
  }

  private void step(String what, Effect effect) throws InterruptedException {
    try {
      power.step(
          what,
          () -> {
            effect.happen();
            return true;
          });
    } catch (IOException e) {
      new CountDownLatch(1).await();
    }
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws UpdateException, InterruptedException {
    FirmwareUpdate update = installation.update();
    requireRightBytes(installation);
    step("begin of install", () -> outside.beginFlash(update.key().id()));
    if (outside.scenario().is(Trait.BROKEN, Trait.DEAF)) {
      step("end of install", () -> outside.run("broken"));
    } else {
      step("end of install", () -> outside.run(update.firmware().version()));
    }
    if (outside.scenario().is(Trait.BROKEN)) {
      throw new UpdateException(FailureCode.INSTALL_FAILED, "The device refused it.");
    }
  }

  private void requireRightBytes(Installation installation) throws InterruptedException {
    try (InputStream bytes = disk.read(installation.image().path())) {
      String digest = DigestUtils.sha256Hex(bytes);
      if (!digest.equals(installation.update().digest().hex())) {
        outside.problem("wrong bytes were to be installed: " + installation);
      }
    } catch (Power.Cut e) {
      new CountDownLatch(1).await();
    } catch (IOException e) {
      outside.problem("no bytes were to be installed: " + e);
    }
  }

  @Override
  public Optional<VersionReader> versionReader() {
    return outside.scenario().is(Trait.BLIND) ? Optional.empty() : Optional.of(this::readVersion);
  }

  private String readVersion(FirmwareUpdate update) throws UpdateException, InterruptedException {
    step("reading of the version", () -> {});
    String version = outside.version();
    if (version.startsWith("half")) {
      throw new UpdateException(FailureCode.VERSION_UNREADABLE, "The device does not answer.");
    }
    return version;
  }

  @Override
  public Optional<Rollback> rollback() {
    return outside.scenario().is(Trait.RESTORABLE) ? Optional.of(this::restore) : Optional.empty();
  }

  private Rollback.Result restore(FirmwareUpdate update, Progress progress)
      throws InterruptedException {
    step("begin of rollback", () -> outside.run("half of " + Outside.OLD));
    step("end of rollback", () -> outside.run(Outside.OLD));
    return Rollback.Result.RESTORED;
  }

  @Override
  public boolean isRepeatable() {
    return outside.scenario().is(Trait.REPEATABLE);
  }
}
