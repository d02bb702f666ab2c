package io.github.childconnector.update;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.Stage;
import java.time.Duration;
import java.util.Optional;

/**
 * Where an operation goes next.
 *
 * @param failure why it failed, or will unless the device turns out to run the firmware
 * @param pause how long it leaves the device alone before that
 * @param interrupted whether it goes there because its present stage was cut off
 */
record Transition(Stage next, Optional<Failure> failure, Duration pause, boolean interrupted) {

  static Transition to(Stage next) {
    return new Transition(next, Optional.empty(), Duration.ZERO, false);
  }

  static Transition to(Stage next, Failure failure) {
    return new Transition(next, Optional.of(failure), Duration.ZERO, false);
  }

  static Transition later(Stage next, Duration pause) {
    return new Transition(next, Optional.empty(), pause, false);
  }

  static Transition again(Stage next) {
    return new Transition(next, Optional.empty(), Duration.ZERO, true);
  }
}
