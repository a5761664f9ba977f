package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
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
}
