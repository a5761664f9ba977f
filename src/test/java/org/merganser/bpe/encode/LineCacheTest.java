package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

class LineCacheTest {
  /** What is found is what a map of strings has, however often places were given up. */
  @Test
  void findsWhatWasAddedOrNothing() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int run = 0; run < 20; run++) {
      boolean narrow = random.nextBoolean();
      boolean counts = random.nextBoolean();
      LineCache cache = new LineCache(narrow, counts, 1 << 13 + random.nextInt(6));
      Map<String, int[]> twin = new HashMap<>();
      byte[] text = new byte[300 + random.nextInt(2_000)];
      // Zeros at an end must not look like a shorter key.
      int letters = 1 + random.nextInt(3);
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) random.nextInt(letters);
      }
      int[] out = new int[LineCache.MOST_IDS + 1];
      int found = 0;
      for (int n = 0; n < 4_000; n++) {
        int length =
            LineCache.SHORTEST + random.nextInt(LineCache.LONGEST - LineCache.SHORTEST + 1);
        int from = random.nextInt(text.length - 32 + 1);
        long kind = random.nextBoolean() ? LineCache.PART : 0;
        String key = kind + new String(text, from, length, StandardCharsets.US_ASCII);
        int entry = cache.find(text, from, length, kind);
        if (entry < 0) {
          int count = 1 + random.nextInt(narrow ? 16 : 8);
          int[] ids = random.ints(count, 0, narrow ? 1 << 16 : Integer.MAX_VALUE).toArray();
          twin.put(key, ids);
          cache.add(text, from, length, kind, ids, 0, count);
          entry = cache.find(text, from, length, kind);
        } else {
          found++;
        }
        assertThat(cache.count(entry)).isEqualTo(twin.get(key).length);
        if (counts) {
          continue;
        }
        int count = cache.write(entry, out, 1);
        assertThat(Arrays.copyOfRange(out, 1, 1 + count))
            .as("seed %d, run %d, narrow %s, %s", seed, run, narrow, key)
            .isEqualTo(twin.get(key));
      }
      assertThat(found).isPositive();
    }
  }

  @Test
  void holdsAsManyIdsAsAnEntryHasRoomFor() {
    LineCache narrow = new LineCache(true, false, 1 << 13);
    LineCache wide = new LineCache(false, false, 1 << 13);
    assertThat(narrow.holds(0)).isFalse();
    assertThat(narrow.holds(16)).isTrue();
    assertThat(narrow.holds(17)).isFalse();
    assertThat(wide.holds(8)).isTrue();
    assertThat(wide.holds(9)).isFalse();
    LineCache counts = new LineCache(false, true, 1 << 13);
    assertThat(counts.holds(0)).isFalse();
    assertThat(counts.holds(256)).isTrue();
    assertThat(counts.holds(257)).isFalse();
  }

  @Test
  void takesWordsOfItsLengthsButNoneInCharactersOfThreeBytes() {
    byte[] russian = "достопримечательность, 16 букв".getBytes(StandardCharsets.UTF_8);
    assertThat(LineCache.takes(russian, 0, 15)).isFalse();
    assertThat(LineCache.takes(russian, 0, 16)).isTrue();
    assertThat(LineCache.takes(russian, 0, 30)).isTrue();
    assertThat(LineCache.takes(russian, 0, 31)).isFalse();
    assertThat(LineCache.takes(russian, russian.length - 32, 20)).isTrue();
    assertThat(LineCache.takes(russian, russian.length - 31, 20)).isFalse();
    byte[] chinese = "床前明月光疑是地上霜舉頭望明月".getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < 12; from++) {
      assertThat(LineCache.takes(chinese, from, 20)).as("from %d", from).isFalse();
    }
  }
}
