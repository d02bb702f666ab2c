package io.github.childconnector.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.conformance.AdapterTrials;
import io.github.childconnector.conformance.ImageShelf;
import io.github.childconnector.conformance.Result;
import io.github.childconnector.conformance.Result.Verdict;
import io.github.childconnector.conformance.Subject;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.disk.StorageLock;
import io.github.childconnector.image.ImageStore;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.UpdateException;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code adapter-test}: shows authors of flashing programs whether these are safe. */
@Command(
    name = "adapter-test",
    description = {
      "Flashes a device again and again, disturbs that in every way that happens in the field, and"
          + " says for each what has to be mended. For a CHILD of connector.toml with the adapter"
          + " command, module or file, while the connector is stopped; or for a PROGRAM, a path,"
          + " with its arguments behind --.",
      "",
      "FILE is really installed, dozens of times, and interrupted while it is: use a device that"
          + " may be lost."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCode.OK + ":no check failed",
      ExitCode.USAGE + ":the command line is wrong, or nothing can be tested",
      ExitCode.UNAVAILABLE + ":the connector runs, or an update is not at its end",
      ExitCode.SOFTWARE + ":a check failed",
      ExitCode.CONFIG + ":the configuration is wrong"
    })
public final class AdapterTestCommand implements Callable<Integer> {
  private final ConfigLoader loader;

  @Mixin private final AdapterTestOptions options = new AdapterTestOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  /** Reads children through {@code loader}, and locks their storage while they are tested. */
  public AdapterTestCommand(ConfigLoader loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() throws CommandException, ConfigurationException {
    if (options.isAsService()) {
      return asService();
    }
    options.requireSense();
    try (Interruption interruption = new Interruption()) {
      return interruption.asked ? ExitCode.SOFTWARE : testInScratch();
    } catch (IOException | UpdateException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "The test cannot go on: "
              + (e instanceof IOException io ? FileTrouble.sentence(io) : e.getMessage()));
    } catch (InterruptedException e) {
      throw new CommandException(
          ExitCode.SOFTWARE,
          "Stopped, with everything it had started. The device may have been left in the middle of"
              + " an installation: look at it.");
    }
  }

  /** Leaves all of it to another process, which the sandbox is put around. */
  private static int asService() throws CommandException {
    try {
      return ServiceUnit.runInSandbox(AdapterTestOptions.AS_SERVICE);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE, "systemd-run cannot be started: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new CommandException(ExitCode.SOFTWARE, "Stopped.");
    }
  }

  private int testInScratch()
      throws CommandException,
          ConfigurationException,
          IOException,
          UpdateException,
          InterruptedException {
    Path scratch = Files.createTempDirectory("adapter-test-").toRealPath();
    Closeable end = () -> leave(scratch);
    try (end) {
      if (options.isProgram()) {
        return run(loader.load(options.writeConfiguration(scratch)), scratch);
      }
      ConnectorConfig config = loader.load(common.config());
      Closeable reserved = reserve(config);
      try (reserved) {
        requireEnds(config, options.childId());
        return run(config, scratch);
      }
    }
  }

