package org.merganser.pipeline.train.count;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.merganser.store.FileStore;

/**
 * The place of a compressed block of counts in a published file of its unit. A grouping gathers
 * these places and not the blocks: the direct runner copies all gathered values of a key with each
 * bundle that adds to it, and other runners write them to disk and send them again.
 *
 * @param location of the file
 * @param offset of the block in it, in bytes
 * @param size of the block, in bytes
 */
public record BlockPlace(String location, long offset, int size) {

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
   * @throws IOException when the file is gone or ends before the block does
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
    return CompressedBlocks.decompress(compressed);
  }

  /** Location, offset and size, separated by spaces; a location may hold spaces itself. */
  @Override
  public String toString() {
    return location + " " + offset + " " + size;
  }
}
