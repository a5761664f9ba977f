package org.merganser.pipeline.count;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.store.FileStore;

/**
 * The place of a compressed block of counts in a published file of its unit. A grouping collects
 * these places instead of the blocks: the direct runner copies all grouped values of a key with
 * each bundle that adds to it, and other runners write them to disk and send them again.
 *
 * @param offset of the block in it, in bytes
 * @param size of the block, in bytes
 */
public record BlockPlace(String location, long offset, int size) {
  /** The bytes of packed counts, before compression, that are in memory before they are merged. */
  private static final int UNMERGED_BYTES = 32 << 20;

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
   * Reads only the block from the file, and decompresses it.
   *
   * @throws IOException if the file is gone or ends before the block does
   */
  public byte[] read() throws IOException {
    byte[] compressed;
    try (InputStream in = FileStore.of(location).open(location, offset)) {
      compressed = in.readNBytes(size);
    }
    if (compressed.length < size) {
      throw new EOFException(
          ("%s: the counts at byte %s end after %s of %s bytes; was the file changed"
                  + " while the run was going? Run again")
              .formatted(location, offset, compressed.length, size));
    }
    return BlockCodec.decompress(compressed);
  }

  /**
   * Merges the blocks at some places into one block; an array of length 0 for none. The blocks of a
   * large corpus have mostly the same pretokens. Memory is the larger of 32 MiB of blocks and three
   * times the result, plus the copies that merging makes.
   */
  static byte[] merge(Iterable<BlockPlace> places) throws IOException {
    return merge(places, UNMERGED_BYTES);
  }

  /**
   * @param unmerged the bytes of blocks that are in memory before they are merged
   */
  static byte[] merge(Iterable<BlockPlace> places, int unmerged) throws IOException {
    List<byte[]> blocks = new ArrayList<>();
    long bytes = 0;
    long most = unmerged;
    for (BlockPlace place : places) {
      byte[] block = place.read();
      blocks.add(block);
      bytes += block.length;
      if (bytes > most) {
        byte[] merged = GroupedCounts.sum(blocks);
        blocks.clear();
        blocks.add(merged);
        bytes = merged.length;
        most = Math.max(unmerged, 2 * bytes); // so that each block is merged a few times at most
      }
    }
    return GroupedCounts.sum(blocks);
  }

  /** Location, offset and size, separated by spaces; a location may contain spaces. */
  @Override
  public String toString() {
    return location + " " + offset + " " + size;
  }
}
