package org.merganser;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Flips single bits of the footers of Parquet files: whoever reads such a file gives every row as
 * it was, or says that the file is damaged. Every bit with {@code -Dmerganser.cases=many}, else
 * some of each file.
 */
public final class FooterFlips {
  /** The length of the footer and the magic bytes after it. */
  private static final int TAIL = 8;

  private FooterFlips() {}

  /** What became of the flips. */
  public record Outcome(int flips, int same, int damaged) {
    /** Says it where a person looks for it. */
    public Outcome print(String name) {
      System.out.println(name + ": " + this);
      return this;
    }
  }

  /** Reads a file with one flipped bit. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Returns whether all rows were there as before; false where the file was said to be damaged.
     *
     * @throws Exception where rows are others, or less
     */
    boolean read(Path damaged) throws Exception;
  }

  /**
   * Reads a file as often as bits are flipped.
   *
   * @param most flips of the file, unless every bit is flipped
   */
  public static Outcome run(Path file, int most, Reader reader) throws IOException {
    byte[] good = Files.readAllBytes(file);
    int end = good.length - TAIL;
    int length = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    List<Integer> bits = IntStream.range(8 * (end - length), 8 * good.length).boxed().toList();
    long seed = Seeds.next();
    if (!Seeds.manyCases()) {
      bits = new Random(seed).ints(most, 0, bits.size()).mapToObj(bits::get).toList();
    }
    int same = 0;
    Path damaged = file.resolveSibling("flipped-" + file.getFileName());
    for (int bit : bits) {
      byte[] bytes = good.clone();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(damaged, bytes);
      try {
        same += reader.read(damaged) ? 1 : 0;
      } catch (Exception | Error e) {
        throw new AssertionError(
            "%s: bit %s of byte %s, %s from the end"
                .formatted(file, bit % 8, bit / 8, good.length - bit / 8),
            e);
      }
    }
    return new Outcome(bits.size(), same, bits.size() - same);
  }
}
