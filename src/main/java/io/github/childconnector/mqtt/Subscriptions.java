package io.github.childconnector.mqtt;

import java.util.HashSet;
import java.util.Set;

/**
 * What a link subscribes to.
 *
 * @param wanted the filters to subscribe to
 * @param dropped others that the broker's session may hold, and is to give up
 */
record Subscriptions(Set<String> wanted, Set<String> dropped) {
  static final Subscriptions NONE = new Subscriptions(Set.of(), Set.of());

  Subscriptions {
    Set<String> unwanted = new HashSet<>(dropped);
    unwanted.removeAll(wanted);
    wanted = Set.copyOf(wanted);
    dropped = Set.copyOf(unwanted);
  }

  /** These instead: whatever is not among them is dropped. */
  Subscriptions changedTo(Set<String> filters) {
    return new Subscriptions(filters, wanted).dropping(dropped);
  }

  /** The same with more to be dropped. */
  Subscriptions dropping(Set<String> filters) {
    Set<String> all = new HashSet<>(dropped);
    all.addAll(filters);
    return new Subscriptions(wanted, all);
  }
}
