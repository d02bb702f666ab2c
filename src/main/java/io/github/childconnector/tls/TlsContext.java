package io.github.childconnector.tls;

import io.github.childconnector.net.Hosts;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes the JDK's TLS context from PEM files. */
public final class TlsContext {
  private static final Pattern CERTIFICATE_FILE = Pattern.compile(".*\\.(pem|crt|0)");

  private static final byte[] SAMPLE = {1, 2, 3};

  /** The parameters of a signature by RSASSA-PSS, for keys that name none. */
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

  // The key store never leaves the memory of this process.
  private static final char[] NO_PASSWORD = {};

  /** Stands for the machine's own trust store. */
  private static final @Nullable KeyStore MACHINE = null;

  private TlsContext() {}

  /**
   * Reads the files anew, so that a renewed certificate is found by the next connection.
   *
   * @throws IOException a file cannot be used; names the file, what is wrong and the remedy
   */
  public static SSLContext of(TlsSettings settings) throws IOException {
    return of(settings, new LeftOut());
  }

  /** The same for whoever does so again and again, and so is told of each damaged file once. */
  public static SSLContext of(TlsSettings settings, LeftOut known) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(settings), trustManagers(settings, known), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot set up TLS: " + e.getMessage(), e);
    }
  }

  /**
   * The same trust for whoever connects to an address that it has looked up itself: the peer must
   * show a certificate for {@code host}, and is told that name.
   */
  public static SSLContext named(SSLContext context, String host) {
    return new NamedContext(context, Hosts.inCertificates(host));
  }

  /** Trusts the certificates of the settings, or those of the machine's own store. */
  private static TrustManager[] trustManagers(TlsSettings settings, LeftOut known)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(settings.trust().isPresent() ? trusted(settings.trust().get(), known) : MACHINE);
    return Stream.of(factory.getTrustManagers())
        .map(
            manager ->
                manager instanceof X509ExtendedTrustManager usual ? new PeerTrust(usual) : manager)
        .toArray(TrustManager[]::new);
  }

  private static KeyStore trusted(Path trust, LeftOut known)
      throws IOException, GeneralSecurityException {
    KeyStore store = emptyStore();
    for (X509Certificate certificate :
        Files.isDirectory(trust) ? certificatesIn(trust, known) : certificates(trust)) {
      store.setCertificateEntry("ca-" + store.size(), certificate);
    }
    return store;
  }

  /**
   * The key managers for {@link SSLContext#init}, whose null stands for no certificate of our own.
   */
  private static KeyManager @Nullable [] keyManagers(TlsSettings settings)
      throws IOException, GeneralSecurityException {
    KeyManager[] managers = null;
    if (settings.identity().isPresent()) {
      TlsSettings.Identity identity = settings.identity().get();
      List<X509Certificate> chain = certificates(identity.certificate());
      KeyStore store = emptyStore();
      store.setKeyEntry(
          "identity",
          key(identity, chain.get(0).getPublicKey()),
          NO_PASSWORD,
          chain.toArray(Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      managers = factory.getKeyManagers();
    }
    return managers;
  }

  /** Reads the key, and makes sure that it is the one of {@code owner}. */
  private static PrivateKey key(TlsSettings.Identity identity, PublicKey owner) throws IOException {
    Pem.Block block = keyBlock(identity.key());
    if (!block.label().equals("PRIVATE KEY")) {
      throw new IOException(otherForm(block.label(), identity.key()));
    }
    try {
      PrivateKey key =
          KeyFactory.getInstance(owner.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(block.bytes()));
      if (belongs(key, owner)) {
        return key;
      }
      throw new IOException(notTheKey(identity));
    } catch (GeneralSecurityException e) {
      throw new IOException(notTheKey(identity), e);
    }
  }

  private static Pem.Block keyBlock(Path file) throws IOException {
    return Pem.read(file).stream()
        .filter(block -> block.label().endsWith("PRIVATE KEY"))
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "no private key in %s: it must hold a block that begins with -----BEGIN PRIVATE KEY-----"
                        .formatted(file)));
  }

  private static String otherForm(String label, Path file) {
    return "the key in %s is in the form \"%s\", which is not read here: convert it with openssl pkcs8 -topk8 -nocrypt -in %1$s -out %1$s.pk8 and name the new file"
        .formatted(file, label);
  }

  private static String notTheKey(TlsSettings.Identity identity) {
    return "the key in %s does not belong to the first certificate in %s: give the two that were made together"
        .formatted(identity.key(), identity.certificate());
  }

  private static boolean belongs(PrivateKey key, PublicKey owner) throws GeneralSecurityException {
    String algorithm =
        switch (owner.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> owner.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
    if (owner instanceof RSAKey rsa && algorithm.equals("RSASSA-PSS")) {
      signature.setParameter(rsa.getParams() == null ? PSS : rsa.getParams());
    }
    signature.initSign(key);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(owner);
    signature.update(SAMPLE);
    return signature.verify(signed);
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<X509Certificate> certificatesIn(Path directory, LeftOut known)
      throws IOException {
    Map<Path, LeftOut.Fault> faults = new TreeMap<>();
    List<X509Certificate> certificates = collect(directory, faults);
    if (certificates.isEmpty()) {
      throw new IOException(
          faults.isEmpty()
              ? "no certificate in " + directory + ": put CA certificates (*.pem, *.crt, *.0) there"
              : String.join("; ", sentences(faults)));
    }
    known.tell(faults);
    return certificates;
  }

  private static List<String> sentences(Map<Path, LeftOut.Fault> faults) {
    return faults.values().stream().map(LeftOut.Fault::sentence).toList();
  }

  /**
   * Reads a directory of CA certificates as {@link #of} does, in which one file that cannot be used
   * leaves the others in effect, and says what is wrong with such files; of nothing else.
   */
  public static List<String> faults(Path trust) {
    Map<Path, LeftOut.Fault> faults = new TreeMap<>();
    try {
      if (Files.isDirectory(trust)) {
        List<X509Certificate> unused = collect(trust, faults);
      }
    } catch (IOException e) {
      faults.put(trust, LeftOut.Fault.of(trust, e));
    }
    return sentences(faults);
  }

  private static List<X509Certificate> collect(Path directory, Map<Path, LeftOut.Fault> faults)
      throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Path file : certificateFiles(directory)) {
      try {
        certificates.addAll(parse(file));
      } catch (IOException e) {
        faults.put(file, LeftOut.Fault.of(file, e));
      }
    }
    return certificates;
  }

  private static List<Path> certificateFiles(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(file -> CERTIFICATE_FILE.matcher(file.getFileName().toString()).matches())
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new IOException("cannot list " + directory + ": " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> certificates = parse(file);
    if (certificates.isEmpty()) {
      throw new IOException(
          "no PEM certificate in %s: it must hold a block that begins with -----BEGIN CERTIFICATE-----"
              .formatted(file));
    }
    return certificates;
  }

  private static List<X509Certificate> parse(Path file) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem.Block block : Pem.read(file)) {
      if (block.label().equals("CERTIFICATE")) {
        certificates.add(certificate(block, file));
      }
    }
    return certificates;
  }

  private static X509Certificate certificate(Pem.Block block, Path file) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.bytes()));
    } catch (CertificateException e) {
      throw new IOException(
          "a certificate in " + file + " is damaged: copy the file again from its origin", e);
    }
  }

  /**
   * The labelled blocks of a PEM file; what stands between them is ignored, as OpenSSL does.
   *
   * <pre>
   * subject=CN = gateway
   * -----BEGIN CERTIFICATE-----
   * MIIBtjCCAVugAwIBAgITBmyf1XSXNmY/Owua2eiedgPySjAKBggqhkjOPQQDAjA5
   * -----END CERTIFICATE-----
   * </pre>
   */
  private static final class Pem {
    private static final Pattern BLOCK =
        Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private Pem() {}

    /** The text between one BEGIN and its END. */
    record Block(String label, String base64) {

      /** No bytes for damaged base64, which the parser of the certificate or the key refuses. */
      byte[] bytes() {
        try {
          return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
          return new byte[0];
        }
      }
    }

    /** The blocks of a file, in their order; none for a file that is not PEM. */
    static List<Block> read(Path file) throws IOException {
      return BLOCK
          .matcher(text(file))
          .results()
          .map(found -> new Block(found.group(1), found.group(2)))
          .toList();
    }

    private static String text(Path file) throws IOException {
      try {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
      } catch (NoSuchFileException e) {
        throw new IOException("cannot read " + file + ": there is no such file", e);
      } catch (AccessDeniedException e) {
        throw new IOException(
            "cannot read " + file + ": this user may not; check its owner and mode", e);
      } catch (IOException e) {
        throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
      }
    }
  }
}
