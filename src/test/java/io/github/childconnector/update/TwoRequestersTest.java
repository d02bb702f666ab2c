package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.simulation.Scheduler;
import io.github.childconnector.update.Requester.Pacing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One operation that comes by two ways is carried out once, and told to both. */
class TwoRequestersTest extends EngineCase {
  private static final String CLOUD_FILE = "http://cloud/fw.bin";
  private static final String SOURCE = Sha256.of(CLOUD_FILE.getBytes(UTF_8)).hex();
  private static final Sha256 DIGEST = new Sha256("ab".repeat(32));

  private final RecordingSink v1 = new RecordingSink(Request.V1, scheduler);
  private final List<String> words = new ArrayList<>();

  TwoRequestersTest(long seed) {
    super(seed);
    engine.others.add(v1);
    engine.statuses.pacing = new Pacing(Duration.ofMillis(1500), Duration.ofMinutes(15));
    engine.statuses.listener = report -> words.add("legacy " + report.words());
    v1.listener = report -> words.add("v1 " + report.words());
  }

  private void legacy(String id) throws InterruptedException {
    legacy(id, "2.0", CLOUD_FILE);
  }

  private void legacy(String id, String version, String file) throws InterruptedException {
    String url =
        "http://gw/te/v1/files/plc/firmware_update/" + Sha256.of(file.getBytes(UTF_8)).hex();
    engine.accept(new FirmwareUpdate(key(id), new Firmware("fw", version), DIGEST, url));
  }

  private static FirmwareUpdate command(String id) {
    return new FirmwareUpdate(
        key(id), new Firmware("fw", "2.0"), Optional.of(DIGEST), "http://gw/c8y/1", SOURCE, false);
  }

  private void v1(String id) throws InterruptedException {
    engine.queue().accept(Request.V1, command(id));
  }

  /** Lets no installation end before it is opened. */
  private Scheduler.Permits hold() {
    Scheduler.Permits hold = scheduler.permits();
    engine.device.install =
        installation -> {
          hold.acquire();
          engine.device.takeIt(installation);
        };
    return hold;
  }

  private void awaitWords(int number) {
    scheduler.await(() -> words.size() >= number);
  }

  private void awaitTold(String operation) {
    scheduler.await(() -> engine.isReported(key(operation)));
  }

  private List<String> askers(String operation) {
    return engine.find(key(operation)).orElseThrow().requests().stream()
        .map(asked -> asked.request().toString())
        .toList();
  }

  @Test
  void theOneThatKnowsItsOperationsByTheirOrderIsToldFirst() throws InterruptedException {
    engine.start();
    v1("v");
    legacy("l");
    awaitWords(4);
    assertThat(words)
        .containsExactly("legacy executing", "v1 executing", "legacy successful", "v1 successful");
    awaitTold("v");
    assertThat(engine.device.installs).hasValue(1);
    assertThat(askers("v")).containsExactly("v1 v", "legacy l");
    assertThat(engine.find(key("l"))).isEmpty();
  }

