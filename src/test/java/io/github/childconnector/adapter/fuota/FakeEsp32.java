package io.github.childconnector.adapter.fuota;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.device.DeviceFlash;
import io.github.childconnector.device.DeviceOptions;
import io.github.childconnector.device.Steps;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.NullMarked;

/**
 * A device with the esp32-fuota client: polls, fetches, boots what it has fetched. What it runs is
 * in its flash, so it can be cut off anywhere. An image says in its text which version it is.
 *
 * <p>Like the client it survives the statuses 200, 204, 400, 403 and 404 only and restarts after
 * any other; reads no name without a Content-Length; and keeps the tail of a longer name that it
 * got since its last start.
 */
@NullMarked
public final class FakeEsp32 implements AutoCloseable {
  private static final Pattern VERSION = Pattern.compile("firmware ([\\w.+-]+?)(?=firmware|;|$)");
  private static final int CHUNK = 16 * 1024;
  private static final String HELP =
      """
      A simulated ESP32 with the client of esp32-fuota.
        --directory DIR        its flash; what it runs is the file there that "boot" names
        --server HOST:PORT     where it polls
        --certificate FILE     the server's certificate, in PEM
        --id ID                its DEV_ID (default: 00001)
        --username NAME        its login (default: its DEV_ID)
        --password-file FILE   the file whose first line is its password
        --version VERSION      what it runs if the directory is new (default: 0.1.0)
        --period MILLIS        between two polls (default: 1000; a real one has 40000)
        --flaw FLAW            refuses, lies or loses-its-connection
        --die-at STEP          gets SIGKILL at start, poll, offered, fetching, half-written, written
                               or switched; poll#2 is the second time
        --image FILE           writes an image of --version there, and does nothing else
      """;

  /** What is wrong with it. */
  public enum Flaw {
    /** Nothing. */
    NONE,
    /** It fetches everything and goes on with what it had. */
    REFUSES,
    /** Its firmware was built with another version than the image's. */
    LIES,
    /** It loses its connection in the middle of each first fetch. */
    LOSES_ITS_CONNECTION
  }

  /** Where it may be ended. */
  enum Step {
    START,
    POLL,
    OFFERED,
    FETCHING,
    HALF_WRITTEN,
    WRITTEN,
    SWITCHED
  }

  private final DeviceFlash flash;
  private final Esp32Link link;
  private final String id;
  private final String authorization;
  private final AtomicBoolean isOff = new AtomicBoolean();
  private long pauseMillis = 20;
  private Steps steps = Steps.silent();
  private volatile Flaw flaw = Flaw.NONE;
  private Optional<Thread> thread = Optional.empty();

  /** As in the client: of 255 characters and a zero, and only cleared by a start. */
  private final byte[] name = new byte[256];

  /** A device that is off, whose password is {@code secret-} and its id. */
  public FakeEsp32(Path directory, String id, int port, Path certificate) throws IOException {
    this(directory, id, new Esp32Link("127.0.0.1:" + port, certificate), basic(id, "secret-" + id));
  }

  private FakeEsp32(Path directory, String id, Esp32Link link, String authorization)
      throws IOException {
    this.flash = new DeviceFlash(directory, VERSION);
    this.id = id;
    this.link = link;
    this.authorization = authorization;
  }

  /** A device of its own. */
  public static void main(String... arguments) throws IOException {
    DeviceOptions options = DeviceOptions.read(HELP, arguments);
    String version = options.get("--version", "0.1.0");
    if (options.get("--image").isPresent()) {
      Files.write(Path.of(options.require("--image")), EspImages.of(version));
      return;
    }
    try (FakeEsp32 device = of(options)) {
      if (!device.flash.isAssembled()) {
        device.with(version);
      }
      device.run();
    }
  }

  private static FakeEsp32 of(DeviceOptions options) throws IOException {
    String id = options.get("--id", "00001");
    String password = Files.readAllLines(Path.of(options.require("--password-file"))).get(0);
    Path certificate = Path.of(options.require("--certificate"));
    FakeEsp32 device =
        new FakeEsp32(
            options.directory(),
            id,
            new Esp32Link(options.require("--server"), certificate),
            basic(options.get("--username", id), password));
    device.pauseMillis = options.number("--period", 1000);
    device.steps = options.steps();
    return device.with(
        Flaw.valueOf(options.get("--flaw", "none").replace('-', '_').toUpperCase(Locale.ROOT)));
  }

