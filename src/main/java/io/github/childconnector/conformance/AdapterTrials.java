package io.github.childconnector.conformance;

import io.github.childconnector.adapter.Trial.Check;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.conformance.Result.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The conformance run. It updates the device again and again, and brings it to the wanted firmware
 * in the end, as far as that is possible.
 */
public final class AdapterTrials {
  private static final String NO_PLAIN_UPDATE =
      "an update that nobody disturbs has to go well first";

  private final Workbench bench;
  private final PlainChecks plain;
  private final MonotonicClock clock;
  private final List<Result> results = new ArrayList<>();
  private final Consumer<Result> listener;

  /**
   * A run that was not begun.
   *
   * @param images where copies of the images are kept
   * @param listener is told each result when it is known
   */
  public AdapterTrials(
      Subject subject, ImageShelf images, MonotonicClock clock, Consumer<Result> listener) {
    this.bench = new Workbench(subject, images, clock);
    this.plain = new PlainChecks(bench);
    this.clock = clock;
    this.listener = listener;
  }

  public List<String> names() {
    return Stream.concat(plain.beginning().stream(), further().stream())
        .map(NamedCheck::name)
        .toList();
  }

  /**
   * Runs the checks: a plain update in any case, and of the others those that are wanted.
   *
   * @throws IOException the copies of the images cannot be kept
   * @throws InterruptedException the thread was interrupted; nothing is left running
   */
  public List<Result> run() throws IOException, InterruptedException {
    for (NamedCheck check : plain.beginning()) {
      tell(check.run());
    }
    boolean mayGoOn = results.stream().noneMatch(result -> result.verdict() == Verdict.FAILED);
    for (NamedCheck check : further()) {
      if (bench.subject().wants(check.name())) {
        tell(mayGoOn ? check.run() : check.leftOut(NO_PLAIN_UPDATE));
      }
    }
    return List.copyOf(results);
  }

  private void tell(Result result) {
    results.add(result);
    listener.accept(result);
  }

  private List<NamedCheck> further() {
    return Stream.of(
            plain.rest().stream(),
            new CutChecks(bench, clock).list().stream(),
            new HardshipChecks(bench).list().stream(),
            new ImageChecks(bench).list().stream(),
            bench.subject().trial().checks().stream().map(this::ofFamily),
            Stream.of(last()))
        .flatMap(checks -> checks)
        .toList();
  }

  private NamedCheck ofFamily(Check check) {
    return new NamedCheck(
        check.name(),
        "",
        () -> {
          bench.begin();
          Optional<String> wrong = bench.run(check, bench.next());
          if (wrong.isPresent()) {
            throw Finding.failed(wrong.get());
          }
        });
  }

  private NamedCheck last() {
    return new NamedCheck(
        "last-update",
        "After all this the device does not take a firmware any more; look at it.",
        () -> bench.complete(bench.next()));
  }
}
