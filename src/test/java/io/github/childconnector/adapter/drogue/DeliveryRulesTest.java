package io.github.childconnector.adapter.drogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.drogue.DeliveryRules.Action;
import io.github.childconnector.adapter.drogue.DeliveryRules.Step;
import io.github.childconnector.adapter.drogue.DrogueSettings.BlockRules;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.Status;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device is told, rule by rule; the image has 1000 bytes and is sent in blocks of 256. */
@NullMarked
final class DeliveryRulesTest {
  private static final BlockRules BLOCKS = new BlockRules(256, 1, Optional.empty());

  private DeliveryRules transfer = new DeliveryRules(DeviceVersion.of("2.0"), 1000, BLOCKS, 2);
  private DeliveryState known = DeliveryState.NONE;

  private static Status status(String version) {
    return new Status(
        DeviceVersion.of(version), Optional.of(512L), Optional.empty(), Optional.empty());
  }

  private static Status status(String version, String update, long offset) {
    return new Status(
        DeviceVersion.of(version),
        Optional.of(512L),
        Optional.empty(),
        Optional.of(new Status.Received(DeviceVersion.of(update), offset)));
  }

  /** What is told, in short; what is known is what is kept. */
  private String tell(Status status) {
    Step step = transfer.after(status, known);
    known = step.delivery();
    return switch (step.action()) {
      case WRITE -> step.offset() + "+" + step.length();
      case FAIL -> step.sentence();
      default -> step.action().name();
    };
  }

  private String nothing() {
    return tell(status("1.0"));
  }

  private String has(long offset) {
    return tell(status("1.0", "2.0", offset));
  }

  private void deliverAll() {
    assertThat(nothing()).isEqualTo("0+256");
    assertThat(has(256)).isEqualTo("256+256");
    assertThat(has(512)).isEqualTo("512+256");
    assertThat(has(768)).isEqualTo("768+232");
  }

  @Test
  void itIsSentBlockByBlockAndStartedAndKept() {
    deliverAll();
    assertThat(has(1000)).isEqualTo("SWAP");
    assertThat(tell(status("2.0"))).isEqualTo("DONE");
  }

  @Test
  void aDeviceThatRunsItIsToldToKeepItWhateverElseItSays() {
    assertThat(tell(status("2.0"))).isEqualTo("DONE");
    assertThat(tell(status("2.0", "3.0", 512))).isEqualTo("DONE");
  }

  @ParameterizedTest
  @CsvSource({
    "64, 256, 1, 64",
    "1000, 256, 1, 256",
    "-, 1000, 1, 512",
    "70, 256, 4, 68",
    "0, 256, 1, 0",
    "3, 256, 4, 0",
    "4294967295, 1024, 8, 1024"
  })
  void blocks(String mtu, int largest, int alignment, int length) {
    Optional<Long> taken = mtu.equals("-") ? Optional.empty() : Optional.of(Long.valueOf(mtu));
    assertThat(new BlockRules(largest, alignment, Optional.empty()).length(taken))
        .isEqualTo(length);
  }

  @Test
  void theTailIsFilledUpWhereThatIsWished() {
    assertThat(new BlockRules(256, 8, Optional.empty()).sent(1001)).isEqualTo(1001);
    assertThat(new BlockRules(256, 8, Optional.of((byte) -1)).sent(1001)).isEqualTo(1008);
    assertThat(new BlockRules(256, 8, Optional.of((byte) -1)).sent(1000)).isEqualTo(1000);
  }

  @Test
  void aDeviceThatTakesNoBytesFails() {
    Status none =
        new Status(DeviceVersion.of("1.0"), Optional.of(0L), Optional.empty(), Optional.empty());
    assertThat(tell(none)).contains("takes 0 bytes at a time (mtu)");
  }

  @Test
  void theSameStatusGetsTheSameAnswer() {
    assertThat(nothing()).isEqualTo("0+256");
    assertThat(nothing()).isEqualTo("0+256");
    assertThat(has(256)).isEqualTo("256+256");
    DeliveryState before = known;
    for (int resent = 0; resent < 20; resent++) {
      assertThat(has(256)).isEqualTo("256+256");
    }
    assertThat(known).isEqualTo(before);
  }

