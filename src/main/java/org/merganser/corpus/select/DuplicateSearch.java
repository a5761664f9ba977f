package org.merganser.corpus.select;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.WorkUnit;
import org.merganser.store.FileStore;

/**
 * Finds duplicates among the documents whose hashes fall into some buckets. The units' files of
 * {@link TextHashes} are added in the order of the units, so that entries come in document order:
 * the first document of a hash is kept, and the later ones are its duplicates. A duplicate that
 * continues in further units is a duplicate in all of them.
 *
 * <p>Memory: 20 bytes for each place of an open-addressing table that is at most half full, so 40
 * to 120 bytes a distinct text in the buckets.
 */
public final class DuplicateSearch {
  /** Follows the last unit. */
  private static final int END = -1;

  private final int from;
  private final int to;
  private final DataOutputStream out;

  /** Two longs for each slot: the halves of a hash, or zeros in an empty slot. */
  private long[] table = new long[2 << 10];

  /** By slot, the number of documents of its hash. */
  private int[] documents = new int[1 << 10];

  /** The number of hashes in the table. */
  private int distinct;

  /** The ordinals of the duplicates in the unit that is added. */
  private int[] found = new int[16];

  private int foundCount;

  /**
   * @param from the first bucket
   * @param to exclusive, 256 at most
   * @param out receives, for each unit with duplicates, its number (int), their count (int) and
   *     their ordinals (ints), ascending; then -1, and the texts of the most documents as {@link
   *     FrequentHash} writes them. Left open.
   */
  public DuplicateSearch(int from, int to, OutputStream out) {
    this.from = from;
    this.to = to;
    this.out = new DataOutputStream(out);
  }

  /**
   * Adds the next unit and writes its duplicates.
   *
   * @param location of its file of {@link TextHashes}
   */
  public void add(WorkUnit unit, String location) throws IOException {
    if (!TextHashes.continuesDocument(unit)) {
      foundCount = 0;
      collectDuplicates(location);
    } // else the duplicates are those of the unit before
    write(unit.number());
  }

  private void collectDuplicates(String location) throws IOException {
    read(
        location,
        from,
        to,
        (high, low, ordinal) -> {
          if (!addHash(high, low)) {
            if (foundCount == found.length) {
              found = Arrays.copyOf(found, 2 * foundCount);
            }
            found[foundCount++] = ordinal;
          }
        });
  }

  /** Receives the hash of a document, of which at least one half is not 0, and its ordinal. */
  @FunctionalInterface
  interface Entries {
    void entry(long high, long low, int ordinal);
  }

  /**
   * Reads the entries of some buckets of a file of {@link TextHashes}.
   *
   * @param from the first bucket
   * @param to exclusive
   */
  static void read(String location, int from, int to, Entries handler) throws IOException {
    FileStore store = FileStore.of(location);
    long place = 0;
    while (true) {
      int[] ends = new int[TextHashes.BUCKETS];
      int count;
      try (DataInputStream header = open(store, location, place)) {
        count = header.readInt();
        if (count == 0) {
          return;
        }
        for (int bucket = 0; bucket < ends.length; bucket++) {
          ends[bucket] = header.readInt();
        }
      }
      long entries = place + TextHashes.HEADER_BYTES;
      int before = from == 0 ? 0 : ends[from - 1];
      int ours = ends[to - 1] - before;
      if (ours > 0) {
        long begin = entries + (long) before * TextHashes.ENTRY_BYTES;
        try (DataInputStream in = open(store, location, begin)) {
          read(in, ours, handler);
        }
      }
      place = entries + (long) count * TextHashes.ENTRY_BYTES;
    }
  }

  /** Writes the duplicates of a unit, if it has any. */
  private void write(int unit) throws IOException {
    if (foundCount == 0) {
      return;
    }
    // Several buckets were searched in sequence.
    Arrays.sort(found, 0, foundCount);
    out.writeInt(unit);
    out.writeInt(foundCount);
    for (int i = 0; i < foundCount; i++) {
      out.writeInt(found[i]);
    }
  }

  /** Writes the end, after the last unit. */
  public void finish() throws IOException {
    out.writeInt(END);
    FrequentHash.write(mostFrequent(), out);
    out.flush();
  }

  /** The hashes of the most documents; keeps few at a time, since the table may be large. */
  private List<FrequentHash> mostFrequent() {
    List<FrequentHash> most = new ArrayList<>();
    for (int slot = 0; slot < documents.length; slot++) {
      if (documents[slot] > 1) {
        most.add(new FrequentHash(table[2 * slot], table[2 * slot + 1], documents[slot]));
        if (most.size() > 2 * FrequentHash.MOST) {
          most = FrequentHash.mostFrequent(most);
        }
      }
    }
    return FrequentHash.mostFrequent(most);
  }

  private static DataInputStream open(FileStore store, String location, long place)
      throws IOException {
    return new DataInputStream(new BufferedInputStream(store.open(location, place), 1 << 16));
  }

  private static void read(DataInputStream in, int count, Entries handler) throws IOException {
    for (int i = 0; i < count; i++) {
      long high = in.readLong();
      long low = in.readLong() | (high == 0 ? 1 : 0); // the table uses zeros for empty slots
      handler.entry(high, low, in.readInt());
    }
  }

  /** Counts a document of a hash; whether it is the first one. */
  private boolean addHash(long high, long low) {
    int slot = slot(table, high, low);
    documents[slot]++;
    if ((table[2 * slot] | table[2 * slot + 1]) != 0) {
      return false;
    }
    table[2 * slot] = high;
    table[2 * slot + 1] = low;
    distinct++;
    if (4L * distinct > table.length) {
      grow();
    }
    return true;
  }

  /** The slot of a hash in a table, or the empty one where it belongs. */
  private static int slot(long[] table, long high, long low) {
    int mask = table.length / 2 - 1;
    int slot = (int) low & mask;
    while (true) {
      long h = table[2 * slot];
      long l = table[2 * slot + 1];
      if ((h | l) == 0 || (h == high && l == low)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** Doubles the table. */
  private void grow() {
    if (table.length >= 1 << 30) {
      throw new CorpusException(
          "corpus.deduplicate: more than "
              + distinct
              + " distinct texts in one of 256 hash buckets; deduplicate parts of the corpus"
              + " apart");
    }
    long[] larger = new long[2 * table.length];
    int[] counts = new int[2 * documents.length];
    for (int i = 0; i < table.length; i += 2) {
      if ((table[i] | table[i + 1]) != 0) {
        int slot = slot(larger, table[i], table[i + 1]);
        larger[2 * slot] = table[i];
        larger[2 * slot + 1] = table[i + 1];
        counts[slot] = documents[i / 2];
      }
    }
    table = larger;
    documents = counts;
  }
}