  @Test
  void aSecondRequestInTheMiddleOfTheInstallationJoinsIt() throws InterruptedException {
    Scheduler.Permits hold = hold();
    engine.start();
    legacy("l");
    scheduler.await(() -> engine.device.installs.get() == 1);
    awaitWords(1);
    v1("v");
    scheduler.await(() -> !v1.of(key("v")).isEmpty());
    hold.open();
    awaitTold("l");
    assertThat(v1.words(key("v"))).containsExactly("executing", "successful");
    assertThat(engine.statuses.words(key("l"))).containsExactly("executing", "successful");
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void whileItWaitsForItsTurnTooAndAfterARestart() throws InterruptedException {
    Scheduler.Permits hold = hold();
    engine.start();
    legacy("first", "0.9", "http://cloud/other");
    scheduler.await(() -> engine.device.installs.get() == 1);
    legacy("l");
    v1("v");
    assertThat(askers("l")).containsExactly("legacy l", "v1 v");
    engine.stop();
    hold.open();
    engine.start();

    awaitTold("l");
    assertThat(v1.ends(key("v"))).hasSize(1);
    assertThat(engine.statuses.ends(key("l"))).hasSize(1);
  }

  @Test
  void aLateRequestIsAnsweredWithTheRecordedEndAndTheOtherOneNotAgain()
      throws InterruptedException {
    engine.start();
    v1("v");
    awaitTold("v");
    scheduler.advance(Duration.ofHours(1));
    legacy("l");
    scheduler.await(() -> !engine.statuses.ends(key("l")).isEmpty());
    awaitTold("v");
    assertThat(v1.ends(key("v"))).hasSize(1);
    assertThat(engine.device.installs).hasValue(1);
    legacy("l");
    scheduler.await(() -> engine.statuses.ends(key("l")).size() == 2);
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void whatWasSentAgainByBothIsAnotherOperation() throws InterruptedException {
    engine.start();
    legacy("l1");
    v1("v1");
    awaitTold("l1");
    engine.device.version = "1.0";
    v1("v2");
    legacy("l2");
    awaitTold("v2");
    assertThat(askers("v2")).containsExactly("v1 v2", "legacy l2");
    assertThat(engine.device.installs).hasValue(2);
  }

  @Test
  void aRequesterThatIsNotPromptMeansANewOperation() throws InterruptedException {
    v1.pairing = Duration.ofMinutes(1);
    engine.start();
    legacy("l1");
    awaitTold("l1");
    v1("v1");
    scheduler.await(() -> !v1.ends(key("v1")).isEmpty());
    assertThat(engine.device.installs).hasValue(1);

    legacy("l2");
    awaitTold("l2");
    scheduler.advance(Duration.ofMinutes(2));
    engine.device.version = "1.0";
    v1("v2");
    awaitTold("v2");
    assertThat(askers("v2")).containsExactly("v1 v2");
  }

  @Test
  void anotherFileOrVersionIsAnotherOperation() throws InterruptedException {
    engine.start();
    legacy("file", "2.0", "http://cloud/other");
    legacy("version", "2.1", CLOUD_FILE);
    v1("v");
    awaitTold("v");
    assertThat(askers("v")).containsExactly("v1 v");
  }

  @Test
  void theOneThatWasNotReachedIsToldAloneLater() throws InterruptedException {
    engine.start();
    v1.cut(true);
    v1("v");
    legacy("l");
    scheduler.await(() -> !engine.statuses.ends(key("l")).isEmpty());
    scheduler.advance(Duration.ofMinutes(10));
    v1.cut(false);
    engine.queue().announce();
    awaitTold("v");
    assertThat(v1.ends(key("v"))).hasSize(1);
    assertThat(engine.statuses.ends(key("l"))).hasSize(1);
  }

  @Test
  void aRequestThatMayBeOldIsAnsweredIfItIsKnownAndElseLeft() throws InterruptedException {
    engine.start();
    assertThat(engine.queue().answerKnown(Request.V1, command("old"))).isFalse();
    legacy("l");
    awaitTold("l");
    engine.stop();
    engine.start();
    scheduler.advance(Duration.ofHours(2));
    assertThat(engine.queue().answerKnown(Request.V1, command("old"))).isTrue();
    scheduler.await(() -> !v1.ends(key("old")).isEmpty());
    assertThat(v1.words(key("old"))).containsExactly("successful");
    assertThat(engine.device.installs).hasValue(1);
  }

  @Test
  void anImageThatNobodyPromisedADigestOfIsFlashedAsItWasRecorded() throws InterruptedException {
    engine.start();
    engine
        .queue()
        .accept(
            Request.V1,
            new FirmwareUpdate(
                key("v"),
                new Firmware("fw", "2.0"),
                Optional.empty(),
                "http://gw/1",
                SOURCE,
                false));
    awaitTold("v");
    JournalEntry entry = engine.find(key("v")).orElseThrow();
    assertThat(entry.update().orElseThrow().digest()).isPresent();
    assertThat(v1.words(key("v"))).containsExactly("executing", "successful");
  }
}
