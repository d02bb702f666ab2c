package io.github.childconnector.daemon;

import static io.github.childconnector.world.Gateway.requestTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP to the daemon as a process: what counts from then on, and what goes on as it was. */
@IntegrationTest
class ReloadTest {
  private static final String SUCCESSFUL = "{\"id\":\"op\",\"status\":\"successful\"}";

  @TempDir Path directory;
  private Gateway gateway;

  @BeforeEach
  void open() throws IOException {
    gateway = new Gateway(directory);
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
  }

  private Daemon start() throws IOException {
    return Daemon.start(gateway.config()).awaitLog("Serving ");
  }

  private void reload(Daemon daemon) throws IOException, InterruptedException {
    gateway.config();
    daemon.hangUp();
    daemon.awaitLog("The configuration was read again");
  }

  @Test
  void anAddedChildIsServed() throws Exception {
    gateway.child("plc");
    try (Daemon daemon = start()) {
      FakeDevice pump = gateway.child("pump");
      reload(daemon);
      daemon.awaitLog("Serving 2 children").awaitLog("added pump");
      gateway.send("pump", "op", "2.0");
      assertThat(gateway.awaitEnd("pump", "op")).contains(SUCCESSFUL);
      assertThat(pump.version()).isEqualTo("2.0");
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void aRemovedChildIsServedNoMoreButWhatItHadBegunEndsAsItWould() throws Exception {
    FakeDevice plc = gateway.child("plc").waits();
    try (Daemon daemon = start()) {
      gateway.send("plc", "op", "2.0");
      await().until(plc::isInstalling);
      gateway.removeChildren();
      gateway.child("pump");
      reload(daemon);
      daemon.awaitLog("added pump; removed plc");
      await("it serves anew").until(() -> daemon.log().split("Serving 1 child on", -1).length > 2);
      gateway.broker.awaitSaved(requestTopic("pump"));
      gateway.send("plc", "next", "3.0");
      plc.goesOn();
      assertThat(gateway.awaitEnd("plc", "op")).contains(SUCCESSFUL);
      gateway.send("pump", "last", "2.0");
      gateway.awaitEnd("pump", "last");
      assertThat(gateway.said("plc", "next")).isEmpty();
      assertThat(plc.installs()).isEqualTo(1);
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void aChildUnderAnotherNameAndWithOtherSettingsIsServedByThem() throws Exception {
    gateway.child("plc");
    try (Daemon daemon = start()) {
      gateway.removeChildren();
      FakeDevice other =
          gateway.child("plc", "external_id = \"gw:device:plc\"").fails(3, "no port");
      reload(daemon);
      gateway.broker.awaitSaved(requestTopic("gw:device:plc"));
      gateway.send("gw:device:plc", "op", "2.0");
      assertThat(gateway.awaitEnd("gw:device:plc", "op").get(1))
          .contains("install-failed: ", "no port");
      assertThat(other.installs()).isEqualTo(1);
    }
  }

  @Test
  void aConfigurationWithProblemsChangesNothing() throws Exception {
    gateway.child("plc");
    try (Daemon daemon = start()) {
      Path file = gateway.config();
      Files.writeString(file, Files.readString(file) + "[[child]]\nid = \"pump\"\nadaptor = 1\n");
      daemon.hangUp();
      daemon
          .awaitLog("the previous one stays in effect")
          .awaitLog("did you mean \"adapter\"")
          .awaitLog("connector.toml:");
      gateway.send("plc", "op", "2.0");
      assertThat(gateway.awaitEnd("plc", "op")).contains(SUCCESSFUL);
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void whatIsNoChildCountsFromTheNextStartOn() throws Exception {
    gateway.child("plc");
    try (Daemon daemon = start()) {
      gateway.set("updates", "parallel_installs", "1").set("download", "attempts", "2");
      reload(daemon);
      daemon.awaitLog("changed in [download], [updates] takes effect after a restart");
    }
  }

  @Test
  void aReloadWhileTheBrokerIsAwayCountsWhenItIsBack() throws Exception {
    gateway.child("plc");
    try (Daemon daemon = start()) {
      gateway.broker.stop();
      daemon.awaitLog("Waiting for the broker");
      gateway.child("pump");
      reload(daemon);
      gateway.broker.restart();
      daemon.awaitLog("Serving 2 children");
      gateway.reconnectCloud();
      gateway.send("pump", "op", "2.0");
      assertThat(gateway.awaitEnd("pump", "op")).contains(SUCCESSFUL);
    }
  }
}
