package io.github.childconnector;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Request;
import io.github.childconnector.thinedge.LegacyRequests;
import io.github.childconnector.thinedge.LegacyStatuses;
import io.github.childconnector.thinedge.LegacyTopics;
import io.github.childconnector.thinedge.SubscribedTopics;
import io.github.childconnector.thinedge.v1.CommandRequests;
import io.github.childconnector.thinedge.v1.CommandStatuses;
import io.github.childconnector.thinedge.v1.CommandStore;
import io.github.childconnector.thinedge.v1.CommandTopics;
import io.github.childconnector.thinedge.v1.FirstSight;
import io.github.childconnector.update.Child;
import io.github.childconnector.update.JournalAccess;
import io.github.childconnector.update.Requester;
import io.github.childconnector.update.UpdateQueue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The ways in which thin-edge asks for updates, as far as they are configured. */
final class ThinEdgeContracts {
  private final Set<String> protocols;
  private final Disk disk;
  private final LegacyTopics legacyTopics;
  private final LegacyStatuses legacy;
  private final CommandTopics commandTopics;
  private final CommandStatuses commands;
  private final CommandStore store;
  private final FirstSight firstSight;
  private final JournalAccess access;
  private volatile ConnectorConfig config;

  ThinEdgeContracts(ConnectorConfig config, MqttLink link, Disk disk, MonotonicClock clock) {
    this.config = config;
    this.disk = disk;
    this.protocols = config.thinEdge().protocols();
    this.legacyTopics = new LegacyTopics(config.externalIds());
    this.legacy = new LegacyStatuses(legacyTopics, link, config.thinEdge().updateTimeout());
    this.commandTopics = new CommandTopics(config.thinEdge().topicRoot(), names(config));
    this.store = new CommandStore(config.commands(), disk);
    this.commands = new CommandStatuses(commandTopics, link, store, clock.threads().lock());
    this.firstSight = new FirstSight(config.commands().resolve("seen"), disk, clock);
    this.access = new JournalAccess(config.commands(), clock);
  }

  private static Map<ChildId, String> names(ConnectorConfig config) {
    return config.children().stream()
        .map(Child::id)
        .collect(Collectors.toMap(Function.identity(), ChildId::value));
  }

  private boolean isLegacy() {
    return protocols.contains(Request.LEGACY);
  }

  private boolean isV1() {
    return protocols.contains(Request.V1);
  }

  /** The requesters, in the order in which they are to be told. */
  List<Requester> requesters() {
    List<Requester> inOrder = new ArrayList<>();
    if (isLegacy()) {
      inOrder.add(legacy);
    }
    if (isV1()) {
      inOrder.add(commands);
    }
    return inOrder;
  }

  /** Reads what is kept beyond the process; where commands are not served, they pile up again. */
  void open() throws IOException {
    if (isV1()) {
      store.open();
    }
    serve(config);
  }

  /** Serves the children of another configuration. */
  void serve(ConnectorConfig now) {
    config = now;
    legacyTopics.change(now.externalIds());
    commandTopics.change(names(now));
    firstSight.serve(isV1() ? ids(now) : Set.of());
  }

  private static Set<ChildId> ids(ConnectorConfig config) {
    return config.children().stream().map(Child::id).collect(Collectors.toUnmodifiableSet());
  }

  /** The topics by which the requests for the children arrive. */
  SubscribedTopics subscribed() {
    Set<String> wanted = new HashSet<>();
    if (isLegacy()) {
      wanted.addAll(legacyTopics.requests(ids(config)));
    }
    if (isV1()) {
      wanted.addAll(commandTopics.commands(ids(config)));
    }
    return new SubscribedTopics(
        config.subscriptions(),
        disk,
        topic -> LegacyTopics.isRequest(topic) || CommandTopics.isFilter(topic),
        wanted);
  }

  /** Takes requests to an engine. */
  Inlet inlet(UpdateQueue queue) {
    return new Inlet(queue);
  }

  /** The way of messages to an engine. */
  final class Inlet {
    private final LegacyRequests requests;
    private final CommandRequests orders;

    private Inlet(UpdateQueue queue) {
      this.requests = new LegacyRequests(legacyTopics, queue);
      this.orders =
          new CommandRequests(
              new CommandRequests.Parts(commandTopics, store, commands, firstSight, access), queue);
    }

    /** Goes on where an earlier process or connection has ended; what lies at the broker comes. */
    void connected() throws InterruptedException {
      if (isV1()) {
        firstSight.connected();
        commands.sayAgain();
        orders.resume();
      }
    }

    void receive(Delivery delivery) throws InterruptedException {
      if (!isV1() || !orders.isTaken(delivery)) {
        requests.receive(delivery);
      }
    }
  }

  /** Takes note that whatever was said a moment ago may be lost. */
  void linkLost() {
    commands.linkLost();
  }
}
