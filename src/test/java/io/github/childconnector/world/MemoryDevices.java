package io.github.childconnector.world;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceAdapter.VersionReader;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Devices in the memory of this process, for tests with very many of them. */
public final class MemoryDevices implements AdapterProvider {
  private final Map<String, List<String>> installed = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "memory";
  }

  /** The configuration of one child. */
  public static String child(String id) {
    return "[[child]]\nid = \"" + id + "\"\nadapter = \"memory\"\n";
  }

  /** The operations for which a child's device was flashed, in their order. */
  public List<String> installed(String child) {
    return installed.computeIfAbsent(child, id -> new CopyOnWriteArrayList<>());
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    return new Device(installed(child.value()));
  }

  private static final class Device implements DeviceAdapter {
    private final List<String> operations;
    private volatile String version = "none";

    private Device(List<String> operations) {
      this.operations = operations;
    }

    @Override
    public void install(Installation installation, Progress progress) {
      operations.add(installation.update().key().id());
      version = installation.update().firmware().version();
    }

    @Override
    public Optional<VersionReader> versionReader() {
      return Optional.of(update -> version);
    }
  }
}
