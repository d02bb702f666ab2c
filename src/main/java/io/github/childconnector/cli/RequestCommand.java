package io.github.childconnector.cli;

import io.github.childconnector.cli.Conversation.SampleRequest;
import io.github.childconnector.cli.FirmwareOffer.ServingAddress;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code request}: plays thin-edge towards a connector, so that an operator can update a child
 * without a cloud. Serves the file, sends the request, shows the statuses, ends as the child did.
 */
@Command(
    name = "request",
    description = {
      "Asks a running connector to bring FILE to CHILD, as thin-edge would, and shows what it"
          + " answers. Serves FILE over HTTP itself until the end."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCode.OK + ":the child reported successful",
      ExitCode.USAGE + ":the command line is wrong, or FILE cannot be read",
      ExitCode.UNAVAILABLE + ":the broker was not reached, or nothing final came in time",
      ExitCode.SOFTWARE + ":the child reported failed",
      ExitCode.CONFIG + ":the configuration is wrong"
    })
public final class RequestCommand implements Callable<Integer> {
  private final ConfigLoader loader;
  private final Function<MqttSettings, MqttLink> links;
  private final MonotonicClock clock;
  private final RequestDisplay.Style style;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Spec private CommandSpec command = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "CHILD",
      description = "A child's id in the configuration, or else its external id in thin-edge.")
  private String child = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "The firmware image.")
  private Path file = Path.of("");

  @Option(names = "--name", required = true, paramLabel = "N", description = "Firmware name.")
  private String name = "";

  @Option(
      names = "--version",
      required = true,
      paramLabel = "V",
      description = "Firmware version, as the device will name it.")
  private String version = "";

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description = "The digest to announce (default: that of FILE).")
  private Optional<String> sha256 = Optional.empty();

  @Option(
      names = "--force",
      description =
          "Installs FILE also if the child runs that version already, for example a rebuilt one.")
  private boolean isForced;

  @Option(
      names = "--address",
      paramLabel = "HOST",
      description =
          "This machine's name or address as the connector can reach it (default: the address"
              + " from which this machine reaches the broker).")
  private Optional<String> address = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Longest time until the final status, such as 30s, 5m or 1h (default: 1h).")
  private Duration timeout = Duration.ofHours(1);

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The operation's id (default: a new one). One used before is answered again.")
  private String id = SampleRequest.randomName(21);

  /**
   * A command for the terminal.
   *
   * @param links makes a link that is not started yet
   */
  public RequestCommand(ConfigLoader loader, Function<MqttSettings, MqttLink> links) {
    this(loader, links, new SystemClock(), RequestDisplay.Style.ofProcess());
  }

  RequestCommand(
      ConfigLoader loader,
      Function<MqttSettings, MqttLink> links,
      MonotonicClock clock,
      RequestDisplay.Style style) {
    this.loader = loader;
    this.links = links;
    this.clock = clock;
    this.style = style;
  }

  @Override
  public Integer call() throws CommandException, ConfigurationException, InterruptedException {
    Path image = file();
    Sha256 digest = digest();
    ConnectorConfig config = loader.load(common.config());
    OperationKey key = new OperationKey(externalId(config.externalIds()), id());
    String path = path(key);
    ServingAddress serving = address(config.mqtt());
    RequestDisplay display = new RequestDisplay(common.out(), style, fileSize());
    try (FirmwareOffer offer = offer(serving, image, path)) {
      String url = serving.url(offer.port(), path);
      display.line("image offered at " + url);
      offer.start(display::fetched);
      Firmware firmware = new Firmware(name, version);
      return ask(config.mqtt(), new FirmwareUpdate(key, firmware, digest, url, isForced), display);
    }
  }

  /** The child's name in thin-edge's topics; of a child that is not configured, its id itself. */
  private ChildId externalId(Map<ChildId, ChildId> configured) {
    ChildId asked = CommonOptions.child(command, child);
    if (!configured.containsKey(asked) && !configured.containsValue(asked)) {
      common
          .err()
          .println(asked + " is not a child in " + common.config() + "; taken as an external id");
    }
    return configured.getOrDefault(asked, asked);
  }

  private Path file() {
    if (!Files.isRegularFile(file)) {
      throw misuse("There is no file " + file);
    }
    if (!Files.isReadable(file)) {
      throw misuse("The file " + file + " may not be read by this user");
    }
    return file;
  }

  private long fileSize() {
    try {
      return Files.size(file());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Sha256 digest() {
    if (sha256.isEmpty()) {
      return digestOfFile();
    }
    if (!Sha256.isValid(sha256.get())) {
      throw misuse("--sha256 takes 64 hexadecimal digits, as sha256sum prints them");
    }
    return new Sha256(sha256.get());
  }

  private Sha256 digestOfFile() {
    try (InputStream in = Files.newInputStream(file())) {
      return Sha256.of(in);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private ParameterException unreadable(IOException why) {
    return misuse("The file " + file + " cannot be read: " + why.getMessage());
  }

  private ParameterException misuse(String sentence) {
    return CommonOptions.misuse(command, sentence);
  }

  private String id() {
    if (!OperationKey.isValidId(id)) {
      throw misuse("--id takes 1 to 128 characters of A-Z a-z 0-9 _ - . :");
    }
    return id;
  }

  /**
   * The path by which thin-edge would name the file: by child and by a digest that is not the
   * file's.
   */
  private static String path(OperationKey key) {
    Sha256 name = Sha256.of(key.id().getBytes(StandardCharsets.US_ASCII));
    return "/te/v1/files/" + key.child() + "/firmware_update/" + name.hex();
  }

  private ServingAddress address(MqttSettings broker) throws CommandException {
    try {
      return address.isPresent()
          ? ServingAddress.named(address.get())
          : ServingAddress.towards(broker.host(), broker.port());
    } catch (IOException e) {
      if (address.isPresent()) {
        throw misuse("--address " + address.get() + " is not known here: " + e.getMessage());
      }
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "There is no way to the broker at %s: %s".formatted(broker.address(), e.getMessage()));
    }
  }

  private FirmwareOffer offer(ServingAddress serving, Path image, String path)
      throws CommandException {
    try {
      return new FirmwareOffer(serving.bind(), image, path, clock.threads());
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "The image cannot be offered at " + serving.bind() + ": " + e.getMessage());
    }
  }

  private int ask(MqttSettings broker, FirmwareUpdate update, RequestDisplay display)
      throws CommandException, InterruptedException {
    try (MqttLink link = links.apply(forThisRequest(broker))) {
      return new Conversation(new SampleRequest(update), link, display, clock).hold(timeout);
    }
  }

  /** The connector's own client id would take its session away. */
  private static MqttSettings forThisRequest(MqttSettings broker) {
    return new MqttSettings(
        broker.host(),
        broker.port(),
        "tedge-child-connector-request-" + SampleRequest.randomName(8),
        broker.login(),
        broker.tls(),
        false);
  }
}
