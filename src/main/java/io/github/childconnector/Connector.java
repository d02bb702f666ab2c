package io.github.childconnector;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.config.ThinEdgeWatch;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.disk.StorageLock;
import io.github.childconnector.http.HttpClients;
import io.github.childconnector.image.ImageStore;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.PahoLink;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.systemd.Hangup;
import io.github.childconnector.systemd.ServiceNotifier;
import io.github.childconnector.update.Ports;
import io.github.childconnector.update.UpdateQueue;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.function.BiFunction;

/**
 * The daemon: puts the parts together, starts them in order and closes them in reverse. It serves
 * from its first connection to the broker, and says so while it waits for one.
 */
final class Connector implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Connector.class.getName());

  /** The longest time that a stop takes beside the grace of the devices. */
  private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(90);

  private final ConnectorConfig config;
  private final Surroundings surroundings;
  private final StorageLock lock;
  private final ServiceNotifier notifier;
  private final StatusLine status;
  private final SystemClock clock = new SystemClock();
  private final ThinEdgeContracts contracts;
  private final MqttLink link;
  private final UpdateQueue queue;
  private final ServedChildren children;
  private final Lock reloads = clock.threads().lock();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile int exitCode = ExitCode.OK;

  /**
   * Takes hold of the storage directory, and nothing else yet.
   *
   * @throws IOException the storage directory cannot be used
   */
  Connector(ConnectorConfig config, Surroundings surroundings) throws IOException {
    this.config = config;
    this.surroundings = surroundings;
    this.lock = StorageLock.take(config.storage(), config.operations(), config.images());
    this.notifier = ServiceNotifier.of(surroundings.environment(), clock.threads());
    this.status = new StatusLine(notifier);
    this.link = surroundings.links().apply(config.mqtt(), clock);
    this.contracts = new ThinEdgeContracts(config, link, surroundings.disk(), clock);
    this.queue = new UpdateQueue(config.updates(), config.children(), ports());
    this.children = new ServedChildren(config, contracts, queue, link);
  }

  private Ports ports() throws IOException {
    Disk disk = surroundings.disk();
    InstantSource time = surroundings.time();
    Journal journal = new Journal(config.operations(), disk, time);
    return new Ports(journal, images(disk), contracts.requesters(), clock, time);
  }

  private ImageStore images(Disk disk) throws IOException {
    try {
      return new ImageStore(config.images(), config.download(), disk, clock);
    } catch (UpdateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Runs until the process is told to stop, and returns an exit code. */
  static int main(Path configFile, Surroundings surroundings) {
    try {
      ConnectorConfig config = surroundings.loader().load(configFile);
      Connector connector = new Connector(config, surroundings);
      Hangup.run(() -> connector.reload(configFile));
      new ThinEdgeWatch(surroundings.loader(), configFile, config).start(connector.clock);
      return run(connector);
    } catch (ConfigurationException e) {
      logProblems(e);
      return ExitCode.CONFIG;
    } catch (IOException e) {
      LOG.log(Level.ERROR, "The connector cannot start: {0}", FileTrouble.sentence(e));
      return ExitCode.UNAVAILABLE;
    } catch (InterruptedException e) {
      return ExitCode.SOFTWARE;
    }
  }

  private static int run(Connector connector) throws IOException, InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(connector::stop, "stop"));
    connector.noteFaults(Optional.ofNullable(Thread.getDefaultUncaughtExceptionHandler()));
    try {
      connector.start();
      HttpClients.prepare();
      connector.followJava();
    } catch (IOException | RuntimeException | Error e) {
      connector.exitCode = e instanceof IOException ? ExitCode.UNAVAILABLE : ExitCode.SOFTWARE;
      throw e;
    }
    Thread.currentThread().join();
    return ExitCode.OK;
  }

  /** Ends the process when its Java was replaced, if there is somebody to start it anew. */
  private void followJava() {
    if (notifier.hasManager()) {
      Path home = Path.of(System.getProperty("java.home", ""));
      JavaUpgrade.watch(clock, home, queue::changingDevices, this::startAnew);
    }
  }

  private void startAnew() {
    exitCode = ExitCode.START_ANEW;
    Main.leave(exitCode);
  }

  private void noteFaults(Optional<Thread.UncaughtExceptionHandler> next) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, fault) -> {
          exitCode = ExitCode.SOFTWARE;
          next.ifPresent(handler -> handler.uncaughtException(thread, fault));
        });
  }

  /** Takes up what was left unfinished, then begins to connect. */
  void start() throws IOException, InterruptedException {
    LOG.log(Level.INFO, "Starting with {0}, broker {1}", children.count(), config.mqtt().address());
    status.link("Connecting to the broker at " + config.mqtt().address());
    queue.watchJournal(status::journal);
    children.open();
    contracts.open();
    // The first start after an earlier version may have much to read.
    notifier.whileStarting(clock, queue::start);
    notifier.watch(clock, queue::isAlive);
    children.start(new Listener(contracts.inlet(queue)));
  }

  /** Serves the children of the configuration as it is now; one with problems changes nothing. */
  void reload(Path configFile) {
    // An adapter may take its time to open: whoever stops the connector needs nothing of this.
    reloads.lock();
    try {
      notifier.reloading();
      ConnectorConfig next = surroundings.loader().load(configFile);
      ConnectorConfig earlier = children.change(next);
      LOG.log(Level.INFO, "The configuration was read again: {0}", next.changedChildren(earlier));
      List<String> sections = next.changedSections(earlier);
      if (!sections.isEmpty()) {
        LOG.log(
            Level.WARNING,
            "What has changed in {0} takes effect after a restart",
            String.join(", ", sections));
      }
    } catch (ConfigurationException e) {
      logProblems(e);
      LOG.log(Level.ERROR, "The configuration has problems, so the previous one stays in effect");
    } catch (IOException e) {
      LOG.log(
          Level.ERROR,
          "The configuration cannot be served, so the previous one stays in effect: {0}",
          FileTrouble.sentence(e));
    } finally {
      notifier.ready();
      reloads.unlock();
    }
  }

  private static void logProblems(ConfigurationException problems) {
    problems.problems().forEach(problem -> LOG.log(Level.ERROR, problem.toString()));
  }

  /**
   * Ends the process in order; being told to stop is no failure, but what else ends it is, or the
   * service manager would not start it again.
   */
  private void stop() {
    try {
      close();
    } finally {
      // Whatever is broken: a process that stays would be neither at work nor started anew.
      Runtime.getRuntime().halt(exitCode);
    }
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    sayStopping();
    queue.close();
    link.close();
    children.close();
    clock.close();
    release();
    notifier.close();
    LOG.log(Level.INFO, "Stopped");
  }

  private void sayStopping() {
    Duration grace = config.updates().shutdownGrace();
    int devices = queue.changingDevices();
    String patience =
        devices == 0
            ? "Stopping"
            : "Stopping; waits at most %s for %d of its devices to be written"
                .formatted(DurationText.write(grace), devices);
    LOG.log(Level.INFO, patience);
    notifier.status(patience);
    notifier.stopping(grace.plus(LONGEST_FAREWELL));
  }

  private void release() {
    try {
      lock.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The storage directory could not be released", e);
    }
  }

  private final class Listener implements MqttLink.Listener {
    private final ThinEdgeContracts.Inlet inlet;

    private Listener(ThinEdgeContracts.Inlet inlet) {
      this.inlet = inlet;
    }

    /** Not in the turn of the messages, of which one may wait for the journal for long. */
    @Override
    public void changed(State state, String why) {
      switch (state) {
        case UP ->
            tell(
                "Serving " + children.count() + " on the broker at " + config.mqtt().address(),
                Level.INFO);
        case REFUSED -> tell("Not every child can be served: " + why, Level.ERROR);
        case DOWN -> {
          // What was told a moment ago may be lost, and that moment must not pass in a queue.
          contracts.linkLost();
          queue.linkLost();
          tell("Waiting for the broker: " + why, Level.WARNING);
        }
      }
    }

    private void tell(String how, Level level) {
      LOG.log(level, how);
      status.link(how);
      notifier.ready();
    }

    @Override
    public void up() {
      children.settled();
      connected();
      queue.announce();
    }

    private void connected() {
      try {
        inlet.connected();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void refused(String why) {
      up();
    }

    @Override
    public void received(Delivery delivery) throws InterruptedException {
      inlet.receive(delivery);
    }
  }

  /**
   * The things a connector needs besides its configuration. Whatever it does that lasts goes
   * through these, which is where tests stop it, break it and count.
   *
   * @param adapters the device families that are installed
   * @param disk where journal and images lie
   * @param links makes the connection to the broker
   * @param time the clock of the day, which is shown and decides nothing
   * @param environment the variables of the process
   */
  record Surroundings(
      List<AdapterProvider> adapters,
      Disk disk,
      BiFunction<MqttSettings, MonotonicClock, MqttLink> links,
      InstantSource time,
      Map<String, String> environment) {

    static Surroundings ofThisMachine() {
      List<AdapterProvider> adapters =
          ServiceLoader.load(AdapterProvider.class).stream()
              .map(ServiceLoader.Provider::get)
              .toList();
      return new Surroundings(
          adapters,
          new LocalDisk(),
          (broker, clock) -> new PahoLink(broker, clock, new SplittableRandom()),
          InstantSource.system(),
          System.getenv());
    }

    /** Reads configurations for these adapters. */
    ConfigLoader loader() {
      return new ConfigLoader(adapters, name -> Optional.ofNullable(environment.get(name)));
    }
  }
}
