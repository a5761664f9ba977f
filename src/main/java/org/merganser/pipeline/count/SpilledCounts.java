package org.merganser.pipeline.count;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.merganser.store.Closing;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;

/**
 * Packed tables of counts on the worker's own disk until they are combined, one file for each
 * table: after the last {@link #add}, {@link #combined} is called for each partition. Memory: a few
 * bytes a block, and one partition while it is combined. The files are deleted on close, or when
 * the process ends.
 */
final class SpilledCounts implements Closeable {
  private final List<Path> files = new ArrayList<>();

  /** The places of the blocks in all files, by partition. */
  private final List<List<BlockPlace>> places = new ArrayList<>();

  SpilledCounts(int partitions) {
    for (int partition = 0; partition < partitions; partition++) {
      places.add(new ArrayList<>());
    }
  }

  /**
   * Writes a packed table to a file of its own.
   *
   * @param blocks one for each partition
   */
  void add(byte[][] blocks) throws IOException {
    Path file = Files.createTempFile(Scratch.processFolder(), "counts-", ".tmp");
    files.add(file);
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      PartialCountFile.append(blocks, /* local= */ true, out);
    } catch (UncheckedIOException e) {
      throw FileStore.withName(file.toString(), Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw FileStore.withName(file.toString(), e);
    }
    PartialCountFile.forEachPlace(
        file.toString(), (partition, place) -> places.get(partition).add(place));
  }

  /** The counts of a partition in all tables, as one block; an array of length 0 for none. */
  byte[] combined(int partition) throws IOException {
    return BlockPlace.combine(places.get(partition));
  }

  @Override
  public void close() throws IOException {
    List<Closeable> deletions = new ArrayList<>();
    files.forEach(file -> deletions.add(() -> Files.deleteIfExists(file)));
    Closing.all(deletions);
  }
}