  @Test
  void anOffsetOfNothingIsNothing() {
    assertThat(tell(status("1.0", "", 0))).isEqualTo("0+256");
    assertThat(tell(status("1.0", "2.0", 0))).isEqualTo("0+256");
  }

  @Test
  void aDeviceMayFillUpTheLastBlockItself() {
    deliverAll();
    assertThat(has(1024)).isEqualTo("SWAP");
  }

  @Test
  void aSwapThatIsNotExecutedIsRepeatedAndThenGivenUp() {
    deliverAll();
    for (int swap = 0; swap < DeliveryRules.MAX_SWAPS; swap++) {
      assertThat(has(1000)).isEqualTo("SWAP");
    }
    assertThat(has(1000)).contains("was told 3 times to start it, but does not");
  }

  @Test
  void aDeviceThatRevertsIsToldToKeepWhatItRunsBeforeItIsSentMore() {
    deliverAll();
    has(1000);
    assertThat(nothing()).isEqualTo("SYNC");
    assertThat(nothing()).isEqualTo("0+256");
  }

  @Test
  void aDeviceThatRevertsAgainHasReverted() {
    deliverAll();
    has(1000);
    nothing();
    deliverAll();
    has(1000);
    assertThat(nothing()).contains("runs 1.0 again, 2 times: it reverted");
    assertThat(known.trial()).isFalse();
  }

  @Test
  void aDeviceThatRunsSomethingElseAfterwardsLies() {
    deliverAll();
    has(1000);
    assertThat(tell(status("2.0-dirty")))
        .contains("took version 2.0 and now says that it runs 2.0-dirty");
  }

  @Test
  void aDeviceThatIsRestartedBeginsAgainUntilItIsLost() {
    for (int loss = 0; loss < DeliveryRules.MAX_LOSSES; loss++) {
      assertThat(nothing()).isEqualTo("0+256");
      assertThat(has(256)).isEqualTo("256+256");
    }
    assertThat(nothing()).isEqualTo("0+256");
    has(256);
    assertThat(nothing()).contains("restarted 6 times in the middle");
  }

  @Test
  void whatWasNotSentFromHereIsNotBelieved() {
    assertThat(has(512)).isEqualTo("0+256");
    assertThat(has(256)).isEqualTo("256+256");
  }

  @Test
  void aDeviceThatStaysWithWhatWasNotSentIsStale() {
    for (int doubt = 0; doubt < DeliveryRules.MAX_DOUBTS; doubt++) {
      assertThat(has(512)).isEqualTo("0+256");
    }
    assertThat(has(512))
        .contains("holds stale transfer state", "512 bytes of version 2.0", "Power-cycle");
  }

  /** It did not set its count back when it was sent another version. */
  @Test
  void aDeviceThatCountsOnFromAnotherVersionIsAskedWhatItHas() {
    assertThat(tell(status("1.0", "3.0", 512))).isEqualTo("0+256");
    assertThat(has(768)).isEqualTo("ASK");
    assertThat(has(256)).isEqualTo("256+256");
    assertThat(known.doubts()).isZero();
    assertThat(known.isAsked()).isFalse();
  }

  @Test
  void aDeviceThatClaimsSomethingElseWhenItIsAskedIsStale() {
    assertThat(tell(status("1.0", "3.0", 512))).isEqualTo("0+256");
    assertThat(has(768)).isEqualTo("ASK");
    assertThat(has(1024)).contains("holds stale transfer state", "1024 bytes");
  }

  /** What was said before the device could hear that it was asked is no answer. */
  @Test
  void aDeviceThatClaimsTheSameAgainIsAskedAgainAndThenIsStale() {
    assertThat(tell(status("1.0", "3.0", 512))).isEqualTo("0+256");
    for (int doubt = 1; doubt < DeliveryRules.MAX_DOUBTS; doubt++) {
      assertThat(has(768)).isEqualTo("ASK");
    }
    assertThat(has(768)).contains("holds stale transfer state", "768 bytes", "Power-cycle");
  }

  /** Its count is not that of its flash until a sync has it look there. */
  private final class CountingUpdater {
    private Optional<Status.Received> next;
    private long flash;

