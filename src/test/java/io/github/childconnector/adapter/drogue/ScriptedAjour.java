package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.Codec;
import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The server that Drogue devices were made for, which keeps no state and has none of our care: what
 * a device says decides what it gets. Unlike the original it gives up after some swaps.
 */
final class ScriptedAjour implements Dialogue {
  private static final long MTU = 512;

  private final Codec codec;
  private final List<Status> heard = new CopyOnWriteArrayList<>();
  private final List<DfuCommand> said = new CopyOnWriteArrayList<>();
  private DeviceVersion target;
  private byte[] image;
  private int swaps = Integer.MAX_VALUE;

  ScriptedAjour(Codec codec, String target, byte[] image) {
    this.codec = codec;
    this.target = DeviceVersion.of(target);
    this.image = image;
  }

  /** Then it lets a device be as it is. */
  synchronized ScriptedAjour swapping(int times) {
    swaps = times;
    return this;
  }

  /** Has another firmware from now on. */
  synchronized void turnTo(String version, byte[] other) {
    target = DeviceVersion.of(version);
    image = other;
  }

  List<Status> heard() {
    return heard;
  }

  List<DfuCommand> said() {
    return said;
  }

  @Override
  public synchronized byte[] answer(byte[] status) throws FormatException {
    Status read = codec.read(status);
    heard.add(read);
    DfuCommand command = answer(read);
    said.add(command);
    return codec.write(command);
  }

  private DfuCommand answer(Status status) {
    if (status.version().equals(target) || swaps == 0) {
      return new DfuCommand.Sync(status.version(), status.correlationId(), Optional.empty());
    }
    long offset =
        status
            .update()
            .filter(update -> update.version().equals(target))
            .map(Status.Received::offset)
            .orElse(0L);
    return offset < image.length ? write(status, (int) offset) : swap(status);
  }

  private DfuCommand write(Status status, int offset) {
    int length = (int) Math.min(status.mtu().orElse(MTU), image.length - offset);
    ByteBuffer block = ByteBuffer.wrap(Arrays.copyOfRange(image, offset, offset + length));
    return new DfuCommand.Write(target, status.correlationId(), offset, block);
  }

  private DfuCommand swap(Status status) {
    swaps--;
    return new DfuCommand.Swap(target, status.correlationId(), ByteBuffer.allocate(0));
  }
}
