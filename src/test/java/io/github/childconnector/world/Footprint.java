package io.github.childconnector.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What this process occupies now.
 *
 * @param threads the live threads of the daemon
 * @param descriptors its open files and sockets
 * @param heap the bytes that are left after a garbage collection
 */
public record Footprint(int threads, int descriptors, long heap) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  public static Footprint take() {
    return new Footprint(threadCount(), descriptorCount(), heapInUse());
  }

  /** The same with the most threads and descriptors of a second. */
  public static Footprint takeForASecond() throws InterruptedException {
    Footprint most = take();
    for (int i = 0; i < 10; i++) {
      Thread.sleep(100);
      int threads = Math.max(most.threads, threadCount());
      most = new Footprint(threads, Math.max(most.descriptors, descriptorCount()), most.heap);
    }
    return most;
  }

  private static int threadCount() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.matches("(mqtt-|MQTT |reporter|install-|download-|clock).*"))
            .count();
  }

  private static int descriptorCount() {
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return (int) open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the collection itself has left, because other threads allocate again before one asks. */
  public static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getCollectionUsage)
        .filter(Objects::nonNull)
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }
}
