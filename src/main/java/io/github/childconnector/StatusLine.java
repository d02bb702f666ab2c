package io.github.childconnector;

import io.github.childconnector.systemd.ServiceNotifier;
import java.util.Optional;

/** The line that {@code systemctl status} shows: how the link is, and whatever holds updates up. */
final class StatusLine {
  private final ServiceNotifier notifier;
  private String link = "";
  private Optional<String> trouble = Optional.empty();

  StatusLine(ServiceNotifier notifier) {
    this.notifier = notifier;
  }

  /** How the link to the broker is. */
  void link(String now) {
    notifier.status(withLink(now));
  }

  private synchronized String withLink(String now) {
    link = now;
    return text();
  }

  /** Why the journal cannot be used; empty where it can. */
  void journal(Optional<String> now) {
    notifier.status(withTrouble(now));
  }

  private synchronized String withTrouble(Optional<String> now) {
    trouble = now;
    return text();
  }

  private String text() {
    return trouble
        .map(why -> "Updates wait, because the journal cannot be used: " + why + "; " + link)
        .orElse(link);
  }
}
