package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.journal.JournalEntry;
import org.junit.jupiter.api.Test;

/** A broker that is killed loses what it has acknowledged and not yet passed on. */
class LinkLossTest extends EngineCase {
  LinkLossTest(long seed) {
    super(seed);
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
    engine.awaitLateEnd(key("op"));
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
    engine.await(() -> !engine.isReported(key("op")));
  }
}
