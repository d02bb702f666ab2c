package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.simulation.Scheduler.Permits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An image waits for room on the disk while other updates will free some. */
class RoomTest extends EngineCase {
  private static final Optional<String> BUS = Optional.of("rs485");

  /** The images on a disk that has room for some. */
  private final Set<Sha256> stored = new HashSet<>();

  private int room = 3;

  RoomTest(long seed) {
    super(seed);
  }

  private void cramp() {
    engine.images.pruning = stored::retainAll;
    engine.images.fetching =
        digest -> {
          if (!stored.contains(digest) && stored.size() >= room) {
            throw full();
          }
          stored.add(digest);
        };
  }

  private static UpdateException full() {
    return new UpdateException(FailureCode.DISK_FULL, "There is no room.");
  }

  private List<OperationKey> startWith(int count, Optional<String> bus) {
    List<OperationKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ChildId child = new ChildId("child" + i);
      engine.children.add(Engine.child(child, new ScriptedAdapter(scheduler), bus));
      keys.add(new OperationKey(child, "op"));
    }
    engine.start();
    return keys;
  }

  private void request(List<OperationKey> keys) throws InterruptedException {
    for (int i = 0; i < keys.size(); i++) {
      engine.accept(Engine.update(keys.get(i), "2." + i));
    }
  }

  private List<OperationKey> requestOfEach(int count, Optional<String> bus)
      throws InterruptedException {
    List<OperationKey> keys = startWith(count, bus);
    request(keys);
    return keys;
  }

  private boolean waitsForRoom(OperationKey key) {
    return engine.queue().waitsFor(key).filter(it -> it.kind() == Wait.Kind.ROOM).isPresent();
  }

  @Test
  void allOfABusAreUpdatedWithRoomForSome() throws Exception {
    cramp();
    List<OperationKey> keys = requestOfEach(5, BUS);
    keys.forEach(engine::awaitEnd);
    assertThat(keys)
        .allMatch(key -> engine.statuses.words(key).equals(List.of("executing", "successful")));
  }

  @Test
  void whoWaitsForRoomHoldsNoDownload() throws Exception {
    cramp();
    narrow(1, 4);
    Permits allowed = holdInstalls();
    room = 1;
    List<OperationKey> keys = startWith(2, Optional.empty());
    engine.request("op", "9.0");
    awaitStage("op", Stage.INSTALLING);
    request(keys);
    engine.await(() -> keys.stream().allMatch(this::waitsForRoom));
    allowed.open();
    keys.forEach(engine::awaitLateEnd);
    assertThat(keys).allMatch(key -> engine.statuses.words(key).contains("successful"));
  }

  @Test
  void aFullDiskThatNobodyWillFreeIsAFailureAtOnce() throws Exception {
    cramp();
    room = 0;
    List<OperationKey> keys = requestOfEach(3, Optional.empty());
    keys.forEach(engine::awaitEnd);
    assertThat(keys).allMatch(key -> engine.statuses.words(key).contains("failed disk-full"));
  }

  @Test
  void twoThatAreFetchedAtOnceAndFitOnlyAloneAreBothInstalled() throws Exception {
    cramp();
    room = 1;
    Set<Sha256> coming = new HashSet<>();
    engine.images.fetching =
        digest -> {
          coming.add(digest);
          scheduler.sleep(Duration.ofSeconds(1));
          boolean fits = coming.size() + stored.size() <= room;
          scheduler.sleep(Duration.ofSeconds(1));
          coming.remove(digest);
          if (!fits) {
            throw full();
          }
          stored.add(digest);
        };
    List<OperationKey> keys = requestOfEach(2, Optional.empty());
    keys.forEach(engine::awaitLateEnd);
    assertThat(keys).allMatch(key -> engine.statuses.words(key).contains("successful"));
  }

  @Test
  void roomIsNotWaitedForLongerThanADownloadMayTake() throws Exception {
    cramp();
    room = 1;
    ScriptedOffering unused = ScriptedOffering.of(engine.device);
    engine.start();
    engine.request("op", "2.9");
    engine.await(() -> engine.find(key("op")).orElseThrow().stage() == Stage.READY);
    OperationKey late = new OperationKey(PUMP, "op");
    engine.children.add(Engine.child(PUMP, new ScriptedAdapter(scheduler), Optional.empty()));
    engine.queue().change(engine.children);
    engine.accept(Engine.update(late, "4.0"));
    engine.await(() -> waitsForRoom(late));
    scheduler.advance(ScriptedImages.DEADLINE.minusNanos(1));
    assertThat(waitsForRoom(late)).isTrue();
    scheduler.advance(MOMENT);
    engine.awaitEnd(late);
    assertThat(engine.statuses.words(late)).contains("failed disk-full");
  }
}
