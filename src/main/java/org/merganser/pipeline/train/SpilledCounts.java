package org.merganser.pipeline.train;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;

/**
 * Packed tables of counts that wait on the worker's own disk to be merged: memory is a few bytes a
 * block, and one partition while it is merged. Deleted when it is closed, or with its process.
 */
final class SpilledCounts implements Closeable {
  private final Path path;
  private final FileChannel file;
  private final int partitions;

  /** For each table where its blocks begin, and its end. */
  private final List<long[]> tables = new ArrayList<>();

  private long end;

  SpilledCounts(int partitions) throws IOException {
    this.partitions = partitions;
    this.path = Files.createTempFile(Scratch.ofThisProcess(), "counts-", ".tmp");
    this.file =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Puts a table's blocks aside, one a partition. */
  void add(byte[][] blocks) throws IOException {
    long[] places = new long[partitions + 1];
    for (int partition = 0; partition < partitions; partition++) {
      places[partition] = end;
      if (blocks[partition].length > 0) {
        ByteBuffer compressed = ByteBuffer.wrap(CompressedBlocks.compress(blocks[partition]));
        try {
          while (compressed.hasRemaining()) {
            end += file.write(compressed, end);
          }
        } catch (IOException e) {
          throw FileStore.at(path.toString(), e);
        }
      }
    }
    places[partitions] = end;
    tables.add(places);
  }

  /** The counts of a partition in all tables, as one block; an array of length 0 for none. */
  byte[] merged(int partition) throws IOException {
    List<byte[]> blocks = new ArrayList<>(tables.size());
    for (long[] places : tables) {
      int size = Math.toIntExact(places[partition + 1] - places[partition]);
      if (size > 0) {
        blocks.add(CompressedBlocks.decompress(read(places[partition], size)));
      }
    }
    return GroupedCounts.merge(blocks);
  }

  private byte[] read(long at, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("the scratch file of counts ends before " + (at + size));
      }
    }
    return bytes.array();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
