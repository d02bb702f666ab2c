package io.github.childconnector.adapter.drogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.drogue.device.FakeDrogueDevice;
import io.github.childconnector.adapter.drogue.device.Firmware;
import io.github.childconnector.adapter.drogue.device.Steps;
import io.github.childconnector.adapter.drogue.device.Traits;
import io.github.childconnector.adapter.drogue.device.Traits.Flaw;
import io.github.childconnector.adapter.drogue.device.Ways;
import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.PostcardCodec;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.clock.Backoff;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames without marks on lines that lose bytes, end, and come back. */
@IntegrationTest
class FrameTransportTest {
  private static final byte[] OLD = Firmware.image("1.0", 1000);
  private static final byte[] NEW = Firmware.image("2.0", 3000);
  private static final int READ_MILLIS = 90_000;

  @TempDir Path directory;
  private final SystemClock clock = new SystemClock();
  private final List<Runnable> open = new ArrayList<>();
  private final ScriptedAjour ajour = new ScriptedAjour(new PostcardCodec(), "2.0", NEW);
  private ServerSocket device;
  private Duration silence = Duration.ofMillis(150);

  @BeforeEach
  void listen() throws IOException {
    device = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    device.setSoTimeout(READ_MILLIS);
  }

  @AfterEach
  void close() throws IOException {
    open.forEach(Runnable::run);
    device.close();
    clock.close();
  }

  private FrameTransport serve(Port port, Dialogue dialogue) {
    Backoff quick = new Backoff(Duration.ofMillis(50), Duration.ofMillis(100), new Random(1));
    FrameTransport transport =
        new FrameTransport(new TransportSettings.Line(port, silence), quick, clock) {
          @Override
          Optional<byte[]> answer(byte[] status) throws FormatException, InterruptedException {
            return Optional.of(dialogue.answer(status));
          }
        };
    transport.open();
    open.add(0, transport::close);
    return transport;
  }

  private Port.Tcp tcp() {
    return new Port.Tcp(new ListenAddress("127.0.0.1", device.getLocalPort()));
  }

  private FakeCable cable() throws IOException {
    FakeCable cable = FakeCable.in(directory);
    open.add(cable::close);
    return cable;
  }

  private Port.Serial serial(FakeCable cable) {
    return new Port.Serial(cable.port(), 115200);
  }

  private FakeDrogueDevice device(Traits.Flaw... flaws) throws IOException {
    return device(new Traits().with(flaws));
  }

  private FakeDrogueDevice device(Traits made) throws IOException {
    Traits traits = made.mtu(968).poll(Duration.ofMillis(20));
    FakeDrogueDevice fake = FakeDrogueDevice.in(directory.resolve("device"), traits).with(OLD);
    open.add(0, fake::close);
    return fake;
  }

  private static void awaitTrue(String what, Callable<Boolean> condition) {
    await(what).pollInterval(Duration.ofMillis(10)).until(condition);
  }

  private Socket connected(Dialogue dialogue) throws IOException {
    return connected(tcp(), dialogue);
  }

