package io.github.childconnector.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.TestConnector;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.mqtt.CuttableProxy;
import io.github.childconnector.mqtt.FastLinks;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.HoldingDisk;
import io.github.childconnector.world.Moments;
import io.github.childconnector.world.Moments.Moment;
import io.github.childconnector.world.Patience;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import io.github.childconnector.world.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every fault between the connector and its broker, at every moment of an operation: each operation
 * ends once and as the device says, and what is asked for afterwards is served without help.
 */
@Tag("matrix")
@IntegrationTest
class BrokerFaultTest {
  private static final Tally TALLY = new Tally("broker");
  private static final String CLIENT_ID = "tedge-child-connector";
  private static final Duration LONGEST = Patience.LONGEST;

  @TempDir Path directory;
  private final HoldingDisk disk = Moments.disk();
  private Gateway gateway;
  private CuttableProxy network;
  private Moments moments;
  private volatile Optional<MqttLink> link = Optional.empty();

  /** What happens to the link, and how it ends. */
  enum Fault {
    BROKER_KILLED {
      @Override
      void begin(BrokerFaultTest test) {
        test.loseBroker(test.gateway.broker::kill);
      }

      @Override
      void end(BrokerFaultTest test) throws Exception {
        test.returnBroker();
      }
    },
    BROKER_KILLED_AND_ALL_FORGOTTEN {
      @Override
      void begin(BrokerFaultTest test) {
        test.loseBroker(test.gateway.broker::kill);
      }

      @Override
      void end(BrokerFaultTest test) throws Exception {
        test.gateway.broker.forget();
        test.returnBroker();
      }
    },
    BROKER_STOPPED {
      @Override
      void begin(BrokerFaultTest test) {
        test.loseBroker(test.gateway.broker::stop);
      }

      @Override
      void end(BrokerFaultTest test) throws Exception {
        test.returnBroker();
      }
    },
    BROKER_AND_CONNECTOR_RESTARTED {
      @Override
      void begin(BrokerFaultTest test) {
        test.loseBroker(test.gateway.broker::stop);
      }

      @Override
      void end(BrokerFaultTest test) throws Exception {
        test.gateway.stop();
        test.returnBroker();
        test.start();
      }
    },
    NETWORK_DOWN {
      @Override
      void begin(BrokerFaultTest test) throws Exception {
        test.network.breakDown();
        test.moments.sendFirst(Moment.UNSENT);
      }

      @Override
      void end(BrokerFaultTest test) {
        test.network.restore();
      }
    },
    /** Nobody is told that the connection is gone, and no new one can be made. */
    NETWORK_FROZEN {
      @Override
      void begin(BrokerFaultTest test) throws Exception {
        test.network.freeze();
        test.moments.sendFirst(Moment.UNSENT);
      }

      @Override
      void end(BrokerFaultTest test) {
        test.network.thaw();
      }
    },
    /** The broker still believes in the old connection when the new one comes. */
    CONNECTION_HALF_OPEN {
      @Override
      void begin(BrokerFaultTest test) throws Exception {
        test.network.abandon();
        test.moments.sendFirst(Moment.UNSENT);
      }

      @Override
      void end(BrokerFaultTest test) {}
    },
    NETWORK_SLOW {
      @Override
      void begin(BrokerFaultTest test) throws Exception {
        test.network.slowDown(Duration.ofMillis(300));
        test.moments.sendFirst(Moment.UNSENT);
      }

      @Override
      void end(BrokerFaultTest test) {
        test.network.slowDown(Duration.ZERO);
      }
    },
    CLIENT_ID_TAKEN {
      @Override
      void begin(BrokerFaultTest test) throws Exception {
        RecordingClient rival = RecordingClient.rivalOf(CLIENT_ID, test.gateway.broker.port());
        test.moments.sendFirst(Moment.UNSENT);
        rival.close();
      }

      @Override
      void end(BrokerFaultTest test) {}
    },
    REQUESTS_REPEATED {
      @Override
      void begin(BrokerFaultTest test) throws Exception {
        test.sendAllFirst();
        test.sendAllFirst();
      }

      @Override
      void end(BrokerFaultTest test) throws Exception {
        test.network.cut();
        test.sendAllFirst();
      }
    };

    abstract void begin(BrokerFaultTest test) throws Exception;

    abstract void end(BrokerFaultTest test) throws Exception;

