package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.simulation.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that is killed loses what it has acknowledged and not yet passed on. */
@ParameterizedClass
@ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
class LinkLossTest {
  private final Scheduler scheduler;
  private final Engine engine;

  /** An engine whose threads take turns as this seed has it. */
  LinkLossTest(long seed) {
    scheduler = Scheduler.ofThisThread(seed);
    engine = new Engine(scheduler);
  }

  @AfterEach
  void close() {
    engine.close();
    scheduler.close();
  }

  @Test
  void whatWasToldJustBeforeIsToldAgainButNotAtOnce() throws Exception {
    update();
    engine.statuses.cut(true);
    engine.queue().linkLost();
    awaitUnreported();
    engine.statuses.cut(false);
    engine.queue().announce();
    engine.request("other", "2.0");
    engine.awaitEnd(key("other"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);

    scheduler.advance(Reporter.SETTLING);

    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op")))
        .containsExactly("executing", "successful", "successful");
  }

  @Test
  void itIsNotForgottenWithTheProcess() throws Exception {
    update();
    engine.statuses.cut(true);
    engine.queue().linkLost();
    awaitUnreported();
    engine.close();
    engine.statuses.cut(false);
    engine.start();
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(2);
  }

  @Test
  void itsRequestMayHaveBeenSentAgainBefore() throws Exception {
    update();
    engine.request("op", "2.0");
    awaitUnreported();
    scheduler.advance(Reporter.SETTLING);
    engine.awaitEnd(key("op"));
    engine.queue().linkLost();
    awaitUnreported();
    scheduler.advance(Reporter.SETTLING);
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(3);
  }

  @Test
  void whatWasToldLongBeforeIsNotToldAgain() throws Exception {
    update();
    scheduler.advance(Reporter.SETTLING.plusMillis(1));
    engine.queue().linkLost();
    engine.request("other", "2.0");
    engine.awaitEnd(key("other"));
    scheduler.advance(Reporter.SETTLING);
    engine.request("third", "2.0");
    engine.awaitEnd(key("third"));
    assertThat(engine.statuses.ends(key("op"))).hasSize(1);
    assertThat(engine.journal().find(key("op")).map(JournalEntry::reported)).contains(true);
  }

  private void update() throws InterruptedException {
    engine.start();
    engine.request("op", "2.0");
    engine.awaitEnd(key("op"));
  }

  private void awaitUnreported() {
    scheduler.await(() -> !engine.isReported(key("op")));
  }
}