    private CountingUpdater(String version, long offset) {
      next = Optional.of(new Status.Received(DeviceVersion.of(version), offset));
      flash = offset;
    }

    private Action cycle() {
      Step step =
          transfer.after(
              new Status(DeviceVersion.of("1.0"), Optional.of(512L), Optional.empty(), next),
              known);
      known = step.delivery();
      if (step.action() == Action.WRITE) {
        long before = next.map(Status.Received::offset).orElse(0L);
        flash = (step.offset() == 0 ? 0 : flash) + step.length();
        next = Optional.of(new Status.Received(transfer.target(), before + step.length()));
      } else {
        next = next.map(claim -> new Status.Received(claim.version(), flash));
      }
      return step.action();
    }
  }

  @ParameterizedTest
  @CsvSource({"3.0, 10624", "3.0, 100", "3.0, 256", "2.0, 10624", "2.0, 256", "2.0, 1000"})
  void aRealUpdaterTakesTheNextImageAfterOneThatEndedInTheMiddle(String version, long offset) {
    CountingUpdater device = new CountingUpdater(version, offset);
    int steps = 0;
    while (device.cycle() != Action.SWAP) {
      assertThat(++steps).isLessThan(12);
    }
    assertThat(device.flash).isEqualTo(1000);
  }

  /** It refuses the first block and keeps what it had, under the new name. */
  @Test
  void aDeviceThatKeepsItsOffsetUnderTheNewNameIsStale() {
    assertThat(tell(status("1.0", "3.0", 512))).isEqualTo("0+256");
    assertThat(has(512)).isEqualTo("ASK");
    for (int doubt = 2; doubt < DeliveryRules.MAX_DOUBTS; doubt++) {
      assertThat(has(512)).isEqualTo("ASK");
    }
    assertThat(has(512)).contains("holds stale transfer state");
  }

  /** A block that is larger than what it has would make that true. */
  @Test
  void aStaleOffsetWithinTheFirstBlockIsNotBelieved() {
    assertThat(tell(status("1.0", "3.0", 100))).isEqualTo("0+256");
    assertThat(has(100)).isEqualTo("ASK");
    assertThat(has(101)).contains("holds stale transfer state");
  }

  @Test
  void aStaleOffsetAtTheEndOfTheFirstBlockIsNotBelieved() {
    assertThat(has(256)).isEqualTo("0+128");
    assertThat(has(256)).isEqualTo("0+128");
    assertThat(has(128)).isEqualTo("128+256");
  }

  @Test
  void aStaleOffsetBehindTheEndIsNoReasonToStart() {
    transfer = new DeliveryRules(DeviceVersion.of("2.0"), 200, BLOCKS, 2);
    assertThat(tell(status("1.0", "3.0", 900))).isEqualTo("0+200");
    assertThat(has(900)).isEqualTo("ASK");
    assertThat(has(901)).contains("holds stale transfer state");
  }

  @Test
  void anotherVersionInTheMiddleIsReplaced() {
    assertThat(tell(status("1.0", "3.0", 512))).isEqualTo("0+256");
    assertThat(tell(status("1.0", "3.0", 512))).isEqualTo("0+256");
    assertThat(has(256)).isEqualTo("256+256");
    assertThat(known.doubts()).isZero();
  }

  @Test
  void aPowerCycleMakesAStaleDeviceForget() {
    assertThat(has(512)).isEqualTo("0+256");
    assertThat(nothing()).isEqualTo("0+256");
    assertThat(has(256)).isEqualTo("256+256");
    assertThat(known.doubts()).isZero();
  }

  @Test
  void aDeviceOnTrialIsToldToKeepWhatItRunsBeforeItIsSentAnything() {
    known = DeliveryState.UNKNOWN;
    assertThat(tell(status("1.5"))).isEqualTo("SYNC");
    assertThat(tell(status("1.5"))).isEqualTo("0+256");
  }

  @Test
  void theNextOperationKnowsOfATrialAndOfWhatWasSentOfTheSameImage() {
    deliverAll();
    has(1000);
    assertThat(known.inherited(true).delivered()).isEqualTo(1000);
    assertThat(known.inherited(true).swaps()).isZero();
    assertThat(known.inherited(false)).isEqualTo(DeliveryState.UNKNOWN);
  }
}