  /** Makes a server's certificate in this directory, unless it is there; returns its file. */
  public static synchronized Path makeCertificate(Path directory) throws IOException {
    ServerIdentity own = new ServerIdentity(Optional.empty(), "127.0.0.1", directory);
    if (!Files.exists(own.certificate())) {
      own.context();
    }
    return own.certificate();
  }

  static String basic(String name, String password) {
    byte[] login = (name + ":" + password).getBytes(UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  /** Puts this version on it. */
  public FakeEsp32 with(String version) {
    try {
      flash.assemble(("firmware " + version).getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Makes it go wrong in this way. */
  public FakeEsp32 with(Flaw next) {
    flaw = next;
    return this;
  }

  /** What it runs. */
  public String version() {
    try {
      return flash.version(flash.running()).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often it has fetched a whole image. */
  public int fetches() {
    return notes("fetches");
  }

  /** How often it has restarted because it did not know the status of an answer. */
  public int restarts() {
    return notes("restarts");
  }

  private int notes(String what) {
    try {
      return flash.notes(what).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Switches it on: it polls until it is closed. */
  public FakeEsp32 on() {
    isOff.set(false);
    Thread polling = new Thread(this::run, "esp32-" + id);
    polling.start();
    thread = Optional.of(polling);
    return this;
  }

  private void run() {
    start();
    while (!isOff.get()) {
      try {
        cycle();
      } catch (IOException e) {
        // as the device: it tries again
      }
      LockSupport.parkNanos(pauseMillis * 1_000_000);
    }
  }

  private void start() {
    steps.reach(Step.START);
    Arrays.fill(name, (byte) 0);
  }

  /** One poll, with the fetch and the restart that it leads to; returns the status of the poll. */
  int cycle() throws IOException {
    steps.reach(Step.POLL);
    HttpsURLConnection poll = get("/devices/" + id + "?app_ver=" + version());
    int status = poll.getResponseCode();
    if (status == 200) {
      fetch(name(poll));
    } else if (status != 204 && status != 400 && status != 403 && status != 404) {
      flash.note("restarts", "after status " + status);
      start();
    }
    return status;
  }

  private String name(HttpsURLConnection poll) throws IOException {
    int length = Math.min(Math.max(0, poll.getContentLength()), name.length - 1);
    try (InputStream body = poll.getInputStream()) {
      body.readNBytes(name, 0, length);
    }
    String text = new String(name, US_ASCII);
    return text.substring(0, text.indexOf('\0'));
  }

  private void fetch(String file) throws IOException {
    steps.reach(Step.OFFERED);
    if (flaw == Flaw.LOSES_ITS_CONNECTION) {
      flaw = Flaw.NONE;
      link.breakOff("/files/" + file, authorization);
      return;
    }
    HttpsURLConnection fetch = get("/files/" + file);
    if (fetch.getResponseCode() == 200) {
      steps.reach(Step.FETCHING);
      long length = fetch.getContentLengthLong();
      try (InputStream body = fetch.getInputStream()) {
        long written = write(body, length);
        if (length < 0 || written == length) {
          boot();
        }
      }
    }
  }

  private long write(InputStream body, long length) throws IOException {
    long written = 0;
    byte[] chunk = new byte[length < 2 ? CHUNK : (int) Math.min(CHUNK, length / 2)];
    try (OutputStream slot = flash.openSpare()) {
      for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
        boolean isBeforeHalf = written < length / 2;
        slot.write(chunk, 0, read);
        written += read;
        if (isBeforeHalf && written >= length / 2) {
          steps.reach(Step.HALF_WRITTEN);
        }
      }
    }
    return written;
  }

  /** Looks at what was fetched, and starts it if it can be. */
  private void boot() throws IOException {
    flash.note("fetches", Long.toString(Files.size(flash.spare())));
    steps.reach(Step.WRITTEN);
    if (flaw == Flaw.LIES) {
      Files.writeString(flash.spare(), "firmware 9.9", ISO_8859_1);
    }
    if (flaw != Flaw.REFUSES && EspImages.isBootable(flash.spare()) && isKnown()) {
      flash.switchOver();
      steps.reach(Step.SWITCHED);
      start();
    }
  }

  private boolean isKnown() throws IOException {
    return flash.version(flash.spare()).isPresent();
  }

  /** A request as the device makes it. */
  HttpsURLConnection get(String path) throws IOException {
    return get(path, authorization);
  }

  HttpsURLConnection get(String path, String login) throws IOException {
    return link.get(path, login);
  }

  /** Switches it off, wherever it is. */
  @Override
  public void close() {
    isOff.set(true);
    thread.ifPresent(
        polling -> {
          try {
            polling.join();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    thread = Optional.empty();
  }
}