  private Socket connected(Port port, Dialogue dialogue) throws IOException {
    serve(port, dialogue);
    Socket line = device.accept();
    line.setSoTimeout(READ_MILLIS);
    open.add(
        0,
        () -> {
          try {
            line.close();
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    return line;
  }

  /** A status in a frame whose rest is not empty. */
  private static byte[] frame(String version) {
    byte[] frame = new byte[FrameReader.LENGTH];
    Arrays.fill(frame, (byte) 0x55);
    ByteBuffer.wrap(frame)
        .put((byte) version.length())
        .put(version.getBytes(UTF_8))
        .put(new byte[] {0, 0, 0});
    return frame;
  }

  /** Answers with the version, and remembers it. */
  private static final class Echo implements Dialogue {
    private final List<String> heard = new ArrayList<>();

    @Override
    public synchronized byte[] answer(byte[] status) throws FormatException {
      DeviceVersion version = new PostcardCodec().read(status).version();
      if (version.text().length() != 3) {
        throw new FormatException("no version of this test");
      }
      heard.add(version.text());
      return version.text().getBytes(UTF_8);
    }

    synchronized List<String> heard() {
      return List.copyOf(heard);
    }
  }

  private static String answer(Socket line) throws IOException {
    byte[] frame = line.getInputStream().readNBytes(FrameReader.LENGTH);
    assertThat(frame).hasSize(FrameReader.LENGTH);
    return new String(frame, 0, 3, UTF_8);
  }

  private static void assertSilent(Socket line) throws IOException {
    line.setSoTimeout(400);
    assertThatThrownBy(() -> line.getInputStream().read())
        .isInstanceOf(java.net.SocketTimeoutException.class);
    line.setSoTimeout(READ_MILLIS);
  }

  @Test
  void aDeviceOnTheNetworkIsUpdated() throws Exception {
    FakeDrogueDevice fake = device(new Traits().timeout(Duration.ofSeconds(90)));
    serve(tcp(), ajour);
    fake.powerOn(Ways.tcp(device));
    awaitTrue("sync", () -> fake.count("synced") > 0);
    assertThat(fake.holds(NEW)).isTrue();
    // Each status was answered once.
    assertThat(ajour.said()).filteredOn(DfuCommand.Write.class::isInstance).hasSize(4);
  }

  @Test
  void aDeviceAtASerialPortIsUpdated() throws Exception {
    FakeDrogueDevice fake = device(new Traits().timeout(Duration.ofSeconds(15)));
    FakeCable cable = cable();
    serve(serial(cable), ajour);
    fake.powerOn(Ways.tty(cable.deviceEnd(), FrameReader.LENGTH));
    awaitTrue("sync", () -> fake.count("synced") > 0);
    assertThat(fake.holds(NEW)).isTrue();
    // While somebody answers: it does not end before it has its answer.
    fake.powerOff();
  }

  @Test
  void aCableMayBePulledOutAndPluggedIn() throws Exception {
    try (RecordingLog log = RecordingLog.of(FrameTransport.class)) {
      FakeDrogueDevice fake = device(new Traits().timeout(Duration.ofSeconds(15)));
      FakeCable cable = cable();
      FrameTransport transport = serve(serial(cable), ajour);
      fake.powerOn(Ways.tty(cable.deviceEnd(), FrameReader.LENGTH));
      awaitTrue("sync", () -> fake.count("synced") > 0);
      fake.powerOff();
      cable.unplug();
      awaitTrue("trouble", () -> transport.trouble().orElse("").contains("no such device"));
      cable.plug();
      int before = ajour.heard().size();
      fake.powerOn(Ways.tty(cable.deviceEnd(), FrameReader.LENGTH));
      awaitTrue("status", () -> ajour.heard().size() > before);
      awaitTrue("no trouble", () -> transport.trouble().isEmpty());
      assertThat(log.lines()).filteredOn(line -> line.contains("no such device")).hasSize(1);
      fake.powerOff();
    }
  }

  /** Does not go on from there, until it is switched off. */
  private static Steps standingAt(String step) {
    return reached -> {
      if (reached.equals(step)) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new Steps.PowerCut(step);
        }
      }
    };
  }

  /**
   * It takes pieces of frames for frames and writes rubbish. The first piece of a block counts as
   * all of it, so that it would in the end start what it has got.
   */
  @Test
  void aDeviceThatReadsPiecesEndsWithWhatItHad() throws Exception {
    FakeDrogueDevice fake = device(Flaw.TAKES_ANY_OFFSET).steps(standingAt("status#21"));
    FakeCable cable = cable();
    serve(serial(cable), ajour.swapping(1));
    fake.powerOn(Ways.tty(cable.deviceEnd(), 64));
    awaitTrue("a block", () -> fake.count("written") > 0);
    awaitTrue("more statuses", () -> fake.count("status") > 20);
    fake.powerOff();
    assertThat(fake.holds(OLD)).isTrue();
    assertThat(ajour.said()).noneMatch(DfuCommand.Swap.class::isInstance);
  }

  @Test
  void partOfAFrameIsThrownAway() throws Exception {
    try (RecordingLog log = RecordingLog.of(FrameTransport.class)) {
      Socket line = connected(new Echo());
      line.getOutputStream().write(frame("1.0"), 0, 1000);
      awaitTrue("warning", () -> log.lines().toString().contains("1000 bytes came"));
      line.getOutputStream().write(frame("1.1"));
      assertThat(answer(line)).isEqualTo("1.1");
    }
  }

  @Test
  void aFrameInPiecesIsOne() throws Exception {
    silence = Duration.ofSeconds(30);
    Socket line = connected(new Echo());
    byte[] frame = frame("1.0");
    for (int at = 0; at < frame.length; at += 64) {
      line.getOutputStream().write(frame, at, 64);
    }
    assertThat(answer(line)).isEqualTo("1.0");
  }

  @Test
  void noiseBeforeAFrameIsNotBelieved() throws Exception {
    Echo echo = new Echo();
    Socket line = connected(echo);
    ByteBuffer all = ByteBuffer.allocate(1034);
    line.getOutputStream().write(all.put("123456789-".getBytes(UTF_8)).put(frame("1.0")).array());
    assertThat(answer(line)).isEqualTo("1.0");
    assertThat(echo.heard()).containsExactly("1.0");
  }

  @Test
  void zerosAreNoStatus() throws Exception {
    Echo echo = new Echo();
    Socket line = connected(echo);
    line.getOutputStream().write(new byte[FrameReader.LENGTH]);
    assertSilent(line);
    line.getOutputStream().write(frame("1.0"));
    assertThat(answer(line)).isEqualTo("1.0");
    assertThat(echo.heard()).containsExactly("1.0");
  }

  @Test
  void onlyTheNewestOfQueuedStatusesIsAnswered() throws Exception {
    Socket line = connected(new Echo());
    ByteBuffer all = ByteBuffer.allocate(3 * FrameReader.LENGTH);
    line.getOutputStream().write(all.put(frame("1.0")).put(frame("1.1")).put(frame("1.2")).array());
    assertThat(answer(line)).isEqualTo("1.2");
    assertSilent(line);
  }

  @Test
  void aStatusThatComesBeforeTheAnswerTakesItsPlace() throws Exception {
    CountDownLatch answering = new CountDownLatch(1);
    CountDownLatch resent = new CountDownLatch(1);
    Echo echo = new Echo();
    CompletableFuture<InputStream> in = new CompletableFuture<>();
    Port port =
        clock -> {
          Port.Line line = tcp().open(clock);
          in.complete(line.in());
          return line;
        };
    Socket line =
        connected(
            port,
            status -> {
              answering.countDown();
              resent.await();
              return echo.answer(status);
            });
    line.getOutputStream().write(frame("1.0"));
    answering.await();
    line.getOutputStream().write(frame("1.1"));
    awaitTrue("arrival", () -> in.join().available() > 0);
    resent.countDown();
    assertThat(answer(line)).isEqualTo("1.1");
    assertSilent(line);
  }

  @Test
  void aLineThatEndsIsOpenedAgain() throws Exception {
    try (RecordingLog log = RecordingLog.of(FrameTransport.class)) {
      Socket first = connected(new Echo());
      first.close();
      try (Socket second = device.accept();
          Socket third = reopened(second)) {
        third.getOutputStream().write(frame("1.0"));
        assertThat(answer(third)).isEqualTo("1.0");
        assertThat(log.lines()).hasSize(2);
      }
      assertThat(log.lines().get(0)).startsWith("WARNING").contains("closed at the other end");
      assertThat(log.lines().get(1)).startsWith("INFO").endsWith("speaks");
    }
  }

  private Socket reopened(Socket line) throws IOException {
    line.close();
    Socket next = device.accept();
    next.setSoTimeout(READ_MILLIS);
    return next;
  }

  @Test
  void whatIsWrongIsSaid() throws Exception {
    assertThatThrownBy(() -> new Port.Tcp(new ListenAddress("host.invalid", 1)).open(clock))
        .hasMessageContaining("drogue.address");
    device.close();
    assertThatThrownBy(() -> tcp().open(clock)).hasMessageContaining("does it listen there?");
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> new Port.Serial(file, 115200).open(clock))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be set to 115200 baud");
  }

