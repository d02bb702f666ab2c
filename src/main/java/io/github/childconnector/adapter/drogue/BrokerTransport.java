package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A connection to a broker for all devices there. Of each device only the newest status waits to be
 * answered: one that it has repeated meanwhile would get it a block that it does not expect.
 */
final class BrokerTransport extends Transport implements MqttLink.Listener {
  private static final Logger LOG = System.getLogger(BrokerTransport.class.getName());

  private final TransportSettings.Broker settings;
  private final MqttLink link;
  private final Map<String, ByteBuffer> waiting = new LinkedHashMap<>();
  private final Threads threads;
  private final Threads.Worker worker;
  private volatile Optional<String> trouble = Optional.of("the broker has not answered yet");

  BrokerTransport(TransportSettings.Broker settings, MqttLink link, MonotonicClock clock) {
    super(settings, clock);
    this.settings = settings;
    this.link = link;
    this.threads = clock.threads();
    this.worker = threads.daemon("drogue-broker", this::work);
  }

  /** Does not wait for the broker, which may come later. */
  @Override
  void open() {
    worker.start();
    link.start(settings.topics().filters(devices().names()), this);
  }

  @Override
  void subscribe(Set<String> names) {
    link.subscribe(settings.topics().filters(names));
  }

  @Override
  public Optional<String> trouble() {
    return trouble;
  }

  @Override
  public void close() {
    worker.interrupt();
    link.close();
    awaitEnd(worker);
  }

  private void work() {
    try {
      while (true) {
        Topics.Message message = next();
        Optional<DfuDevice> device = devices().device(message.device());
        if (device.isPresent()) {
          answer(device.get(), message);
        }
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "{0} is left", settings);
    }
  }

  private Topics.Message next() throws InterruptedException {
    synchronized (waiting) {
      while (waiting.isEmpty()) {
        threads.await(waiting);
      }
      String device = waiting.keySet().iterator().next();
      return new Topics.Message(device, waiting.remove(device));
    }
  }

  private void answer(DfuDevice device, Topics.Message message) throws InterruptedException {
    try {
      Optional<byte[]> command = device.answerOnce(message.status().array());
      if (command.isPresent()) {
        link.publish(settings.topics().command(message.device()), command.get());
      }
    } catch (FormatException e) {
      LOG.log(Level.DEBUG, "A message is not answered", e);
    } catch (PublishException e) {
      LOG.log(Level.WARNING, "{0} was not answered: {1}", message.device(), e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "Answering " + message.device() + " failed, please report this", e);
    }
  }

  @Override
  public void up() {
    trouble = Optional.empty();
    LOG.log(Level.INFO, "Devices are heard at {0}", settings);
  }

  @Override
  public void refused(String why) {
    down(why);
  }

  @Override
  public void down(String why) {
    if (!trouble.equals(Optional.of(why))) {
      LOG.log(Level.WARNING, "For devices, {0}", why);
    }
    trouble = Optional.of(why);
  }

  /** Passes over what the broker has kept: a device said it once, which may be long ago. */
  @Override
  public void received(Delivery delivery) {
    if (!delivery.isRetained()) {
      settings.topics().read(delivery).ifPresent(this::queue);
    }
    delivery.acknowledge();
  }

  private void queue(Topics.Message message) {
    synchronized (waiting) {
      if (devices().device(message.device()).isPresent()) {
        waiting.put(message.device(), message.status());
        threads.wake(waiting);
      }
    }
  }
}
