package org.merganser.pipeline.train.count;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.merganser.store.FileStore;

/**
 * Where a compressed block of counts lies in a published file of its unit. This, and not the block,
 * is what a grouping gathers: the direct runner copies all that a key has gathered with each bundle
 * that adds to it, and others write it to disk and send it once more.
 *
 * @param location of the file
 * @param offset of the block in it, in bytes
 * @param size of the block, in bytes
 */
public record BlockPlace(String location, long offset, int size) {

  /** The place that {@link #toString} wrote. */
  public static BlockPlace parse(String place) {
    int sizeAt = place.lastIndexOf(' ');
    int offsetAt = place.lastIndexOf(' ', sizeAt - 1);
    return new BlockPlace(
        place.substring(0, offsetAt),
        Long.parseLong(place, offsetAt + 1, sizeAt, 10),
        Integer.parseInt(place, sizeAt + 1, place.length(), 10));
  }

  /**
   * Reads the block, and no more of the file, and decompresses it.
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
