package org.merganser.pipeline.count;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.beam.sdk.values.KV;
import org.apache.commons.io.function.Uncheck;
import org.merganser.store.FileStore;

/**
 * A file with the partial tables of some units. Each nonempty block is written as its partition and
 * its size, big-endian in four bytes each, and its bytes by {@link BlockCodec}.
 */
public final class PartialCountFile {
  private PartialCountFile() {}

  /**
   * Appends the blocks of a table, except empty ones.
   *
   * @param blocks one for each partition
   * @param local whether the file is on a local disk
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void append(byte[][] blocks, boolean local, DataOutputStream file) {
    for (int partition = 0; partition < blocks.length; partition++) {
      append(partition, blocks[partition], local, file);
    }
  }

  /**
   * Appends the block of a partition, unless it is empty.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  static void append(int partition, byte[] block, boolean local, DataOutputStream file) {
    if (block.length == 0) {
      return;
    }
    byte[] bytes = BlockCodec.forFile(block, local);
    Uncheck.run(
        () -> {
          file.writeInt(partition);
          file.writeInt(bytes.length);
          file.write(bytes);
        });
  }

  /**
   * Passes on the place of each block in a file with a receipt, keyed by partition, as an element
   * of {@link CombineCounts}.
   */
  public static void sendPlaces(String location, Consumer<KV<Integer, String>> out)
      throws IOException {
    forEachPlace(location, (partition, place) -> out.accept(KV.of(partition, place.toString())));
  }

  /**
   * Passes on the partition and the place of each block in the file at a location, whose receipt
   * was checked or which this process has just written.
   */
  static void forEachPlace(String location, BiConsumer<Integer, BlockPlace> visitor)
      throws IOException {
    ByteBuffer file = ByteBuffer.wrap(FileStore.of(location).readAll(location));
    while (file.hasRemaining()) {
      int partition = file.getInt();
      int size = file.getInt();
      visitor.accept(partition, new BlockPlace(location, file.position(), size));
      file.position(file.position() + size);
    }
  }
}
