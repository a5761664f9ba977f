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
 * Flips single bits of the footers of Parquet files: a reader must return every row as it was, or
 * report that the file is damaged. Flips every bit with {@code -Dmerganser.cases=many}, else some
 * of each file.
 */
public final class FooterFlips {
  /** The length of the footer and the magic bytes after it. */
  private static final int TAIL = 8;

  private FooterFlips() {}

  /**
   * What a reader did with the flips.
   *
   * @param same flips after which all rows were read as before
   * @param damaged flips after which the file was reported as damaged
   */
  public record Outcome(int flips, int same, int damaged) {
    /** Prints the outcome to the log of the tests. */
    public Outcome print(String name) {
      System.out.println(name + ": " + this);
      return this;
    }
  }

  /** Reads a file with one flipped bit. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Returns true if all rows are as before; false if the file is reported as damaged.
     *
     * @throws Exception if rows are different or missing
     */
    boolean read(Path damaged) throws Exception;
  }

  /**
   * Reads a file once for each flipped bit.
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
