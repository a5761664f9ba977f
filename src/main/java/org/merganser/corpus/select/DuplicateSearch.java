package org.merganser.corpus.select;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.merganser.corpus.WorkUnit;

/**
 * Finds duplicates among the documents whose hashes fall into some buckets. The units' files of
 * {@link TextHashes} are added in the order of the units, so that entries come in document order:
 * the first document of a hash is kept, and the later ones are its duplicates. A duplicate that
 * continues in further units is a duplicate in all of them. {@link DuplicateList} merges the files
 * of several searches.
 *
 * <p>Memory: 20 bytes for each slot of {@link HashCounts}, so 40 to 80 bytes a distinct text in the
 * buckets, and 120 for a moment when the table grows; and 4 bytes a duplicate of one unit.
 */
public final class DuplicateSearch {
  /** Follows the last unit. */
  private static final int END = -1;

  /** The first bucket. */
  private final int from;

  /** The bucket after the last one. */
  private final int to;

  private final DataOutputStream out;

  /** The hashes of the units so far. */
  private final HashCounts hashes = new HashCounts();

  /** The ordinals of the duplicates in the unit that was added last. */
  private int[] found = new int[16];

  private int foundCount;

  /**
   * @param from the first bucket
   * @param to exclusive, {@link TextHashes#BUCKETS} at most
   * @param out receives, for each unit with duplicates, its number (int), their count (int) and
   *     their ordinals (ints), ascending; then -1, and the hashes of the texts that the most
   *     documents have, as {@link FrequentHash} writes them. Left open.
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
    boolean repeatsLastUnit = TextHashes.continuesDocument(unit);
    if (!repeatsLastUnit) {
      foundCount = 0;
      TextHashReader.read(location, from, to, this::addEntry);
      Arrays.sort(found, 0, foundCount); // several buckets were read in sequence
    }
    write(unit.number());
  }

  /** Counts a document, and adds it to the duplicates if it is not the first one of its hash. */
  private void addEntry(long high, long low, int ordinal) {
    if (hashes.add(high, low)) {
      return;
    }
    if (foundCount == found.length) {
      found = Arrays.copyOf(found, 2 * foundCount);
    }
    found[foundCount] = ordinal;
    foundCount++;
  }

  /** Writes the duplicates of a unit, if it has any. */
  private void write(int unit) throws IOException {
    if (foundCount == 0) {
      return;
    }
    out.writeInt(unit);
    out.writeInt(foundCount);
    for (int i = 0; i < foundCount; i++) {
      out.writeInt(found[i]);
    }
  }

  /** Writes the end, after the last unit. */
  public void finish() throws IOException {
    out.writeInt(END);
    FrequentHash.write(hashes.mostFrequent(), out);
    out.flush();
  }
}
