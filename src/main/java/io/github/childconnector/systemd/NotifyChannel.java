package io.github.childconnector.systemd;

import java.io.IOException;
import java.util.List;

/** The way to systemd. */
interface NotifyChannel {

  /** Sends assignments such as {@code READY=1}, all in one message, within a few seconds. */
  void send(List<String> assignments) throws IOException, InterruptedException;
}
