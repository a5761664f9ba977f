package org.merganser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * A loop over damaged inputs for some time: a reader must accept each, or refuse it with its
 * documented errors. Prints the seed, and keeps the input that breaks a reader.
 *
 * <p>{@code -Dmerganser.fuzzMillis} sets how long each runs, {@code -Dmerganser.seed} repeats one.
 */
public final class Fuzz {
  /** The largest numbers of some widths, and those after them. */
  private static final long[] EDGES = {
    0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL, Long.MAX_VALUE
  };

  private Fuzz() {}

  /** Reads one damaged input; throws only what is a defect. */
  @FunctionalInterface
  public interface Reader {
    void read(byte[] damaged) throws Exception;
  }

  /** Half a second in an ordinary build, ten minutes in the soak profile. */
  public static long millis() {
    return Long.getLong("merganser.fuzzMillis", Seeds.manyCases() ? 600_000 : 500);
  }

  /** Damages the seeds at random until the time is over. */
  public static void run(long millis, Reader reader, byte[]... seeds) throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    long end = System.nanoTime() + millis * 1_000_000;
    long cases = 0;
    for (; System.nanoTime() < end; cases++) {
      byte[] input = damage(seeds[random.nextInt(seeds.length)], seeds, random);
      try {
        reader.read(input);
      } catch (Exception | Error e) {
        Path kept = Files.createTempFile("merganser-fuzz", ".bin");
        Files.write(kept, input);
        throw new AssertionError("seed " + seed + ", case " + cases + ": " + kept, e);
      }
    }
    System.out.println(cases + " cases");
  }

  /** Checks that a refusal, which a user reads, names what was refused. */
  public static void requireNames(Exception refusal, String name) {
    if (!String.valueOf(refusal.getMessage()).contains(name)) {
      throw new AssertionError("the refusal does not name " + name, refusal);
    }
  }

  /** Damages a copy of an input in one to three ways. */
  private static byte[] damage(byte[] good, byte[][] seeds, Random random) {
    byte[] bytes = good.clone();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      bytes = once(bytes, seeds[random.nextInt(seeds.length)], random);
    }
    return bytes;
  }

  /** Damages bytes in one random way; {@code other} is an input from which bytes are copied. */
  private static byte[] once(byte[] bytes, byte[] other, Random random) {
    if (bytes.length == 0) {
      return other.clone();
    }
    // Half of the places are near the beginning or the end, where headers and footers are.
    int near = Math.min(bytes.length, 400);
    int at =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(near);
          case 1 -> bytes.length - 1 - random.nextInt(near);
          default -> random.nextInt(bytes.length);
        };
    int until = Math.min(bytes.length, at + 1 + random.nextInt(24));
    return switch (random.nextInt(8)) {
      case 0 -> {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 1 -> {
        Arrays.fill(bytes, at, until, (byte) random.nextInt(256));
        yield bytes;
      }
      case 2 -> Arrays.copyOf(bytes, at);
      case 3 -> splice(bytes, at, until, new byte[0]);
      case 4 -> splice(bytes, at, at, Arrays.copyOfRange(bytes, at, until));
      case 5 -> {
        int from = random.nextInt(other.length + 1);
        int to = Math.min(other.length, from + random.nextInt(64));
        yield splice(bytes, at, until, Arrays.copyOfRange(other, from, to));
      }
      case 6 -> {
        long edge = EDGES[random.nextInt(EDGES.length)];
        for (int i = at; i < Math.min(bytes.length, at + 8); i++, edge >>>= 8) {
          bytes[i] = (byte) edge;
        }
        yield bytes;
      }
      default -> number(bytes, at, random);
    };
  }

  /** Replaces the next decimal digits by an edge, or its negation. */
  private static byte[] number(byte[] bytes, int at, Random random) {
    int from = at;
    while (from < bytes.length && (bytes[from] < '0' || bytes[from] > '9')) {
      from++;
    }
    int to = from;
    while (to < bytes.length && bytes[to] >= '0' && bytes[to] <= '9') {
      to++;
    }
    String edge = (random.nextInt(3) == 0 ? "-" : "") + EDGES[random.nextInt(EDGES.length)];
    return from == bytes.length ? bytes : splice(bytes, from, to, edge.getBytes());
  }

  /** Replaces the bytes from {@code from} to {@code to} by others. */
  private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
    byte[] spliced = new byte[from + middle.length + bytes.length - to];
    System.arraycopy(bytes, 0, spliced, 0, from);
    System.arraycopy(middle, 0, spliced, from, middle.length);
    System.arraycopy(bytes, to, spliced, from + middle.length, bytes.length - to);
    return spliced;
  }
}
