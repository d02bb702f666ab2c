package io.github.childconnector;

import io.github.childconnector.clock.MonotonicClock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * Notices that a package has replaced the files of the Java that runs this process, and has the
 * process started anew as soon as it writes no device: what it has not loaded by then, it might
 * find in another version or not at all.
 */
final class JavaUpgrade {
  private static final System.Logger LOG = System.getLogger(JavaUpgrade.class.getName());

  /**
   * The pause between two looks at one file. An upgrade has ended when two of them see the same new
   * one: dpkg puts all files of a package in their places within seconds.
   */
  static final Duration LOOK = Duration.ofSeconds(10);

  private final Path file;
  private final IntSupplier devices;
  private final Runnable restart;
  private final String atStart;
  private String last;
  private boolean told;
  private boolean ended;

  private JavaUpgrade(Path javaHome, IntSupplier devices, Runnable restart) {
    // Every version has its own, and nothing else changes it.
    this.file = javaHome.resolve("lib").resolve("modules");
    this.devices = devices;
    this.restart = restart;
    this.atStart = identity();
    this.last = atStart;
  }

  /**
   * Begins to look.
   *
   * @param devices how many devices are being written at the moment
   * @param restart ends this process so that another one is started; called once
   */
  static void watch(MonotonicClock clock, Path javaHome, IntSupplier devices, Runnable restart) {
    JavaUpgrade upgrade = new JavaUpgrade(javaHome, devices, restart);
    clock.repeat(LOOK, upgrade::look);
  }

  private void look() {
    String now = identity();
    // One that is gone may be about to come back; while there is none, nothing could be started.
    boolean isReplaced = !now.isEmpty() && !now.equals(atStart) && now.equals(last);
    last = now;
    if (isReplaced && !ended) {
      restartWhenIdle(devices.getAsInt());
    }
  }

  private void restartWhenIdle(int writing) {
    if (writing == 0) {
      LOG.log(Level.INFO, "Java was replaced by another version ({0}): starting anew", file);
      ended = true;
      restart.run();
    } else if (!told) {
      told = true;
      LOG.log(
          Level.INFO,
          "Java was replaced by another version ({0}): starting anew once {1} of the devices are written",
          file,
          writing);
    }
  }

  /** Tells this file from any other at its place; empty if there is none. */
  private String identity() {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return is.fileKey() + " " + is.size() + " " + is.lastModifiedTime();
    } catch (IOException e) {
      return "";
    }
  }
}
