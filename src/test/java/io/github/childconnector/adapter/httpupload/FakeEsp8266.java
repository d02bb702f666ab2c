package io.github.childconnector.adapter.httpupload;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.device.DeviceFlash;
import io.github.childconnector.device.DeviceOptions;
import io.github.childconnector.device.Steps;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * A device with Arduino's ESP8266HTTPUpdateServer: takes a form at {@code POST /update}, answers
 * with 200 in any case, starts what begins as an image does, and says at {@code GET /version} what
 * it runs. Its flash survives it.
 */
@NullMarked
public final class FakeEsp8266 implements AutoCloseable {
  private static final Pattern VERSION = Pattern.compile("firmware ([\\w.+-]+?);");
  private static final String HELP =
      """
      A simulated ESP8266 with Arduino's HTTP update server: POST /update, GET /version.
        --directory DIR        its flash; what it runs is the file there that "boot" names
        --port PORT            where it listens, at 127.0.0.1
        --version VERSION      what it runs if the directory is new (default: 1.0.0)
        --die-at STEP          gets SIGKILL at start, asked, half-written, written, switched or
                               answered; asked#2 is the second time
        --image FILE           writes an image of --version there, and does nothing else
      """;

  /** Where it may be ended. */
  enum Step {
    START,
    ASKED,
    HALF_WRITTEN,
    WRITTEN,
    SWITCHED,
    ANSWERED
  }

  private final DeviceFlash flash;
  private final Steps steps;
  private final FakeBoard board;

  private FakeEsp8266(DeviceFlash flash, Steps steps, FakeBoard board) {
    this.flash = flash;
    this.steps = steps;
    this.board = board;
    board.on("GET /version", visit -> visit.answer("200 OK", version()));
    board.on("POST /update", this::update);
  }

  /** A device of its own. */
  public static void main(String... arguments) throws IOException {
    DeviceOptions options = DeviceOptions.read(HELP, arguments);
    byte[] image = image(options.get("--version", "1.0.0"));
    if (options.get("--image").isPresent()) {
      Files.write(Path.of(options.require("--image")), image);
      return;
    }
    DeviceFlash flash = new DeviceFlash(options.directory(), VERSION);
    if (!flash.isAssembled()) {
      flash.assemble(image);
    }
    Steps steps = options.steps();
    steps.reach(Step.START);
    try (FakeEsp8266 device =
        new FakeEsp8266(flash, steps, new FakeBoard(options.number("--port", 0)))) {
      while (device.isOn()) {
        LockSupport.park(device);
      }
    }
  }

  private boolean isOn() {
    return flash.isAssembled();
  }

  /** An image that it starts. */
  public static byte[] image(String version) {
    byte[] image = (" " + ("firmware " + version + ";").repeat(10_000)).getBytes(UTF_8);
    image[0] = (byte) 0xE9;
    return image;
  }

  private String version() throws IOException {
    return flash.version(flash.running()).orElseThrow();
  }

  private void update(FakeBoard.Visit visit) throws IOException {
    steps.reach(Step.ASKED);
    int length = Integer.parseInt(visit.header("Content-Length").orElse("0"));
    try (OutputStream spare = flash.openSpare()) {
      spare.write(visit.readBody(length / 2));
      steps.reach(Step.HALF_WRITTEN);
      visit.readBody(length - length / 2);
    }
    if (visit.body().length == length) {
      take(visit);
    }
  }

  private void take(FakeBoard.Visit visit) throws IOException {
    Files.write(flash.spare(), visit.file());
    flash.note("uploads", Long.toString(Files.size(flash.spare())));
    steps.reach(Step.WRITTEN);
    Optional<String> version = flash.version(flash.spare());
    if (visit.file().length == 0 || (visit.file()[0] & 0xFF) != 0xE9 || version.isEmpty()) {
      visit.answer("200 OK", "Update error: ERROR[10]: Magic byte is wrong, not 0xE9");
      return;
    }
    flash.switchOver();
    steps.reach(Step.SWITCHED);
    visit.answer("200 OK", "Update Success! Rebooting...");
    steps.reach(Step.ANSWERED);
  }

  @Override
  public void close() {
    board.close();
  }
}
