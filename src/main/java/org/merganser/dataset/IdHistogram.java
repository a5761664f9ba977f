package org.merganser.dataset;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.merganser.bpe.Varints;
import org.merganser.parquet.ShardException;
import org.merganser.text.unicode.ByteBuilder;

/**
 * The count of each id. It is written as a zstd frame of {@code "MGH1"}, the number of ids that
 * occur, and for each of them the difference to the id before and the count, all in LEB128: one or
 * two kilobytes for a small unit, 100 KB for a full vocabulary of 150,000. The sum of two
 * histograms is the histogram of both texts together.
 */
public final class IdHistogram {
  private static final byte[] MAGIC = {'M', 'G', 'H', '1'};

  /** The largest id in a file: ids are ints, and a table of 2^28 longs takes 2 GiB. */
  private static final int MAX_ID = 1 << 28;

  private long[] counts = new long[0];
  private int bound;

  /** One more than the largest id that was counted, 0 when there is none. */
  public int bound() {
    return bound;
  }

  public long count(int id) {
    return id < counts.length ? counts[id] : 0;
  }

  /** Adds {@code times}, at least 1, to the count of an id. */
  public void add(int id, long times) {
    counts(id)[id] = Math.addExact(count(id), times);
    bound = Math.max(bound, id + 1);
  }

  /** Counts {@code ids[0, size)}. */
  public void addAll(int[] ids, int size) {
    if (size == 0) {
      return;
    }
    int max = ids[0];
    for (int i = 1; i < size; i++) {
      max = Math.max(max, ids[i]);
    }
    long[] c = counts(max);
    bound = Math.max(bound, max + 1);
    for (int i = 0; i < size; i++) {
      c[ids[i]]++;
    }
  }

  /** Adds the counts of another histogram. */
  public void add(IdHistogram other) {
    for (int id = other.bound() - 1; id >= 0; id--) {
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

  /** As {@link #toBytes}, in base64. */
  public String toText() {
    return Base64.getEncoder().encodeToString(toBytes());
  }

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
    return Zstd.compress(out.toByteArray(), 3);
  }

  /**
   * @param name how errors call the file
   * @throws ShardException when the bytes are not a histogram
   */
  public static IdHistogram read(byte[] bytes, String name) {
    return new Reader(bytes, name).read();
  }

  private long[] counts(int id) {
    if (id < 0 || id > MAX_ID) {
      throw new ShardException("id " + id + " is not in [0, " + MAX_ID + "]");
    }
    if (id >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(id + 1, Math.min(MAX_ID + 1, 2 * counts.length)));
    }
    return counts;
  }

  private static final class Reader {
    private final String name;
    private final byte[] in;
    private int at;

    Reader(byte[] file, String name) {
      this.name = name;
      long size = Zstd.getFrameContentSize(file);
      if (size < MAGIC.length || size > 1 << 30) {
        throw broken("its zstd frame says it holds " + size + " bytes");
      }
      in = new byte[(int) size];
      try {
        if (Zstd.decompress(in, file) != size) {
          throw broken("its zstd frame is cut short");
        }
      } catch (ZstdException e) {
        throw broken("its zstd frame: " + e.getMessage());
      }
      if (!Arrays.equals(in, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
        throw broken("it starts with " + HexFormat.of().formatHex(in, 0, MAGIC.length));
      }
      at = MAGIC.length;
    }

    IdHistogram read() {
      IdHistogram histogram = new IdHistogram();
      long entries = varint();
      long id = -1;
      for (long i = 0; i < entries; i++) {
        id += varint();
        long count = varint();
        if (id < 0 || id > MAX_ID || count <= 0 || histogram.count((int) id) != 0) {
          throw broken("entry " + i + " is id " + id + " with count " + count);
        }
        histogram.add((int) id, count);
      }
      if (at != in.length) {
        throw broken((in.length - at) + " bytes follow its last entry");
      }
      return histogram;
    }

    private long varint() {
      try {
        long value = Varints.read(in, at);
        at += Varints.length(value);
        return value;
      } catch (ArrayIndexOutOfBoundsException e) {
        throw broken("it ends within a number");
      }
    }

    private ShardException broken(String why) {
      return new ShardException(
          name + " is not an id histogram: " + why + "; delete it, its unit will be done again");
    }
  }
}
