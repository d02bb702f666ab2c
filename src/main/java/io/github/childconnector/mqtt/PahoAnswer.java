package io.github.childconnector.mqtt;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;

/**
 * What came of one call of the library, as one of its threads tells it. It is told after the
 * library has done its own accounts, unlike to those who wait on its tokens.
 */
final class PahoAnswer extends CompletableFuture<IMqttToken> implements MqttActionListener {
  private final Function<Throwable, String> sentence;

  /** An answer whose failures are put into words by {@code sentence}. */
  PahoAnswer(Function<Throwable, String> sentence) {
    this.sentence = sentence;
  }

  @Override
  public void onSuccess(IMqttToken token) {
    complete(token);
  }

  @Override
  public void onFailure(IMqttToken token, Throwable failure) {
    fail(failure);
  }

  /** For what the library says by an exception instead. */
  void fail(Throwable failure) {
    completeExceptionally(new LinkException(sentence.apply(failure)));
  }
}
