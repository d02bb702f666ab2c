package io.github.childconnector.world;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets every test wait for as long as a busy machine may need, which may start a JVM in 10 seconds
 * and stand still for some more. JUnit finds it by itself.
 */
@NullMarked
public final class Patience implements BeforeAllCallback {
  /** Only a test that fails waits for so long. */
  public static final Duration LONGEST = Duration.ofSeconds(90);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LONGEST);
    Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
    Awaitility.setDefaultPollDelay(Duration.ofMillis(1));
  }
}
