package org.merganser.output.figures;

import com.github.luben.zstd.Zstd;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.merganser.binary.ByteBuilder;
import org.merganser.binary.Varints;
import org.merganser.store.UnusableFileException;

/**
 * The count of each id. Its bytes are a zstd frame of {@code "MGH1"}, the number of ids that occur,
 * and for each of them, ascending, the difference to the id before (-1 before the first) and the
 * count, all in LEB128: one or two kilobytes for a small unit, 100 KB for a full vocabulary of
 * 150,000. The sum of two histograms is the histogram of both texts together.
 */
public final class IdHistogram {
  private static final byte[] MAGIC = {'M', 'G', 'H', '1'};

  /** The maximum id: a table of 2^28 longs takes 2 GiB. */
  private static final int MAX_ID = 1 << 28;

  /** The level of zstd for the stored form. */
  private static final int ZSTD_LEVEL = 3;

  /** The count of each id; the table grows with the ids. */
  private long[] counts = new long[0];

  private int bound;

  /** One more than the largest counted id, 0 if there is none. */
  public int bound() {
    return bound;
  }

  /**
   * How often an id was counted.
   *
   * @param id at least 0
   */
  public long count(int id) {
    return id < counts.length ? counts[id] : 0;
  }

  /**
   * Counts an id several times.
   *
   * @throws UnusableFileException for an id that is negative or above 2^28
   */
  public void add(int id, long times) {
    long[] table = tableFor(id);
    table[id] = Math.addExact(table[id], times);
    bound = Math.max(bound, id + 1);
  }

  /**
   * Counts the first {@code size} ids of an array.
   *
   * @throws UnusableFileException for an id that is negative or above 2^28; those before it are
   *     counted
   */
  public void addAll(int[] ids, int size) {
    long[] table = counts; // local copies of both fields, since this runs for every id
    int end = bound;
    for (int i = 0; i < size; i++) {
      int id = ids[i];
      if (id < 0 || id >= end) {
        table = tableFor(id);
        end = id + 1;
        bound = end; // at once, since a later id may be refused
      }
      table[id]++;
    }
  }

  /** Adds the counts of another histogram. */
  public void add(IdHistogram other) {
    for (int id = other.bound() - 1; id >= 0; id--) { // from the largest: the table grows once
      if (other.counts[id] != 0) {
        add(id, other.counts[id]);
      }
    }
  }

  /** The sum of all counts. */
  public long total() {
    long sum = 0;
    for (long count : counts) {
      sum = Math.addExact(sum, count);
    }
    return sum;
  }

  /** The {@link #toBytes} in base64. */
  public String toText() {
    return Base64.getEncoder().encodeToString(toBytes());
  }

  /** The stored form, which {@link #read} reads. */
  public byte[] toBytes() {
    ByteBuilder out = new ByteBuilder(256);
    out.append(MAGIC, 0, MAGIC.length);
    out.appendVarint(Arrays.stream(counts).filter(count -> count != 0).count());
    int last = -1;
    for (int id = 0; id < counts.length; id++) {
      if (counts[id] != 0) {
        out.appendVarint(id - last);
        out.appendVarint(counts[id]);
        last = id;
      }
    }
    return Zstd.compress(out.toByteArray(), ZSTD_LEVEL);
  }

  /**
   * Reads the result of {@link #toBytes}. The file around it has its own checksum, so cut bytes are
   * not looked for.
   *
   * @throws UnusableFileException if the bytes are of another format, or of another number of ids
   *     than they say
   */
  public static IdHistogram read(byte[] bytes) {
    byte[] in = Zstd.decompress(bytes, (int) Zstd.getFrameContentSize(bytes));
    if (!Arrays.equals(MAGIC, Arrays.copyOf(in, MAGIC.length))) {
      throw new UnusableFileException(
          "the counts of ids do not begin with " + new String(MAGIC, StandardCharsets.US_ASCII));
    }
    IdHistogram histogram = new IdHistogram();
    int at = MAGIC.length;
    long declared = Varints.read(in, at);
    at += Varints.length(declared);
    long found = 0;
    int id = -1;
    while (at < in.length) {
      long step = Varints.read(in, at);
      at += Varints.length(step);
      long count = Varints.read(in, at);
      at += Varints.length(count);
      id = Math.toIntExact(id + step);
      histogram.add(id, count);
      found++;
    }
    if (found != declared) {
      throw new UnusableFileException(
          "the counts of ids are of " + found + " ids, and say that there are " + declared);
    }
    return histogram;
  }

  /**
   * The table, which is replaced by a longer one if it has no place for an id.
   *
   * @throws UnusableFileException if no table has a place for it
   */
  private long[] tableFor(int id) {
    if (id < 0 || id > MAX_ID) {
      throw new UnusableFileException("id " + id + " is not in [0, " + MAX_ID + "]");
    }
    if (id >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(id + 1, Math.min(MAX_ID + 1, 2 * counts.length)));
    }
    return counts;
  }
}
