package io.github.childconnector.world;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Keeps what goes well off the console of the tests: only warnings and errors are shown. A {@link
 * RecordingLog} still gets everything from INFO upwards. JUnit finds it by itself.
 */
@NullMarked
public final class QuietConsole implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      handler.setLevel(Level.WARNING);
    }
  }
}
