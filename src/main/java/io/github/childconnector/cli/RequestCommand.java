package io.github.childconnector.cli;

import io.github.childconnector.cli.FirmwareOffer.ServingAddress;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin private final RequestOptions options = new RequestOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

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
    Path file = options.file();
    Sha256 digest = options.digest();
    ConnectorConfig config = loader.load(common.config()).config();
    OperationKey key = new OperationKey(externalId(config.externalIds()), options.id());
    String path = path(key);
    ServingAddress address = address(config.mqtt());
    RequestDisplay display = new RequestDisplay(common.out(), style, options.fileSize());
    try (FirmwareOffer offer = offer(address, file, path)) {
      String url = address.url(offer.port(), path);
      display.line("image offered at " + url);
      offer.start(display::fetched);
      return ask(config.mqtt(), new FirmwareUpdate(key, options.firmware(), digest, url), display);
    }
  }

  /** The child's name in thin-edge's topics; of a child that is not configured, its id itself. */
  private ChildId externalId(Map<ChildId, ChildId> configured) {
    ChildId child = options.child();
    if (!configured.containsKey(child) && !configured.containsValue(child)) {
      common
          .err()
          .println(child + " is not a child in " + common.config() + "; taken as an external id");
    }
    return configured.getOrDefault(child, child);
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
    Optional<String> named = options.address();
    try {
      return named.isPresent()
          ? ServingAddress.named(named.get())
          : ServingAddress.towards(broker.host(), broker.port());
    } catch (IOException e) {
      if (named.isPresent()) {
        throw options.misuse("--address " + named.get() + " is not known here: " + e.getMessage());
      }
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "There is no way to the broker at %s: %s".formatted(broker.address(), e.getMessage()));
    }
  }

  private FirmwareOffer offer(ServingAddress address, Path file, String path)
      throws CommandException {
    try {
      return new FirmwareOffer(address.bind(), file, path, clock.threads());
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "The image cannot be offered at " + address.bind() + ": " + e.getMessage());
    }
  }

  private int ask(MqttSettings broker, FirmwareUpdate update, RequestDisplay display)
      throws CommandException, InterruptedException {
    try (MqttLink link = links.apply(forThisRequest(broker))) {
      return new Conversation(new SampleRequest(update), link, display, clock)
          .hold(options.timeout());
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
