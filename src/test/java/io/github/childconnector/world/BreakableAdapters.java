package io.github.childconnector.world;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceAdapter.Commitment;
import io.github.childconnector.adapter.DeviceAdapter.Endpoint;
import io.github.childconnector.adapter.DeviceAdapter.Rollback;
import io.github.childconnector.adapter.DeviceAdapter.VersionReader;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.settings.Section;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** A device family with a fault point before and after every call, and at all it says meanwhile. */
@NullMarked
final class BreakableAdapters implements AdapterProvider {
  private final AdapterProvider provider;
  private final FaultPoints points;

  BreakableAdapters(AdapterProvider provider, FaultPoints points) {
    this.provider = provider;
    this.points = points;
  }

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    return new BreakableAdapter(child, provider.create(child, settings));
  }

  private final class BreakableAdapter implements DeviceAdapter {
    private final ChildId child;
    private final DeviceAdapter adapter;

    private BreakableAdapter(ChildId child, DeviceAdapter adapter) {
      this.child = child;
      this.adapter = adapter;
    }

    @Override
    public Optional<Endpoint> endpoint() {
      return adapter.endpoint().map(BreakableEndpoint::new);
    }

    private final class BreakableEndpoint implements Endpoint {
      private final Endpoint endpoint;

      private BreakableEndpoint(Endpoint endpoint) {
        this.endpoint = endpoint;
      }

      @Override
      public void open() throws IOException {
        points.reach("open " + child + " before");
        endpoint.open();
        points.reach("open " + child + " after");
      }

      @Override
      public void close() {
        endpoint.close();
      }
    }

    @Override
    public void install(Installation installation, Progress progress)
        throws DeviceBusyException, UpdateException, InterruptedException {
      String what = "install " + installation.update().key().child();
      points.reach(what + " before");
      try {
        adapter.install(installation, new BreakableProgress(progress, what));
      } finally {
        points.reach(what + " after");
      }
    }

    @Override
    public Optional<Offering> offering() {
      return adapter.offering().map(BreakableOffering::new);
    }

    private final class BreakableOffering implements Offering {
      private final Offering offering;

      private BreakableOffering(Offering offering) {
        this.offering = offering;
      }

      @Override
      public Duration patience() {
        return offering.patience();
      }

      @Override
      public Standing offer(Installation installation, Progress progress, Runnable news)
          throws UpdateException, InterruptedException {
        String what = "offer " + installation.update().key().child();
        points.reach(what + " before");
        try {
          return offering.offer(installation, new BreakableProgress(progress, what), news);
        } finally {
          points.reach(what + " after");
        }
      }
    }

    @Override
    public Optional<VersionReader> versionReader() {
      return adapter.versionReader().map(reader -> update -> read(reader, update));
    }

    private String read(VersionReader reader, FirmwareUpdate update)
        throws UpdateException, InterruptedException {
      String what = "read version " + update.key().child();
      points.reach(what + " before");
      try {
        return reader.readVersion(update);
      } finally {
        points.reach(what + " after");
      }
    }

    @Override
    public Optional<Rollback> rollback() {
      return adapter.rollback().map(back -> (update, progress) -> restore(back, update, progress));
    }

    private Rollback.Result restore(Rollback rollback, FirmwareUpdate update, Progress progress)
        throws UpdateException, InterruptedException {
      String what = "restore " + update.key().child();
      points.reach(what + " before");
      try {
        return rollback.restore(update, new BreakableProgress(progress, what));
      } finally {
        points.reach(what + " after");
      }
    }

    @Override
    public Optional<Commitment> commitment() {
      return adapter.commitment().map(it -> (update, progress) -> commit(it, update, progress));
    }

    private void commit(Commitment commitment, FirmwareUpdate update, Progress progress)
        throws UpdateException, InterruptedException {
      String what = "commit " + update.key().child();
      points.reach(what + " before");
      try {
        commitment.commit(update, new BreakableProgress(progress, what));
      } finally {
        points.reach(what + " after");
      }
    }

    @Override
    public boolean isRepeatable() {
      return adapter.isRepeatable();
    }

    @Override
    public void requireNoLeftovers(FirmwareUpdate update) throws DeviceBusyException {
      adapter.requireNoLeftovers(update);
    }

    @Override
    public void endLeftovers(FirmwareUpdate update)
        throws DeviceBusyException, InterruptedException {
      String what = "end leftovers " + update.key().child();
      points.reach(what + " before");
      try {
        adapter.endLeftovers(update);
      } finally {
        points.reach(what + " after");
      }
    }
  }

  /** Where the device's program is at work while the daemon stands still. */
  private final class BreakableProgress implements Progress {
    private final Progress progress;
    private final String what;

    private BreakableProgress(Progress progress, String what) {
      this.progress = progress;
      this.what = what;
    }

    @Override
    public void percent(int percent) {
      points.reach(what + " is at " + percent + " %");
      progress.percent(percent);
    }

    @Override
    public void step(Step step) {
      points.reach(what + " is at " + step.name().toLowerCase(Locale.ROOT));
      progress.step(step);
    }

    @Override
    public void message(String text) {
      points.reach(what + " says something");
      progress.message(text);
    }
  }
}
