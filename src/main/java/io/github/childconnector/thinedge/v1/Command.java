package io.github.childconnector.thinedge.v1;

import com.google.gson.JsonObject;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.thinedge.RequestDocument;
import io.github.childconnector.thinedge.TextField;
import io.github.childconnector.thinedge.TextField.Kind;
import io.github.childconnector.thinedge.TextField.Presence;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The document of a command, as thin-edge's mapper publishes it: one JSON object, of which every
 * state that follows repeats all fields, also those that are unknown here.
 *
 * <pre>{@code
 * {"status":"init","tedgeUrl":"http://127.0.0.1:8001/c8y/inventory/binaries/51541",
 *  "remoteUrl":"https://t1.cumulocity.com/inventory/binaries/51541",
 *  "name":"myFirmware","version":"1.0"}
 * }</pre>
 *
 * <p>{@code status}, {@code name} and {@code version} are texts and required (name and version may
 * be empty), and one of {@code tedgeUrl}, {@code remoteUrl} and {@code url} is. {@code sha256},
 * which the mapper never sends, promises the digest of the image; {@code "force":true} installs
 * also what the device seems to run already. The limits are those of {@link RequestDocument} and
 * {@link TextField}.
 */
public final class Command {
  private static final String STATUS = "status";
  private static final String REASON = "reason";
  private static final String REMOTE_URL = "remoteUrl";
  private static final String NAME = "name";
  private static final String VERSION = "version";

  /** The addresses of the image, the one to be asked first. */
  private static final List<String> URLS = List.of("tedgeUrl", REMOTE_URL, "url");

  private static final List<TextField> TEXTS =
      List.of(
          new TextField(STATUS, Presence.REQUIRED, Kind.ANY),
          new TextField("tedgeUrl", Presence.NULLABLE, Kind.URL),
          new TextField(REMOTE_URL, Presence.OPTIONAL, Kind.URL),
          new TextField("url", Presence.NULLABLE, Kind.URL),
          new TextField(NAME, Presence.REQUIRED, Kind.NAME),
          new TextField(VERSION, Presence.REQUIRED, Kind.NAME),
          new TextField("sha256", Presence.OPTIONAL, Kind.DIGEST));

  /** Fields without which thin-edge's mapper takes no state, and ends the operation itself. */
  private static final List<String> ALWAYS_TOLD = List.of(REMOTE_URL, NAME, VERSION);

  /** Fields of which the mapper takes no state either where they are there and no texts. */
  private static final List<String> TOLD_AS_TEXTS = List.of("tedgeUrl", "logPath");

  private final RequestDocument document;

  private Command(RequestDocument document) {
    this.document = document;
  }

  /** Reads what arrived; never fails, whatever the bytes are: see {@link #problem}. */
  public static Command read(byte[] bytes) {
    return new Command(RequestDocument.read(bytes, TEXTS));
  }

  /** Takes a document that was kept. */
  static Command of(JsonObject kept) {
    return new Command(RequestDocument.of(kept, TEXTS));
  }

  /** All fields that were read, to be kept. */
  JsonObject fields() {
    return document.fields();
  }

  /** Why the command cannot be carried out; empty if it can. */
  public Optional<Failure> problem() {
    return document.problem().or(() -> url().isEmpty() ? Optional.of(noUrl()) : Optional.empty());
  }

  private static Failure noUrl() {
    return new Failure(
        FailureCode.REQUEST_INVALID,
        "The request is not one: none of the fields tedgeUrl, remoteUrl and url says where the image"
            + " lies. Nothing was changed on the device.");
  }

  /** The state that the command is said to be in, for example {@code init}; empty if in none. */
  public Optional<String> status() {
    return document.text(STATUS);
  }

  /** Why the command failed, as its document says it. */
  public Optional<String> reason() {
    return document.text(REASON);
  }

  /** The firmware; what an invalid command does not say is empty. */
  public Firmware firmware() {
    return new Firmware(text(NAME), text(VERSION));
  }

  private String text(String field) {
    return document.text(field).orElse("");
  }

  /** The address of the image; empty if an invalid command does not say it. */
  public Optional<String> url() {
    return URLS.stream().map(this::text).filter(url -> !url.isEmpty()).findFirst();
  }

  /** The digest that the image is promised to have. */
  public Optional<Sha256> digest() {
    return document.text("sha256").filter(Sha256::isValid).map(Sha256::new);
  }

  /**
   * The file in the cloud that is meant: the SHA-256 of its address there, in 64 hexadecimal
   * digits. The URL of a legacy request for the same file ends with it.
   */
  public String sourceKey() {
    String remote = text(REMOTE_URL);
    String source = remote.isEmpty() ? url().orElse("") : remote;
    return Sha256.of(source.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /**
   * Returns what a command without a problem asks for, as this operation.
   *
   * @throws java.util.NoSuchElementException the command has a {@link #problem}
   */
  public FirmwareUpdate update(OperationKey key) {
    return new FirmwareUpdate(
        key, firmware(), digest(), url().orElseThrow(), sourceKey(), document.isTrue("force"));
  }

  /**
   * Returns what to publish so that the command is in this state. It has all fields that the mapper
   * requires, empty ones where the command lacks them, so that the mapper takes the reason for it.
   */
  public byte[] document(CommandState state) {
    JsonObject told = document.fields();
    ALWAYS_TOLD.forEach(field -> told.addProperty(field, text(field)));
    TOLD_AS_TEXTS.stream()
        .filter(field -> told.has(field) && !told.get(field).isJsonNull())
        .filter(field -> document.text(field).isEmpty())
        .forEach(told::remove);
    told.addProperty(STATUS, state.status().word());
    state.reason().ifPresentOrElse(why -> told.addProperty(REASON, why), () -> told.remove(REASON));
    return told.toString().getBytes(StandardCharsets.UTF_8);
  }
}
