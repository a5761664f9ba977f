package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.LittleEndianWords;
import org.merganser.bpe.PackedIds;

/** The two caches of short pretokens beside a map of strings, with ids of each width. */
class CacheSetsTest {
  private final IdBuffer out = new IdBuffer(1);

  private interface Cache {
    int find(byte[] bytes, boolean part, IdBuffer out);

    boolean add(byte[] bytes, boolean part, int[] ids, int count);
  }

  private static Cache shorts(PackedIds packing, boolean counts) {
    ShortPretokenCache cache = new ShortPretokenCache(packing, counts, 1 << 16);
    return new Cache() {
      private long key(byte[] bytes, boolean part) {
        long key =
            ShortPretokenCache.key(LittleEndianWords.load(bytes, 0, bytes.length), bytes.length);
        return part ? key | ShortPretokenCache.PART : key;
      }

      @Override
      public int find(byte[] bytes, boolean part, IdBuffer out) {
        return cache.find(key(bytes, part), out);
      }

      @Override
      public boolean add(byte[] bytes, boolean part, int[] ids, int count) {
        return cache.add(key(bytes, part), ids, 1, count);
      }
    };
  }

  private static Cache longer(PackedIds packing, boolean counts) {
    PretokenCache cache = new PretokenCache(packing, counts, 1 << 16);
    return new Cache() {
      private long low(byte[] bytes) {
        return LittleEndianWords.low(bytes, 0, bytes.length);
      }

      private long high(byte[] bytes, boolean part) {
        long high = LittleEndianWords.high(bytes, 0, bytes.length);
        return part ? high | PretokenCache.PART : high;
      }

      @Override
      public int find(byte[] bytes, boolean part, IdBuffer out) {
        return cache.find(low(bytes), high(bytes, part), out);
      }

      @Override
      public boolean add(byte[] bytes, boolean part, int[] ids, int count) {
        return cache.add(low(bytes), high(bytes, part), ids, 1, count);
      }
    };
  }

  /** Bytes of 0 and 0xFF included; the cache is full several times over. */
  @ParameterizedTest
  @CsvSource({
    "65536, false, 4, 7",
    "65537, false, 3, 6",
    "2097152, false, 3, 6",
    "2097153, false, 2, 4",
    "2147483647, false, 2, 4",
    "65536, true, 7, 7",
    "2097153, true, 7, 7"
  })
  void findWhatWasAddedOrNothing(int idBound, boolean counts, int mostShort, int mostLonger) {
    PackedIds packing = new PackedIds(idBound);
    check(shorts(packing, counts), 1, ShortPretokenCache.LONGEST, idBound, counts, mostShort);
    check(longer(packing, counts), 1, PretokenCache.LONGEST, idBound, counts, mostLonger);
  }

  private void check(
      Cache cache, int shortest, int longest, int idBound, boolean counts, int most) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    Map<String, int[]> twin = new HashMap<>();
    byte[] letters = {0, (byte) 0xFF, 'a', (byte) 0x80, 1};
    int found = 0;
    int elsewhere = 0;
    for (int n = 0; n < 60_000; n++) {
      byte[] bytes = new byte[shortest + random.nextInt(longest - shortest + 1)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = letters[random.nextInt(letters.length)];
      }
      boolean part = random.nextInt(4) == 0;
      String key = part + new String(bytes, StandardCharsets.ISO_8859_1);
      out.clear();
      out.add(-7);
      int result = cache.find(bytes, part, out);
      int[] expected = twin.get(key);
      if (result == CacheSets.NEW) {
        int[] ids = random.ints(2 + random.nextInt(9), 0, idBound).toArray();
        int count = ids.length - 1;
        assertThat(cache.add(bytes, part, ids, count)).isEqualTo(count <= most);
        expected = Arrays.copyOfRange(ids, 1, ids.length);
        twin.put(key, expected);
        out.setSize(1);
        result = cache.find(bytes, part, out);
      } else {
        found++;
      }
      String what = "seed %d, case %d, %s".formatted(seed, n, Arrays.toString(bytes));
      if (expected != null && expected.length > most) {
        elsewhere++;
        assertThat(result).as(what).isEqualTo(CacheSets.ELSEWHERE);
        assertThat(out.size()).as(what).isEqualTo(1);
      } else {
        assertThat(result).as(what).isEqualTo(CacheSets.FOUND);
        int[] ids = Arrays.copyOfRange(out.ids(), 1, out.size());
        assertThat(ids).as(what).hasSameSizeAs(expected);
        if (!counts) {
          assertThat(ids).as(what).isEqualTo(expected);
        }
      }
      assertThat(out.ids()[0]).isEqualTo(-7);
    }
    assertThat(found).isPositive();
    assertThat(elsewhere).isPositive();
  }
}
