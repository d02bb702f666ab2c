package io.github.childconnector;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.PahoLink;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * The things a connector needs besides its configuration. Whatever it does that lasts goes through
 * these, which is where tests stop it, break it and count.
 *
 * @param adapters the device families that are installed
 * @param disk where journal and images lie
 * @param links makes the connection to the broker
 * @param time the clock of the day, which is shown and decides nothing
 * @param environment the variables of the process
 */
record Surroundings(
    List<AdapterProvider> adapters,
    Disk disk,
    BiFunction<MqttSettings, MonotonicClock, MqttLink> links,
    InstantSource time,
    Map<String, String> environment) {

  static Surroundings ofThisMachine() {
    List<AdapterProvider> adapters =
        ServiceLoader.load(AdapterProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return new Surroundings(
        adapters,
        new LocalDisk(),
        (broker, clock) -> new PahoLink(broker, clock, new SplittableRandom()),
        InstantSource.system(),
        System.getenv());
  }

  /** Reads configurations for these adapters. */
  ConfigLoader loader() {
    return new ConfigLoader(adapters, name -> Optional.ofNullable(environment.get(name)));
  }
}