  private void leave(Path scratch) throws IOException {
    if (options.keeps()) {
      common.err().println("What was used lies in " + scratch + ".");
      common.err().flush();
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(scratch)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  /** Refuses to touch a child with an update that the next start of the connector takes up. */
  private static void requireEnds(ConnectorConfig config, ChildId child)
      throws CommandException, IOException {
    for (JournalEntry entry : entries(config)) {
      if (entry.key().child().equals(child) && !entry.stage().isEnd()) {
        throw new CommandException(
            ExitCode.UNAVAILABLE,
            "An update of %s is not at its end (%s, operation %s). Start the connector and let it finish, then stop it and test."
                .formatted(child, entry.stage().word(), entry.key().id()));
      }
    }
  }

  private static List<JournalEntry> entries(ConnectorConfig config) throws IOException {
    if (Files.notExists(config.operations())) {
      return List.of();
    }
    // The history is only read, so no time is told.
    InstantSource never = InstantSource.fixed(Instant.EPOCH);
    return new Journal(config.operations(), new LocalDisk(), never).read(ended -> {}).entries();
  }

  /**
   * Keeps a connector from starting, unless none has run here: then there is nothing to lock, and
   * no file of ours is left behind.
   */
  private static Closeable reserve(ConnectorConfig config) throws CommandException {
    try {
      return StorageLock.isThere(config.storage()) ? StorageLock.take(config.storage()) : () -> {};
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "Stop the connector for as long as the test takes (systemctl stop tedge-child-connector): "
              + FileTrouble.sentence(e));
    }
  }

  private int run(ConnectorConfig config, Path scratch)
      throws IOException, UpdateException, InterruptedException {
    Subject subject = options.subject(config, scratch);
    Path images = scratch.resolve("images");
    AdapterTestReport report = new AdapterTestReport(common.out(), options.isJson());
    try (SystemClock clock = new SystemClock()) {
      ImageStore store = new ImageStore(images, config.download(), new LocalDisk(), clock);
      ImageShelf shelf = new ImageShelf(images, store);
      AdapterTrials test = new AdapterTrials(subject, shelf, clock, report::add);
      options.requireChecks(test.names());
      common
          .err()
          .println(
              "Installing on %s again and again; keep its power on, and stop with Ctrl-C."
                  .formatted(subject.child().id()));
      common.err().flush();
      List<Result> results = test.run();
      report.end(results);
      return AdapterTestReport.count(results, Verdict.FAILED) == 0
          ? ExitCode.OK
          : ExitCode.SOFTWARE;
    }
  }

  /**
   * The output of {@code adapter-test}: a line for each check as soon as it is known, and a sum.
   *
   * <pre>
   * ok    install
   * skip  rollback – no way back is configured
   * FAIL  full-disk – It ended with 0 although a write failed: cp: … Look at the result of every …
   * 17 ok, 1 failed, 6 skipped
   * </pre>
   *
   * <pre>{@code
   * {"checks": [{"check": "install", "result": "ok", "text": ""}], "ok": 17, "failed": 1, "skipped": 6}
   * }</pre>
   */
  private static final class AdapterTestReport {
    private final PrintWriter out;
    private final boolean isJson;

    AdapterTestReport(PrintWriter out, boolean isJson) {
      this.out = out;
      this.isJson = isJson;
    }

    void add(Result result) {
      if (!isJson) {
        String text = result.text().isEmpty() ? "" : " – " + result.text();
        out.println("%-4s  %s%s".formatted(result.verdict().word(), result.check(), text));
        out.flush();
      }
    }

    void end(List<Result> results) {
      out.println(isJson ? json(results) : sum(results));
      out.flush();
    }

    private static long count(List<Result> results, Verdict verdict) {
      return results.stream().filter(result -> result.verdict() == verdict).count();
    }

    private static String sum(List<Result> results) {
      return "%d ok, %d failed, %d skipped"
          .formatted(
              count(results, Verdict.OK),
              count(results, Verdict.FAILED),
              count(results, Verdict.SKIPPED));
    }

    private static String json(List<Result> results) {
      JsonArray checks = new JsonArray();
      results.forEach(result -> checks.add(document(result)));
      JsonObject document = new JsonObject();
      document.add("checks", checks);
      document.addProperty("ok", count(results, Verdict.OK));
      document.addProperty("failed", count(results, Verdict.FAILED));
      document.addProperty("skipped", count(results, Verdict.SKIPPED));
      return CommonOptions.JSON.toJson(document);
    }

    private static JsonObject document(Result result) {
      JsonObject document = new JsonObject();
      document.addProperty("check", result.check());
      document.addProperty("result", result.verdict().word());
      document.addProperty("text", result.text());
      return document;
    }
  }

  /**
   * Lets a thread end in order when the process is told to stop, as by Ctrl-C: it is interrupted,
   * and the process waits until it has ended what it started.
   */
  private static final class Interruption implements AutoCloseable {
    /** A little longer than programs may take to end, which is a minute. */
    private static final int LONGEST_SECONDS = 80;

    private final Thread worker = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "interruption");

    private volatile boolean asked;

    /** Watches over the calling thread from now on. */
    Interruption() {
      Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
      asked = true;
      worker.interrupt();
      try {
        boolean unused = ended.await(LONGEST_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      ended.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // it is at work, and lets the process end now
      }
    }
  }
}
