package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.binary.LittleEndianWords;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.PackedIds;

/** The two caches of short pretokens beside a map of strings, with ids of each width. */
class CacheSetsTest {
  private final IdBuffer out = new IdBuffer(1);

  private interface Cache {
    int find(byte[] bytes, boolean part, IdBuffer out);

    boolean add(byte[] bytes, boolean part, int[] ids, int count);

    long[] table();
  }

  private static Cache shorts(PackedIds packing, boolean counts, int mostBytes) {
    ShortPretokenCache cache = new ShortPretokenCache(packing, counts, mostBytes);
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

      @Override
      public long[] table() {
        return cache.table();
      }
    };
  }

  private static Cache longer(PackedIds packing, boolean counts, int mostBytes) {
    PretokenCache cache = new PretokenCache(packing, counts, mostBytes);
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

      @Override
      public long[] table() {
        return cache.table();
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
    Cache shorts = shorts(packing, counts, 1 << 16);
    check(shorts, 1, ShortPretokenCache.LONGEST, idBound, counts, mostShort);
    Cache longer = longer(packing, counts, 1 << 16);
    check(longer, 1, PretokenCache.LONGEST, idBound, counts, mostLonger);
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
        int[] ids = random.ints(1 + random.nextInt(10), 0, idBound).toArray();
        int count = ids.length - 1;
        assertThat(cache.add(bytes, part, ids, count)).isEqualTo(count > 0 && count <= most);
        expected = Arrays.copyOfRange(ids, 1, ids.length);
        twin.put(key, expected);
        out.setSize(1);
        result = cache.find(bytes, part, out);
      } else {
        found++;
      }
      int number = n;
      Supplier<String> what =
          () -> "seed %d, case %d, %s".formatted(seed, number, Arrays.toString(bytes));
      if (expected != null && (expected.length == 0 || expected.length > most)) {
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

  /** A cache that forgets too much gives the same ids, so only its hits show it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void growsToItsBoundAndFindsFourOfFiveWhileThereIsRoom(boolean counts) {
    PackedIds packing = new PackedIds(1 << 16);
    int mostBytes = 1 << 18;
    for (Cache cache :
        List.of(shorts(packing, counts, mostBytes), longer(packing, counts, mostBytes))) {
      int first = cache.table().length;
      int entries = mostBytes / Long.BYTES / (first / 1024);
      Set<long[]> tables = Collections.newSetFromMap(new IdentityHashMap<>());
      add(cache, 0, entries / 4, tables);
      assertThat(found(cache, 0, entries / 4)).isGreaterThan(entries / 4 * 8 / 10);
      add(cache, entries / 4, 8 * entries, tables);
      assertThat(found(cache, 8 * entries - entries / 4, 8 * entries))
          .as("the newest of a full cache")
          .isGreaterThan(entries / 4 * 7 / 10);
      assertThat(first).isLessThan(1 << 13);
      assertThat(tables).hasSizeBetween(3, 4);
      assertThat(cache.table().length * Long.BYTES).isBetween(mostBytes, mostBytes + 64);
    }
  }

  private static byte[] numbered(int number) {
    return ByteBuffer.allocate(7).putInt(number).array();
  }

  private static void add(Cache cache, int from, int to, Set<long[]> tables) {
    for (int i = from; i < to; i++) {
      cache.add(numbered(i), false, new int[] {0, i & 0xFFFF}, 1);
      tables.add(cache.table());
    }
  }

  private int found(Cache cache, int from, int to) {
    int found = 0;
    for (int i = from; i < to; i++) {
      out.clear();
      found += cache.find(numbered(i), false, out) == CacheSets.FOUND ? 1 : 0;
    }
    return found;
  }

  @Test
  void evictsTheEntryOfASetThatWasNotFoundLast() {
    ShortPretokenCache cache = new ShortPretokenCache(new PackedIds(100), false, 1 << 16);
    long[] keys = new long[3];
    int count = 0;
    for (int i = 1; count < keys.length; i++) {
      keys[count] = ShortPretokenCache.key(i, 3);
      if (cache.set(ShortPretokenCache.hash(keys[count]))
          == cache.set(ShortPretokenCache.hash(keys[0]))) {
        count++;
      }
    }
    cache.add(keys[0], new int[] {10}, 0, 1);
    cache.add(keys[1], new int[] {11}, 0, 1);
    assertThat(find(cache, keys[1])).containsExactly(11);
    assertThat(find(cache, keys[0])).containsExactly(10);
    cache.add(keys[2], new int[] {12}, 0, 1);
    assertThat(find(cache, keys[0])).containsExactly(10);
    assertThat(find(cache, keys[1])).isEmpty();
    assertThat(find(cache, keys[2])).containsExactly(12);
  }

  private int[] find(ShortPretokenCache cache, long key) {
    out.clear();
    cache.find(key, out);
    return out.toArray();
  }
}
