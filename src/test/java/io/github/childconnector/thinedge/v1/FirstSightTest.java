package io.github.childconnector.thinedge.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.BrokenDisk;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@NullMarked
class FirstSightTest {
  private static final ChildId PLC = new ChildId("plc");
  private static final ChildId PUMP = new ChildId("pump");

  private final FakeClock clock = FakeClock.standing();
  private final BrokenDisk disk = new BrokenDisk(new FakeDisk());

  @BeforeEach
  void makeDirectory() throws IOException {
    disk.createDirectory(Path.of("/commands"));
  }

  private FirstSight served(ChildId... children) {
    FirstSight sight = new FirstSight(Path.of("/commands/seen"), disk, clock);
    sight.serve(Set.of(children));
    return sight;
  }

  private void see(ChildId... children) {
    FirstSight sight = served(children);
    sight.connected();
    clock.advance(FirstSight.QUIET);
  }

  @Test
  void itIsOverAWhileAfterTheLastOldCommandAndForGood() {
    FirstSight sight = served(PLC);
    sight.connected();
    clock.advance(FirstSight.QUIET.dividedBy(2));
    assertThat(sight.isOf(PLC)).isTrue();
    clock.advance(FirstSight.QUIET.dividedBy(2));
    assertThat(sight.isOf(PLC)).isTrue();
    clock.advance(FirstSight.QUIET);
    assertThat(sight.isOf(PLC)).isFalse();
    assertThat(served(PLC).isOf(PLC)).isFalse();
  }

  @Test
  void aChildThatIsAddedLaterHasItsOwn() {
    see(PLC);
    FirstSight sight = served(PLC, PUMP);
    assertThat(sight.isOf(PLC)).isFalse();
    assertThat(sight.isOf(PUMP)).isTrue();
    sight.connected();
    clock.advance(FirstSight.QUIET.plus(Duration.ofSeconds(1)));
    assertThat(sight.isOf(PUMP)).isFalse();
  }

  @Test
  void itBeginsAnewWhereAChildWasNotServedMeanwhile() {
    see(PLC);
    served();
    assertThat(served(PLC).isOf(PLC)).isTrue();
  }

  @Test
  void whatCannotBeRememberedIsSeenForTheFirstTimeAgain() {
    disk.breakAfter(0);
    see(PLC);
    disk.repair();
    assertThat(served(PLC).isOf(PLC)).isTrue();
  }
}
