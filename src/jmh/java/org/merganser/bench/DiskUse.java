package org.merganser.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How many bytes of files a folder has at most, looked at every half second, until it is closed. */
final class DiskUse implements AutoCloseable {
  private static final long EVERY_MILLIS = 500;

  private final Path folder;
  private final AtomicLong most = new AtomicLong();
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();

  /**
   * @param folder need not be there yet
   */
  DiskUse(Path folder) {
    this.folder = folder;
    watch.scheduleAtFixedRate(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    most.accumulateAndGet(bytes(folder), Math::max);
  }

  /** The most so far, now included. */
  long mostBytes() {
    look();
    return most.get();
  }

  private static long bytes(Path folder) {
    long[] sum = {0};
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              sum[0] += attributes.size();
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE; // A run deletes files and renames them.
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) {
              return FileVisitResult.CONTINUE; // As before.
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum[0];
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