    /** Whether an installation that was under way is cut off, and so may fail. */
    boolean cutsOff() {
      return this == BROKER_AND_CONNECTOR_RESTARTED;
    }

    /** Whether what the broker held is gone, so that it must be asked for anew. */
    boolean sendsDuring() {
      return !name().startsWith("BROKER_");
    }
  }

  @BeforeEach
  void open() throws Exception {
    gateway = new Gateway(directory);
    network = CuttableProxy.to(gateway.broker.port());
    gateway
        .mqtt("port = " + network.port())
        .add("updates", "parallel_installs = 16", "parallel_downloads = 4")
        .on(connector());
    moments = new Moments(gateway, disk, () -> FastLinks.waiting(link.orElseThrow()));
  }

  private TestConnector connector() {
    return TestConnector.ofThisMachine().disk(disk).links(this::link);
  }

  private MqttLink link(MqttSettings settings, MonotonicClock clock) {
    link = Optional.of(FastLinks.watchful(settings, clock));
    return link.get();
  }

  @AfterEach
  void close() throws Exception {
    disk.release();
    gateway.close();
    network.close();
  }

  @AfterAll
  static void save() {
    TALLY.save();
    assertThat(List.of(Count.CONTRADICTIONS, Count.LOST, Count.LEAKS))
        .as(TALLY.toString())
        .allMatch(count -> TALLY.get(count) == 0);
  }

  private void start() throws Exception {
    gateway.start();
    TALLY.add(Count.RUNS, 1);
  }

  private void loseBroker(Runnable ending) {
    network.breakDown();
    ending.run();
  }

  /** The plugin is there before the connector, as one with a session of its own is. */
  private void returnBroker() throws Exception {
    gateway.broker.restart();
    gateway.reconnectCloud();
    network.restore();
  }

  private void sendAllFirst() throws Exception {
    for (Moment moment : Moment.values()) {
      moments.sendFirst(moment);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsLostAndNothingContradicted(Fault fault) throws Exception {
    start();
    moments.awaitSubscribed();
    gateway.awaitServing();
    moments.hold();
    fault.begin(this);
    moments.endOne();
    fault.end(this);
    moments.release();
    moments.awaitSubscribed();
    if (!fault.sendsDuring()) {
      moments.sendFirst(Moment.UNSENT);
    }
    TALLY.add(Count.POINTS, Moment.values().length);
    judge(fault);
  }

  private void judge(Fault fault) throws Exception {
    Verdict verdict = new Verdict(gateway, TALLY);
    for (Moment moment : Moment.values()) {
      awaitEnd(moment, moment.first());
      moments.sendSecond(moment);
    }
    for (Moment moment : Moment.values()) {
      awaitEnd(moment, moment.second());
      moments.sendFirst(moment);
    }
    for (Moment moment : Moment.values()) {
      awaitAnswers(moment, 2);
    }
    gateway.stop();
    for (Moment moment : Moment.values()) {
      List<String> installed = moments.device(moment).installedOperations();
      verdict.operation(moment.child(), moment.first(), installed);
      verdict.operation(moment.child(), moment.second(), installed);
      verdict.device(moments.device(moment), Moments.version(moment.second()));
      boolean mayFail = fault.cutsOff() && moment == Moment.INSTALLING;
      if (!mayFail && !succeeded(moment)) {
        verdict.note(Count.CONTRADICTIONS, moment.first() + " has failed for no reason");
      }
    }
    verdict.threads();
    assertThat(verdict.faults()).as("fault " + fault).isEmpty();
  }

  private boolean succeeded(Moment moment) {
    return gateway.said(moment.child(), moment.first()).stream()
        .anyMatch(status -> status.contains("successful"));
  }

  private void awaitEnd(Moment moment, String id) {
    await(moment + ": " + id + " ends")
        .atMost(LONGEST)
        .until(
            () ->
                gateway.said(moment.child(), id).stream()
                    .anyMatch(status -> !status.contains("executing")));
  }

  /** A request sent again is answered again, which the end of all that can be sent. */
  private void awaitAnswers(Moment moment, int count) {
    await(moment + ": " + moment.first() + " is answered again")
        .atMost(LONGEST)
        .until(
            () ->
                gateway.everythingSaid(moment.child(), moment.first()).stream()
                        .filter(status -> !status.contains("executing"))
                        .count()
                    >= count);
  }
}
