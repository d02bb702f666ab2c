package io.github.childconnector.conformance;

import io.github.childconnector.operation.UpdateException;
import java.io.IOException;

/**
 * A check as it stands in a report.
 *
 * @param remedy what is to be done where it fails, as a sentence
 */
record NamedCheck(String name, String remedy, Work work) {

  /** The work of a check, which is ok if nothing is thrown. */
  interface Work {
    void run() throws Finding, UpdateException, IOException, InterruptedException;
  }

  Result run() throws IOException, InterruptedException {
    try {
      work.run();
      return new Result(name, Result.Verdict.OK, "");
    } catch (Finding e) {
      return e.of(name, remedy);
    } catch (UpdateException e) {
      return Finding.failed(e.failure().sentence()).of(name, remedy);
    }
  }

  /** The result where the check is not tried. */
  Result leftOut(String why) {
    return new Result(name, Result.Verdict.SKIPPED, why);
  }
}
