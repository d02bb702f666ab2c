package io.github.childconnector.adapter.httpupload;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** An answer of the device; of the body, the beginning. */
record Reply(int status, HttpHeaders headers, String text) {
  private static final int MAX_READ = 4000;
  private static final int MAX_SHOWN = 160;
  private static final Pattern TAG = Pattern.compile("<[^<>]*>");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  static Reply of(ReplyBody body) {
    return new Reply(body.head().statusCode(), body.head().headers(), body.text());
  }

  boolean isUnauthorized() {
    return status == 401;
  }

  /**
   * Returns a part of a sentence, for example {@code answered 200: Update error: Not Enough Space}.
   */
  @Override
  public String toString() {
    String excerpt = excerpt();
    return "answered " + status + (excerpt.isEmpty() ? "" : ": " + excerpt);
  }

  private String excerpt() {
    String beginning = text.substring(0, Math.min(text.length(), MAX_READ));
    String plain = SPACE.matcher(TAG.matcher(beginning).replaceAll(" ")).replaceAll(" ").strip();
    return plain.length() <= MAX_SHOWN ? plain : plain.substring(0, MAX_SHOWN) + "…";
  }

  /**
   * The beginning of an answer's body: at most {@value #MAX_BYTES} bytes are kept, and no more are
   * waited for. A body that breaks off is kept as far as it came, because devices that restart
   * often do not finish it.
   */
  static final class ReplyBody implements HttpResponse.BodySubscriber<ReplyBody> {
    static final int MAX_BYTES = 64 * 1024;

    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");

    private final HttpResponse.ResponseInfo head;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<ReplyBody> done = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    ReplyBody(HttpResponse.ResponseInfo head) {
      this.head = head;
    }

    HttpResponse.ResponseInfo head() {
      return head;
    }

    @Override
    public CompletionStage<ReplyBody> getBody() {
      return done;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription coming) {
      subscription = coming;
      coming.request(1);
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> delivery) {
      delivery.forEach(this::keep);
      if (subscription == null) {
        return;
      }
      if (bytes.size() < MAX_BYTES) {
        subscription.request(1);
      } else {
        subscription.cancel();
        done.complete(this);
      }
    }

    private void keep(ByteBuffer buffer) {
      byte[] chunk = new byte[Math.min(buffer.remaining(), MAX_BYTES - bytes.size())];
      buffer.get(chunk);
      bytes.write(chunk, 0, chunk.length);
    }

    @Override
    public void onError(Throwable fault) {
      done.complete(this);
    }

    @Override
    public void onComplete() {
      done.complete(this);
    }

    /** The bytes that were kept; what is no UTF-8 in them is replaced. */
    synchronized String text() {
      return new String(decoded(), StandardCharsets.UTF_8);
    }

    /** Devices may send pages as they lie in their flash, whether that was asked for or not. */
    private byte[] decoded() {
      if (head.headers().firstValue("Content-Encoding").filter(GZIP::contains).isEmpty()) {
        return bytes.toByteArray();
      }
      try (InputStream text = new GZIPInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        return text.readNBytes(MAX_BYTES);
      } catch (IOException e) {
        return bytes.toByteArray();
      }
    }
  }
}
