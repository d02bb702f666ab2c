package io.github.childconnector;

import static java.lang.invoke.MethodHandles.dropArguments;
import static java.lang.invoke.MethodHandles.publicLookup;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodType;

/**
 * SIGHUP, by which a service manager or an operator asks for the configuration to be read again.
 *
 * <p>Java has no public way to signals; {@code sun.misc.Signal} is what the JDK keeps open for want
 * of one (JEP 260), but a compiler that takes warnings for errors does not take its name.
 */
final class Hangup {
  private Hangup() {}

  /** Runs {@code action} at each SIGHUP, in a thread of its own. */
  static void run(Runnable action) {
    try {
      install(
          publicLookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(action));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      System.getLogger(Hangup.class.getName())
          .log(Level.WARNING, "The configuration cannot be reloaded by SIGHUP: {0}", e.toString());
    }
  }

  private static void install(MethodHandle action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object runner =
        MethodHandleProxies.asInterfaceInstance(handler, dropArguments(action, 0, signal));
    Object hangup = signal.getConstructor(String.class).newInstance("HUP");
    signal.getMethod("handle", signal, handler).invoke(null, hangup, runner);
  }
}
