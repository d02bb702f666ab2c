package io.github.childconnector.adapter.sming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.simulation.Scheduler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a visit waits for, thread by thread, on a clock that moves when all wait. */
class BrokerVisitTest {
  private static final String TOPIC = "a/test/u/4.3";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final FakeDevicesBroker broker = new FakeDevicesBroker();
  private final List<String> ends = new ArrayList<>();
  private Scheduler scheduler;
  private FirmwareImage image;

  @BeforeEach
  void begin(@TempDir Path directory) throws Exception {
    scheduler = Scheduler.ofThisThread(1);
    image =
        FirmwareImages.verified(
            Files.write(directory.resolve("image"), new byte[] {(byte) 0xE9, 1, 2}));
  }

  @AfterEach
  void endThreads() {
    scheduler.close();
    assertThat(broker.guests()).isZero();
  }

  private static ScriptedSettings blind() {
    return new ScriptedSettings().with("app", "test").with("listens_to", "4.3");
  }

  private static ScriptedSettings seeing() {
    return blind().with("version_topic", "weather/state");
  }

  private static ScriptedSettings retaining(Duration length) {
    return seeing()
        .with("wire_patch", "one less")
        .with("retained", true)
        .with("retain_for", length);
  }

  private SmingAdapter adapter(ScriptedSettings table) {
    return FakeDevicesBroker.adapter(
        table, new BrokerVisit.Means(scheduler, settings -> broker, PATIENCE));
  }

  private String read() throws Exception {
    return adapter(seeing()).versionReader().orElseThrow().readVersion(update());
  }

  private static FirmwareUpdate update() {
    return FakeDevicesBroker.update("4.3.6");
  }

  private void install(ScriptedSettings table) {
    try {
      adapter(table).install(new Installation(update(), image), new RecordingProgress());
      ends.add("installed");
    } catch (Exception e) {
      ends.add(e.getClass().getSimpleName());
    }
  }

  private Threads.Worker installing(ScriptedSettings table) {
    Threads.Worker worker = scheduler.thread("install", () -> install(table));
    worker.start();
    return worker;
  }

  private Duration now() {
    return Duration.ofNanos(scheduler.nanoTime());
  }

  @Test
  void aBrokerThatDoesNotAnswerIsWaitedForSoLong() {
    broker.greeting(listener -> {});

    assertThatThrownBy(this::read)
        .isInstanceOf(UpdateException.class)
        .hasMessage("For the devices, the broker does not answer.");
    assertThat(now()).isEqualTo(PATIENCE);
  }

  @Test
  void aBrokerThatIsAwayIsToldWithItsReason() {
    broker.greeting(listener -> listener.down("nobody listens at gw:1883."));

    assertThatThrownBy(this::read).hasMessage("For the devices, nobody listens at gw:1883.");
    assertThat(now()).isEqualTo(PATIENCE);
  }

  @Test
  void aRefusalIsToldAtOnce() {
    broker.greeting(listener -> listener.refused("the broker refuses the topic"));

    assertThatThrownBy(this::read).hasMessage("For the devices, the broker refuses the topic.");
    assertThat(now()).isZero();
  }

  @Test
  void theFirstAnswerDecides() throws Exception {
    broker.greeting(
        listener -> {
          listener.up();
          listener.down("lost");
          listener.refused("no more");
          scheduler.daemon("device", () -> say("4.3.5")).start();
        });

    assertThat(read()).isEqualTo("4.3.5");
  }

  private void say(String text) {
    try {
      broker.say(text);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anAnswerThatComesLaterIsHeard() throws Exception {
    broker.greeting(
        listener ->
            scheduler.schedule(
                Duration.ofSeconds(9),
                () -> {
                  listener.up();
                  say("4.3.5");
                }));

    assertThat(read()).isEqualTo("4.3.5");
    assertThat(now()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void aDeviceThatSaysNothingIsTold() {
    assertThatThrownBy(this::read)
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("Nothing was published on weather/state within 10 s");
    assertThat(now()).isEqualTo(PATIENCE);
  }

  @Test
  void onlyTheLatestMessagesAreKept() throws Exception {
    broker.greeting(
        listener -> {
          listener.up();
          for (int number = 1; number <= 100; number++) {
            say("4.3." + number);
          }
        });

    assertThat(read()).isEqualTo("4.3.97");
  }

  @Test
  void aFaultOfTheProgramLeavesNoConnection() {
    broker.greeting(
        listener -> {
          throw new StackOverflowError("of a listener");
        });

    assertThatThrownBy(this::read).isInstanceOf(StackOverflowError.class);
  }

  @Test
  void aRetainedImageIsRemovedWhenItsTimeIsUp() {
    install(retaining(Duration.ofMinutes(25)));

    assertThat(ends).containsExactly("installed");
    assertThat(broker.published()).containsExactly("5 " + TOPIC, "-1 " + TOPIC);
    assertThat(now()).isEqualTo(PATIENCE.plusMinutes(25));
  }

  @Test
  void aRetainedImageIsRemovedWhenTheDeviceRunsIt() {
    installing(retaining(Duration.ofMinutes(25)));
    scheduler.await(() -> broker.retained().contains(TOPIC));
    say("4.3.5");
    say("4.3.6");
    scheduler.await(() -> !ends.isEmpty());

    assertThat(broker.published()).containsExactly("5 " + TOPIC, "-1 " + TOPIC);
    assertThat(now()).isEqualTo(PATIENCE);
  }

  @Test
  void aRetainedImageIsRemovedWhenTheConnectorStops() {
    Threads.Worker worker = installing(retaining(Duration.ofMinutes(25)));
    scheduler.await(() -> broker.retained().contains(TOPIC));
    worker.interrupt();
    scheduler.await(() -> !ends.isEmpty());

    assertThat(ends).containsExactly("InterruptedException");
    assertThat(broker.retained()).isEqualTo(Set.of());
    assertThat(now()).isEqualTo(PATIENCE);
  }

  @Test
  void whatCannotBeRemovedAtOnceIsTriedAgain() throws Exception {
    broker.refusing(5);
    adapter(retaining(Duration.ofMinutes(25))).endLeftovers(update());

    assertThat(broker.published()).containsExactly("-1 " + TOPIC);
    assertThat(now()).isEqualTo(Duration.ofMillis(2500));
  }

  @Test
  void aBrokerThatStaysAwayIsNotTriedForEver() throws Exception {
    broker.refusing(Integer.MAX_VALUE);
    adapter(retaining(Duration.ofMinutes(25))).endLeftovers(update());

    assertThat(now()).isEqualTo(Duration.ofSeconds(15));
  }
}
