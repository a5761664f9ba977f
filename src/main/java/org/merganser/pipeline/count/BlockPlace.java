package org.merganser.pipeline.count;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.store.FileStore;

/**
 * The place of a block of counts in a file of {@link PartialCountFile}. A grouping collects these
 * places instead of the blocks: the direct runner copies all grouped values of a key with each
 * bundle that adds to it, and other runners write them to disk and send them again.
 *
 * @param location of the file
 * @param offset of the block in the file, in bytes
 * @param size of the block in the file, in bytes
 */
public record BlockPlace(String location, long offset, int size) {
  /** The bytes of decoded blocks that are in memory before they are combined. */
  private static final int UNCOMBINED_BYTES = 32 << 20;

  /** Parses a place that {@link #toString} wrote. */
  public static BlockPlace parse(String place) {
    int sizeAt = place.lastIndexOf(' ');
    int offsetAt = place.lastIndexOf(' ', sizeAt - 1);
    return new BlockPlace(
        place.substring(0, offsetAt),
        Long.parseLong(place, offsetAt + 1, sizeAt, 10),
        Integer.parseInt(place, sizeAt + 1, place.length(), 10));
  }

  /**
   * The packed counts of the block. Only its bytes are read from the file.
   *
   * @throws IOException if the file is gone or ends before the block does
   */
  public byte[] read() throws IOException {
    byte[] encoded;
    try (InputStream in = FileStore.of(location).open(location, offset)) {
      encoded = in.readNBytes(size);
    }
    if (encoded.length < size) {
      throw new EOFException(
          ("%s: the counts at byte %s end after %s of %s bytes; was the file changed"
                  + " while the run was going? Run again")
              .formatted(location, offset, encoded.length, size));
    }
    return BlockCodec.decode(encoded);
  }

  /**
   * Combines the blocks at some places into one block; an array of length 0 for none. Blocks are
   * combined whenever enough are in memory, because those of a large corpus have mostly the same
   * pretokens. Memory is the larger of 32 MiB of blocks and twice the result, plus one block and
   * the copies that combining makes.
   */
  static byte[] combine(Iterable<BlockPlace> places) throws IOException {
    return combine(places, UNCOMBINED_BYTES);
  }

  /**
   * {@link #combine(Iterable)} with another limit.
   *
   * @param limit the bytes of blocks that are in memory before they are combined
   */
  static byte[] combine(Iterable<BlockPlace> places, int limit) throws IOException {
    List<byte[]> blocks = new ArrayList<>();
    long bytes = 0;
    long most = limit;
    for (BlockPlace place : places) {
      byte[] block = place.read();
      blocks.add(block);
      bytes += block.length;
      if (bytes > most) {
        byte[] combined = GroupedCounts.combine(blocks);
        blocks.clear();
        blocks.add(combined);
        bytes = combined.length;
        most = Math.max(limit, 2 * bytes); // so that each block is combined a few times at most
      }
    }
    return GroupedCounts.combine(blocks);
  }

  /** Location, offset and size, separated by spaces; a location may contain spaces. */
  @Override
  public String toString() {
    return location + " " + offset + " " + size;
  }
}
