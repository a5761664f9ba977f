package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.IdBuffer;

class PretokenArenaTest {
  private final IdBuffer out = new IdBuffer(16);

  /** What is found is what a map of strings has, however often the arena was full. */
  @Test
  void findsWhatWasAddedOrNothing() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int run = 0; run < 20; run++) {
      boolean counts = random.nextBoolean();
      PretokenArena arena = new PretokenArena(counts, 1 << 14 + random.nextInt(4));
      Map<String, int[]> twin = new HashMap<>();
      byte[] text = new byte[4000 + random.nextInt(40_000)];
      int letters = 1 + random.nextInt(4);
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) ('a' + random.nextInt(letters));
      }
      int found = 0;
      for (int n = 0; n < 4000; n++) {
        int bound = random.nextBoolean() ? 20 : PretokenArena.LONGEST;
        int length = 1 + random.nextInt(Math.min(bound, text.length));
        int from = random.nextInt(text.length - length + 1);
        int kind = random.nextBoolean() ? PretokenArena.PRETOKEN : PretokenArena.PART;
        String key = kind + new String(text, from, length, StandardCharsets.US_ASCII);
        out.clear();
        out.add(-7);
        if (arena.find(text, from, from + length, kind, out)) {
          found++;
          int[] ids = Arrays.copyOfRange(out.ids(), 1, out.size());
          int[] expected = twin.get(key);
          assertThat(ids).as("seed %d, run %d, %s", seed, run, key).hasSameSizeAs(expected);
          if (!counts) {
            assertThat(ids).as("seed %d, run %d, %s", seed, run, key).isEqualTo(expected);
          }
        } else {
          int[] ids = random.ints(2 + random.nextInt(length)).toArray();
          arena.add(text, from, from + length, kind, ids, 1, ids.length - 1);
          twin.put(key, Arrays.copyOfRange(ids, 1, ids.length));
          assertThat(arena.find(text, from, from + length, kind, out)).as(key).isTrue();
        }
        assertThat(out.ids()[0]).isEqualTo(-7);
      }
      assertThat(found).isPositive();
    }
  }

  /** As many as its slots hold, and more. */
  @Test
  void forgetsAndGoesOn() {
    PretokenArena arena = new PretokenArena(false, 1 << 16);
    byte[] text = new byte[16];
    int[] ids = {3, 1, 4};
    for (int i = 0; i < 50_000; i++) {
      Arrays.fill(text, (byte) i);
      text[15] = (byte) (i >> 8);
      text[14] = (byte) (i >> 16);
      out.clear();
      if (!arena.find(text, 0, 16, PretokenArena.PRETOKEN, out)) {
        arena.add(text, 0, 16, PretokenArena.PRETOKEN, ids, 0, 3);
        assertThat(arena.find(text, 0, 16, PretokenArena.PRETOKEN, out)).isTrue();
      }
      assertThat(out.toArray()).containsExactly(3, 1, 4);
    }
  }

  /** Entries of 24 bytes fill the slots first, those of 128 bytes the array. */
  @Test
  void findsWhatItWasGivenUntilItIsFullAndThenForgetsAll() {
    for (int count : new int[] {2, 26}) {
      PretokenArena arena = new PretokenArena(false, 1 << 16);
      int[] ids = new int[count];
      List<Integer> kept = new ArrayList<>();
      int first = 0;
      for (int i = 0; kept.size() < 2; i++) {
        byte[] key = numbered(16, 8, i);
        arena.add(key, 0, 16, PretokenArena.PRETOKEN, ids, 0, count);
        boolean hasFirst = isFound(arena, numbered(16, 8, first));
        if (!hasFirst) {
          kept.add(i - first);
          assertThat(isFound(arena, numbered(16, 8, i - 1))).isFalse();
          first = i;
        }
        assertThat(isFound(arena, key)).isTrue();
        int missing = 0;
        for (int k = i % 100 == 0 ? first : i; k <= i; k++) {
          missing += isFound(arena, numbered(16, 8, k)) ? 0 : 1;
        }
        assertThat(missing).as("of %d to %d", first, i).isLessThanOrEqualTo((i - first) / 100);
      }
      if (count == 26) {
        assertThat(kept).as("as many as the array has bytes for").containsExactly(512, 512);
      } else {
        assertThat(kept).as("half as many as slots").allMatch(n -> n >= 1024 && n < 1100);
      }
    }
  }

  /** Bytes of 'k' with a number at {@code at}. */
  private static byte[] numbered(int length, int at, int number) {
    byte[] key = new byte[length];
    Arrays.fill(key, (byte) 'k');
    ByteBuffer.wrap(key).putInt(at, number);
    return key;
  }

  private boolean isFound(PretokenArena arena, byte[] key) {
    out.clear();
    return arena.find(key, 0, key.length, PretokenArena.PRETOKEN, out);
  }

  @Test
  void comparesEveryByteOfKeysWithOneHash() {
    for (int[] shape : new int[][] {{7, 2}, {24, 0}, {24, 10}, {19, 15}, {8, 4}}) {
      long[] hashes = new long[1 << 18];
      for (int i = 0; i < hashes.length; i++) {
        byte[] key = numbered(shape[0], shape[1], i);
        int hash = LittleEndianWords.hash(key, 0, key.length, PretokenArena.PRETOKEN);
        hashes[i] = (long) hash << 32 | i;
      }
      Arrays.sort(hashes);
      int equal = 0;
      for (int i = 1; i < hashes.length; i++) {
        if (hashes[i] >>> 32 == hashes[i - 1] >>> 32) {
          equal++;
          PretokenArena arena = new PretokenArena(false, 1 << 14);
          byte[] one = numbered(shape[0], shape[1], (int) hashes[i - 1]);
          arena.add(one, 0, one.length, PretokenArena.PRETOKEN, new int[1], 0, 1);
          byte[] other = numbered(shape[0], shape[1], (int) hashes[i]);
          assertThat(isFound(arena, one)).isTrue();
          assertThat(isFound(arena, other)).as("%d bytes, %d differ", shape[0], shape[1]).isFalse();
        }
      }
      assertThat(equal).as("pairs of one hash").isPositive();
    }
  }

  /** Here the new entry of a cleared arena contains what was the entry of an earlier key. */
  @Test
  void takesNoBytesOfAPretokenForAnEntry() {
    PretokenArena arena = new PretokenArena(false, 1 << 14);
    byte[] early = numbered(8, 0, 1);
    arena.add(numbered(16, 0, 0), 0, 16, PretokenArena.PRETOKEN, new int[1], 0, 1); // 32 bytes
    arena.add(early, 0, 8, PretokenArena.PRETOKEN, new int[1], 0, 1); // from the 32nd byte on
    for (int i = 0; isFound(arena, early); i++) {
      byte[] key = numbered(512, 0, i);
      ByteBuffer entry = ByteBuffer.wrap(key, 24, 20).order(ByteOrder.LITTLE_ENDIAN);
      entry.putInt(8).putInt(1).put(early).putInt(7);
      arena.add(key, 0, 512, PretokenArena.PRETOKEN, new int[1], 0, 1);
      assertThat(out.toArray()).as("after %d", i).doesNotContain(7);
    }
    assertThat(out.toArray()).isEmpty();
  }
}
