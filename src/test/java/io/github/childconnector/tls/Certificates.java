package io.github.childconnector.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** A certificate authority of the test's own, with what it has signed, made by openssl. */
@NullMarked
public final class Certificates {
  private static final List<String> EC = List.of("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");

  private final Path directory;
  private final String authority;

  private Certificates(Path directory, String authority) {
    this.directory = directory;
    this.authority = authority;
  }

  /** Makes an authority; {@code name} is that of its certificate {@code <name>.pem}. */
  public static Certificates authority(Path directory, String name) throws IOException {
    Certificates certificates = new Certificates(directory, name);
    certificates.openssl(certificates.request(name, EC));
    return certificates;
  }

  /** The certificate of the authority. */
  public Path authority() {
    return directory.resolve(authority + ".pem");
  }

  /**
   * Signs a certificate for 127.0.0.1 with an EC key; files {@code <name>.pem} and {@code .key}.
   */
  public TlsSettings.Identity sign(String name) throws IOException {
    return sign(name, EC, "IP:127.0.0.1");
  }

  /** Signs a certificate with another key ({@code rsa:2048}, {@code ed25519}). */
  public TlsSettings.Identity sign(String name, String algorithm) throws IOException {
    return sign(name, List.of(algorithm), "IP:127.0.0.1");
  }

  /** Signs a certificate for another machine. */
  public TlsSettings.Identity signFor(String host, String name) throws IOException {
    return sign(name, EC, "DNS:" + host);
  }

  /** Signs a certificate for an owner as openssl writes one: {@code DNS:gw}, {@code IP:::1}. */
  public TlsSettings.Identity signOwned(String owner, String name) throws IOException {
    return sign(name, EC, owner);
  }

  private TlsSettings.Identity sign(String name, List<String> key, String owner)
      throws IOException {
    List<String> arguments = new ArrayList<>(request(name, key));
    arguments.addAll(
        List.of("-CA", authority().toString(), "-CAkey", directory + "/" + authority + ".key"));
    arguments.addAll(List.of("-addext", "subjectAltName=" + owner));
    openssl(arguments);
    return new TlsSettings.Identity(
        directory.resolve(name + ".pem"), directory.resolve(name + ".key"));
  }

  /** Signs a certificate for 127.0.0.1 that was only valid in the past. */
  public TlsSettings.Identity signExpired(String name) throws IOException {
    TlsSettings.Identity identity = sign(name);
    String request = name + ".csr";
    openssl(
        List.of(
            "req",
            "-new",
            "-key",
            identity.key().toString(),
            "-subj",
            "/CN=" + name,
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-out",
            request));
    openssl(
        List.of(
            "x509",
            "-req",
            "-in",
            request,
            "-CA",
            authority().toString(),
            "-CAkey",
            directory + "/" + authority + ".key",
            "-days",
            "-1",
            "-copy_extensions",
            "copy",
            "-out",
            identity.certificate().toString()));
    return identity;
  }

  private List<String> request(String name, List<String> key) {
    List<String> arguments =
        new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=" + name));
    arguments.add("-newkey");
    arguments.addAll(key);
    arguments.addAll(List.of("-keyout", name + ".key", "-out", name + ".pem"));
    return arguments;
  }

  /** Runs openssl in the directory. */
  public void openssl(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed:\n" + said);
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
