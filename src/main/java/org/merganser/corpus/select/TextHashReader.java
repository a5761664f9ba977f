package org.merganser.corpus.select;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.merganser.store.FileStore;

/** Reads files of {@link TextHashes}, which describes their format. */
final class TextHashReader {
  /** Receives the hash of a document, of which at least one half is not 0, and its ordinal. */
  @FunctionalInterface
  interface EntryHandler {
    void entry(long high, long low, int ordinal);
  }

  private TextHashReader() {}

  /**
   * Passes on the entries of some buckets of a file: block by block, in a block by bucket, and in a
   * bucket in the order of documents.
   *
   * @param from the first bucket
   * @param to exclusive
   */
  static void read(String location, int from, int to, EntryHandler handler) throws IOException {
    FileStore store = FileStore.of(location);
    int[] ends = new int[TextHashes.BUCKETS];
    long place = 0;
    int count = readHeader(store, location, place, ends);
    while (count > 0) {
      long entries = place + TextHashes.HEADER_BYTES;
      int before = from == 0 ? 0 : ends[from - 1];
      int wanted = ends[to - 1] - before;
      if (wanted > 0) {
        long begin = entries + (long) before * TextHashes.ENTRY_BYTES;
        try (DataInputStream in = open(store, location, begin)) {
          readEntries(in, wanted, handler);
        }
      }
      place = entries + (long) count * TextHashes.ENTRY_BYTES;
      count = readHeader(store, location, place, ends);
    }
  }

  /**
   * Reads the header of the block at a place.
   *
   * @param ends receives the number of entries before the end of each bucket
   * @return the number of entries of the block; 0 after the last block
   * @throws IOException if the ends of the buckets do not match that number
   */
  private static int readHeader(FileStore store, String location, long place, int[] ends)
      throws IOException {
    try (DataInputStream header = open(store, location, place)) {
      int count = header.readInt();
      if (count > 0) {
        for (int bucket = 0; bucket < ends.length; bucket++) {
          ends[bucket] = header.readInt();
        }
      }
      if (count < 0 || (count > 0 && ends[ends.length - 1] != count)) {
        throw new IOException("%s: no block of hashes at byte %s".formatted(location, place));
      }
      return count;
    }
  }

  private static DataInputStream open(FileStore store, String location, long place)
      throws IOException {
    return new DataInputStream(new BufferedInputStream(store.open(location, place), 1 << 16));
  }

  /** Passes on the next entries of a stream. */
  private static void readEntries(DataInputStream in, int count, EntryHandler handler)
      throws IOException {
    for (int i = 0; i < count; i++) {
      long high = in.readLong();
      long low = in.readLong();
      if (high == 0) {
        low |= 1; // a hash of zeros would be an empty slot in HashCounts
      }
      handler.entry(high, low, in.readInt());
    }
  }
}
