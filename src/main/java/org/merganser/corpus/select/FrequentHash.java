package org.merganser.corpus.select;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.merganser.store.FileStore;

/**
 * The hash of a text of several documents, as in {@link TextHashes}, with their number.
 *
 * @param high the first 64 bits
 * @param low the other 64 bits
 * @param documents the number of documents with the text; 0 in a file in place of a missing hash
 */
record FrequentHash(long high, long low, int documents) {
  /** The number of hashes at the end of a file of {@link DuplicateSearch}. */
  static final int MOST = 3;

  /** The bytes of a hash in a file. */
  private static final int BYTES = 2 * Long.BYTES + Integer.BYTES;

  /** The most documents first; equal numbers by the hash. */
  private static final Comparator<FrequentHash> ORDER =
      Comparator.comparingInt((FrequentHash hash) -> -hash.documents)
          .thenComparing(FrequentHash::high, Long::compareUnsigned)
          .thenComparing(FrequentHash::low, Long::compareUnsigned);

  /** The hashes of the most documents, {@link #MOST} at most, in a new list that may grow. */
  static List<FrequentHash> mostFrequent(List<FrequentHash> hashes) {
    return new ArrayList<>(hashes.stream().sorted(ORDER).limit(MOST).toList());
  }

  /** The bucket of {@link TextHashes} that has the hash: its first byte. */
  int bucket() {
    return (int) (high >>> 56);
  }

  /** Whether this is the hash with these halves. */
  boolean isOf(long otherHigh, long otherLow) {
    return high == otherHigh && low == otherLow;
  }

  /** Writes {@link #MOST} hashes at most, and zeros in place of missing ones. */
  static void write(List<FrequentHash> hashes, DataOutputStream out) throws IOException {
    for (int i = 0; i < MOST; i++) {
      FrequentHash hash = i < hashes.size() ? hashes.get(i) : new FrequentHash(0, 0, 0);
      out.writeLong(hash.high);
      out.writeLong(hash.low);
      out.writeInt(hash.documents);
    }
  }

  /** Reads the hashes of the most documents from the ends of files of {@link DuplicateSearch}. */
  static List<FrequentHash> read(List<String> searches) throws IOException {
    List<FrequentHash> all = new ArrayList<>();
    for (String location : searches) {
      FileStore store = FileStore.of(location);
      long end = store.stat(location).size();
      try (DataInputStream in =
          new DataInputStream(store.open(location, end - (long) MOST * BYTES))) {
        for (int i = 0; i < MOST; i++) {
          FrequentHash hash = new FrequentHash(in.readLong(), in.readLong(), in.readInt());
          if (hash.documents > 0) {
            all.add(hash);
          }
        }
      }
    }
    return mostFrequent(all);
  }
}
