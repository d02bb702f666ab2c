package io.github.childconnector.operation;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * How far an operation is, as a table: which stages may follow, what thin-edge is told meanwhile,
 * and what is done when the process dies there and starts again.
 *
 * <pre>
 * stage         may be followed by                                   told        after a restart
 * queued        checking, failed                                     executing   resume
 * checking      fetching, successful, failed                         executing   resume
 * fetching      ready, failed                                        executing   resume
 * ready         fetching, installing, failed                         executing   resume
 * installing    ready, confirming, rolling_back, successful, failed  executing   ask device
 * confirming    rolling_back, successful, failed                     executing   resume
 * rolling_back  failed                                               executing   conclude
 * successful    -                                                    successful  report
 * failed        -                                                    failed      report
 * </pre>
 */
public enum Stage {
  /** Accepted; the child's earlier operations are still under way. */
  QUEUED(Restart.RESUME),
  /** The device is asked whether it runs the firmware already. */
  CHECKING(Restart.RESUME),
  /** The image is downloaded and its digest compared. */
  FETCHING(Restart.RESUME),
  /** The image is verified and waits for the device, its bus, or a free installer. */
  READY(Restart.RESUME),
  /** The adapter puts the image on the device. */
  INSTALLING(Restart.ASK_DEVICE),
  /** The device is asked until it runs the new version, which is then made final. */
  CONFIRMING(Restart.RESUME),
  /** The adapter restores the old firmware. */
  ROLLING_BACK(Restart.CONCLUDE),
  /** Ended; the device runs the firmware. */
  SUCCESSFUL(Restart.REPORT),
  /** Ended; the reason is kept with it. */
  FAILED(Restart.REPORT);

  /** Tells what a connector that starts again does with an operation it finds in a stage. */
  public enum Restart {
    /** Begins the stage again; it changed nothing on the device. */
    RESUME,
    /** Asks the device what it runs, and decides by the answer. */
    ASK_DEVICE,
    /** Ends the operation with the failure it had already come to. */
    CONCLUDE,
    /** Reports the end, if the broker has not acknowledged it. */
    REPORT
  }

  private final Restart restart;

  Stage(Restart restart) {
    this.restart = restart;
  }

  /** The stages that may follow this one; none after an end. */
  public Set<Stage> followers() {
    return switch (this) {
      case QUEUED -> EnumSet.of(CHECKING, FAILED);
      case CHECKING -> EnumSet.of(FETCHING, SUCCESSFUL, FAILED);
      case FETCHING -> EnumSet.of(READY, FAILED);
      case READY -> EnumSet.of(FETCHING, INSTALLING, FAILED);
      case INSTALLING -> EnumSet.of(READY, CONFIRMING, SUCCESSFUL, ROLLING_BACK, FAILED);
      case CONFIRMING -> EnumSet.of(SUCCESSFUL, ROLLING_BACK, FAILED);
      case ROLLING_BACK -> EnumSet.of(FAILED);
      case SUCCESSFUL, FAILED -> EnumSet.noneOf(Stage.class);
    };
  }

  /** The status that thin-edge is told while an operation is here. */
  public OperationStatus status() {
    return switch (this) {
      case SUCCESSFUL -> OperationStatus.SUCCESSFUL;
      case FAILED -> OperationStatus.FAILED;
      default -> OperationStatus.EXECUTING;
    };
  }

  /** Tells what a connector that starts again does with an operation that is here. */
  public Restart restart() {
    return restart;
  }

  /** Whether nothing follows. */
  public boolean isEnd() {
    return followers().isEmpty();
  }

  /** The stage as the journal, the log and the command line write it, for example {@code ready}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
