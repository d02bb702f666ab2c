package io.github.childconnector.adapter.drogue.device;

import io.github.childconnector.adapter.drogue.device.Traits.Flaw;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** embedded-update's FirmwareUpdater: the device's side of the conversation. */
final class Updater {
  private final String current;
  private final FirmwareManager manager;
  private final Board board;
  private final Talk talk;
  private Optional<String> nextVersion = Optional.empty();
  private int nextOffset;

  /** How it talks with its server. */
  interface Talk {
    /** The answer to a status, for which it is asked until there is one. */
    Order ask(Say say) throws IOException, InterruptedException;

    void pause(Duration time) throws InterruptedException;
  }

  Updater(String current, FirmwareManager manager, Board board, Talk talk) {
    this.current = current;
    this.manager = manager;
    this.board = board;
    this.talk = talk;
  }

  /** Returns once it is to be reset. What goes wrong is told to nobody, and begun anew. */
  void run() throws InterruptedException {
    boolean running = true;
    while (running) {
      try {
        Optional<Duration> inSync = untilSyncOrSwap();
        running = inSync.isPresent();
        talk.pause(inSync.orElse(Duration.ZERO));
      } catch (IOException e) {
        talk.pause(board.traits().retry);
      }
    }
  }

  /** Empty if it is to be reset, or else for how long there is nothing to do. */
  private Optional<Duration> untilSyncOrSwap() throws IOException, InterruptedException {
    nextVersion = manager.have().map(Say.Have::version);
    nextOffset = manager.have().map(Say.Have::offset).orElse(0);
    while (true) {
      Order order = talk.ask(say());
      board.steps().before("command");
      if (order instanceof Order.Write write) {
        take(write);
        talk.pause(board.traits().backoff);
      } else if (order instanceof Order.Wait wait) {
        talk.pause(wait.poll().map(Duration::ofSeconds).orElse(board.traits().backoff));
      } else if (order instanceof Order.Sync sync) {
        manager.synced();
        return Optional.of(sync.poll().map(Duration::ofSeconds).orElse(board.traits().poll));
      } else if (board.traits().has(Flaw.IGNORES_SWAPS)) {
        talk.pause(board.traits().retry);
      } else if (order instanceof Order.Swap swap) {
        manager.update(swap.digest().array());
        return Optional.empty();
      }
    }
  }

  private Say say() {
    return new Say(
        current,
        0,
        Optional.empty(),
        nextVersion.map(version -> new Say.Have(version, nextOffset)));
  }

  private void take(Order.Write write) throws IOException, InterruptedException {
    if (write.offset() == 0) {
      manager.start(write.version());
      if (!board.traits().has(Flaw.UPDATER_KEEPS_OFFSET)) {
        nextOffset = 0;
      }
    }
    byte[] data = write.data().array();
    manager.write(write.offset(), data);
    nextOffset += data.length;
    nextVersion = Optional.of(write.version());
  }
}
