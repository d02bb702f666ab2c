package io.github.childconnector.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.adapter.fuota.EspImages;
import io.github.childconnector.adapter.fuota.FakeEsp32;
import io.github.childconnector.adapter.httpupload.FakeEsp8266;
import io.github.childconnector.adapter.sming.FakeSmingDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * A family of devices in the crash matrix: how its child is configured, what plays its device, and
 * what that device keeps. One that is played by a process is killed too.
 */
@NullMarked
enum SimulatedFamily {
  /** A device that boots from a file; nothing of it runs that could be killed. */
  FILE {
    @Override
    String table(Place place) throws IOException {
      Path file = place.device().resolve("plc.bin");
      Files.write(file, image(oldVersion()));
      Files.write(running(place), image(oldVersion()));
      return """
          path = "%s"
          after = ["/bin/cp", "{image}", "%s"]
          read_version = ["/usr/bin/head", "-n", "1", "%s"]
          """
          .formatted(file, running(place), running(place));
    }

    @Override
    byte[] image(String version) {
      return (version + "\n").repeat(1000).getBytes(UTF_8);
    }

    @Override
    Path running(Place place) {
      return place.device().resolve("running");
    }
  },

  /** An ESP8266 with an update page. */
  HTTPUPLOAD {
    @Override
    String table(Place place) {
      return """
          url = "http://127.0.0.1:%d/update"
          field = "firmware"
          answer = "optional"
          failure_pattern = "Update error"
          version_url = "http://127.0.0.1:%d/version"
          """
          .formatted(place.port(), place.port());
    }

    @Override
    List<String> device(Place place) {
      return List.of(FakeEsp8266.class.getName(), "--port", Integer.toString(place.port()));
    }

    @Override
    byte[] image(String version) {
      return FakeEsp8266.image(version);
    }

    @Override
    String flashes() {
      return "uploads";
    }
  },

  /** A Sming device that says its version. */
  SMING {
    @Override
    String table(Place place) {
      return """
          port = %d
          app = "%s"
          version_topic = "%s/state"
          version_pointer = "/fw"
          """
          .formatted(place.broker(), place.name(), place.name());
    }

    @Override
    List<String> device(Place place) {
      return List.of(
          FakeSmingDevice.class.getName(),
          "--port",
          Integer.toString(place.broker()),
          "--client-id",
          place.name(),
          "--app",
          place.name(),
          "--version-topic",
          place.name() + "/state");
    }

    @Override
    byte[] image(String version) {
      return FakeSmingDevice.image(version);
    }

    @Override
    String flashes() {
      return "flashes";
    }

    @Override
    String oldVersion() {
      return "4.3.5";
    }

    @Override
    String newVersion() {
      return "4.3.6";
    }
  },

  /** An ESP32 that polls. */
  FUOTA {
    @Override
    String table(Place place) throws IOException {
      return """
          listen = "127.0.0.1:%d"
          server_name = "127.0.0.1"
          directory = "%s"
          device_id = "00001"
          username = "00001"
          password_file = "%s"
          """
          .formatted(place.port(), certificate(place).getParent(), password(place));
    }

    /** Made once, for it takes a while. */
    private Path certificate(Place place) throws IOException {
      Path made = FakeEsp32.makeCertificate(place.certificates());
      Path own = Files.createDirectories(place.device().resolve("server"));
      Path store = made.resolveSibling("127.0.0.1.p12");
      Files.copy(store, own.resolve(store.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      return own.resolve(made.getFileName());
    }

    private Path password(Place place) throws IOException {
      return Files.writeString(place.device().resolve("password"), "swordfish");
    }

    @Override
    List<String> device(Place place) throws IOException {
      return List.of(
          FakeEsp32.class.getName(),
          "--server",
          "127.0.0.1:" + place.port(),
          "--period",
          "300",
          "--certificate",
          place.device().resolve("server/127.0.0.1.pem").toString(),
          "--password-file",
          password(place).toString());
    }

    @Override
    byte[] image(String version) {
      return EspImages.of(version);
    }

    @Override
    String flashes() {
      return "fetches";
    }

    @Override
    boolean isRepeatable() {
      return true;
    }
  };

  private static final Pattern OF_FAMILIES =
      Pattern.compile("(open|install|read|commit|restore|end|rename state/operations).*");

  /**
   * Where one child lives.
   *
   * @param name of the child
   * @param device the directory of its device
   * @param certificates shared by all
   */
  record Place(String name, Path device, int broker, int port, Path certificates) {}

  /** The lines of the child's own table. */
  abstract String table(Place place) throws IOException;

  /** An image that the device can start. */
  abstract byte[] image(String version);

  byte[] newImage() {
    return image(newVersion());
  }

  /** The class of its device and its options, but for those that all have; empty if it is none. */
  List<String> device(Place place) throws IOException {
    return List.of();
  }

  /** The image that the device runs, or would if it were on. */
  Path running(Place place) throws IOException {
    return place.device().resolve(Files.readString(place.device().resolve("boot")).strip());
  }

  /** The notes of the device that have a line for each image it has taken. */
  String flashes() {
    return "";
  }

  /** Whether an installation that was cut off is done again. */
  boolean isRepeatable() {
    return false;
  }

  String oldVersion() {
    return "1.0.0";
  }

  String newVersion() {
    return "2.0.0";
  }

  /**
   * What a point does, whichever time it is; empty where a kill leaves nothing that another point
   * does not leave, or nothing that has to do with the family. How files are written, messages
   * taken and images fetched is left to the matrix of the connector alone.
   */
  static Optional<String> kind(String point) {
    String kind = point.replaceFirst("#\\d+$", "").replaceFirst("is at \\d+ %$", "is written");
    return OF_FAMILIES.matcher(kind).matches() ? Optional.of(kind) : Optional.empty();
  }
}