  @Test
  void aSerialPortIsUsedByOneOnly() throws Exception {
    FakeCable cable = cable();
    try (Port.Line line = serial(cable).open(clock)) {
      assertThat(line.in().available()).isZero();
      assertThatThrownBy(() -> serial(cable).open(clock))
          .hasMessageContaining("another program uses");
    }
    awaitTrue("free again", () -> isFree(cable));
  }

  private boolean isFree(FakeCable cable) throws InterruptedException {
    try (Port.Line line = serial(cable).open(clock)) {
      return line.in() != null;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void closingEndsAReadAtOnce() throws Exception {
    FakeCable cable = cable();
    FrameTransport silent = serve(serial(cable), new Echo());
    awaitTrue("opened", () -> !isFree(cable));
    silent.close();
    awaitTrue("free again", () -> isFree(cable));
  }

  @Test
  void settingsAreRead() {
    ScriptedSettings good =
        new ScriptedSettings()
            .with("transport", "serial")
            .with("device", "/dev/ttyUSB0")
            .with("baud", 9600)
            .with("address", "[::1]:5000");
    Port serial = new Port.Serial(Path.of("/dev/ttyUSB0"), 9600);
    TransportSettings.DeviceAddress access = read(good);
    assertThat(access.transport())
        .isEqualTo(new TransportSettings.Line(serial, Duration.ofMillis(500)));
    assertThat(access).hasToString("/dev/ttyUSB0");
    assertThat(access.transport().largestBlock()).isEqualTo(968);
    assertThat(good.problems()).isEmpty();
    assertThat(read(good.with("frame_gap", Duration.ofMillis(300))).transport())
        .isEqualTo(new TransportSettings.Line(serial, Duration.ofMillis(300)));
    assertThat(read(good.with("transport", "tcp")).transport()).hasToString("[::1]:5000");
    assertThat(read(good.with("address", "[fe80::1%br-lan]:5000")).transport())
        .hasToString("[fe80::1%br-lan]:5000");
    assertThat(good.problems()).isEmpty();
  }

  private static TransportSettings.DeviceAddress read(ScriptedSettings settings) {
    return DrogueSettings.address(new ChildId("plc"), settings.section());
  }

  @Test
  void problemsAreTold() {
    ScriptedSettings bad =
        new ScriptedSettings()
            .with("device", "ttyUSB0")
            .with("baud", 9601)
            .with("address", "host")
            .with("frame_gap", Duration.ofMinutes(1));
    read(bad.with("transport", "serial"));
    assertThat(bad.problems().stream().map(line -> line.substring(0, line.indexOf(' '))))
        .containsExactly("baud", "frame_gap", "device");
    ScriptedSettings half = new ScriptedSettings().with("transport", "tcp").with("address", "host");
    read(half);
    assertThat(half.problems()).singleElement().asString().startsWith("address ");
    ScriptedSettings missing = new ScriptedSettings().with("transport", "tcp");
    read(missing);
    assertThat(missing.problems()).singleElement().asString().startsWith("address is missing");
    assertThat(ListenAddress.parse("host:70000")).isEmpty();
  }
}
