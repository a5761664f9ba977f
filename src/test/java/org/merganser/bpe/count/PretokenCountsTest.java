package org.merganser.bpe.count;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

class PretokenCountsTest {

  /** Bytes as a String of chars 0..255, whose order is that of unsigned bytes. */
  private static String key(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static Map<String, Long> sorted(PretokenCounts counts) {
    Map<String, Long> entries = new LinkedHashMap<>();
    counts.forEachSorted(
        (bytes, from, to, count) ->
            assertThat(entries.put(key(bytes, from, to), count)).as("visited once").isNull());
    return entries;
  }

  private static void add(PretokenCounts counts, String pretoken, long count) {
    byte[] bytes = pretoken.getBytes(UTF_8);
    counts.add(bytes, 0, bytes.length, count);
  }

  @Test
  void countsAdjacentPretokensOnceEach() {
    byte[] text = "xxthe cat the".getBytes(UTF_8);
    PretokenCounts counts = new PretokenCounts();
    counts.addAll(text, 2, new int[] {5, 9, 13, 99}, 3);
    counts.addAll(text, 2, new int[] {5}, 1);
    assertThat(sorted(counts)).isEqualTo(Map.of(" cat", 1L, " the", 1L, "the", 2L));
    assertThat(counts.distinct()).isEqualTo(3);
    assertThat(counts.total()).isEqualTo(4);
  }

  @Test
  void visitsInUnsignedOrderWithPrefixesFirst() {
    PretokenCounts counts = new PretokenCounts();
    List<String> pretokens =
        List.of(
            "a",
            "a\0",
            "a\0\0",
            "ab",
            "b",
            "é",
            "~",
            "aaaaaaaa",
            "aaaaaaaaa",
            "aaaaaaaa\0",
            "aaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaa\0",
            "aaaaaaaaaaaaaaaaa");
    pretokens.forEach(p -> add(counts, p, 1));
    List<String> expected = new ArrayList<>();
    pretokens.forEach(p -> expected.add(key(p.getBytes(UTF_8), 0, p.getBytes(UTF_8).length)));
    expected.sort(null);
    assertThat(sorted(counts).keySet()).containsExactlyElementsOf(expected);
  }

  @Test
  void zeroBytesAfterAPretokenMakeAGreaterOne() {
    PretokenCounts counts = new PretokenCounts();
    for (int length = 40; length >= 1; length--) {
      byte[] bytes = new byte[length];
      bytes[0] = 'a';
      counts.add(bytes, 0, length, length);
    }
    List<Long> lengths = new ArrayList<>();
    counts.forEachSorted((bytes, from, to, count) -> lengths.add(count));
    assertThat(lengths).isEqualTo(LongStream.rangeClosed(1, 40).boxed().toList());
  }

  @Test
  void everyLengthAroundTheKeySizeCountsAtEveryPlaceOfTheArray() {
    for (int length = 1; length <= 40; length++) {
      for (int before = 0; before < 3; before++) {
        for (int after = 0; after < 18; after++) {
          byte[] text = new byte[before + length + after];
          Arrays.fill(text, (byte) 0xEE);
          Arrays.fill(text, before, before + length, (byte) 'x');
          PretokenCounts counts = new PretokenCounts();
          counts.addAll(text, before, new int[] {before + length}, 1);
          counts.add(text, before, before + length, 2);
          assertThat(sorted(counts)).isEqualTo(Map.of("x".repeat(length), 3L));
        }
      }
    }
  }

  @Test
  void equalsAMapOnRandomPretokensWhileItGrows() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    Map<String, Long> expected = new TreeMap<>();
    PretokenCounts counts = new PretokenCounts();
    byte[] text = new byte[1 << 16];
    int[] ends = new int[1 << 16];
    for (int round = 0; round < 30; round++) {
      int letters = 1 + random.nextInt(256);
      int longest = 1 + random.nextInt(random.nextInt(10) == 0 ? 300 : 12);
      int n = 0;
      int at = 0;
      while (at + longest <= text.length) {
        int length = 1 + random.nextInt(longest);
        for (int i = 0; i < length; i++) {
          text[at + i] = (byte) random.nextInt(letters);
        }
        expected.merge(key(text, at, at + length), 1L, Long::sum);
        at += length;
        ends[n++] = at;
      }
      counts.addAll(text, 0, ends, n);
    }
    assertThat(counts.distinct())
        .as("seed %d", seed)
        .isEqualTo(expected.size())
        .isGreaterThan(5000);
    assertThat(List.copyOf(sorted(counts).entrySet()))
        .as("seed %d", seed)
        .isEqualTo(List.copyOf(expected.entrySet()));
    assertThat(counts.total())
        .as("seed %d", seed)
        .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void longCommonPrefixesSortWithoutDeepRecursion() {
    PretokenCounts counts = new PretokenCounts();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      expected.add("a".repeat(20_000 + i));
    }
    for (int i = 299; i >= 0; i--) {
      add(counts, expected.get(i), 1 + i);
    }
    assertThat(sorted(counts).keySet()).containsExactlyElementsOf(expected);
  }

  @Test
  void aSumBeyondALongIsRefusedAndNothingIsAdded() {
    PretokenCounts counts = new PretokenCounts();
    add(counts, "a", Long.MAX_VALUE - 1);
    add(counts, "a", 1);
    assertThat(sorted(counts)).isEqualTo(Map.of("a", Long.MAX_VALUE));
    assertThatThrownBy(() -> add(counts, "b", 1)).isInstanceOf(ArithmeticException.class);
    assertThat(sorted(counts)).isEqualTo(Map.of("a", Long.MAX_VALUE));
  }

  @Test
  void emptyPretokensAndCountsBelowOneAreRefused() {
    PretokenCounts counts = new PretokenCounts();
    assertThatThrownBy(() -> counts.add(new byte[4], 2, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pretoken [2, 2) is empty; a pretoken has 1 byte or more");
    assertThatThrownBy(() -> counts.addAll(new byte[40], 0, new int[] {2, 2}, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pretoken [2, 2) is empty; a pretoken has 1 byte or more");
    assertThatThrownBy(() -> add(counts, "a", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count 0 of a pretoken; it must be 1 or more");
    assertThatThrownBy(() -> counts.addAll(new byte[40], 0, new int[] {2}, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 times; a pretoken is counted once or more");
    PretokenCounts numbered = new PretokenCounts(true);
    assertThatThrownBy(() -> numbered.number(new byte[40], 0, new int[] {2}, 1, -1, new int[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("-1 times; a pretoken is counted 0 times or more");
    assertThat(counts.total()).as("the pretoken before the empty one").isEqualTo(1);
    assertThat(counts.distinct()).isEqualTo(1);
  }

  @Test
  void packsEachPretokenIntoThePartitionOfItsBytes() {
    PretokenCounts first = new PretokenCounts();
    PretokenCounts second = new PretokenCounts();
    for (int i = 0; i < 2000; i++) {
      add(first, "word " + i, 1 + i);
      add(second, "word " + (1999 - i) + (i % 2 == 0 ? "" : " and much longer than a key"), 1);
    }
    byte[][] one = first.pack(7);
    byte[][] two = second.pack(7);
    Map<String, Integer> partitions = new TreeMap<>();
    for (int p = 0; p < 7; p++) {
      int partition = p;
      assertThat(one[p].length).as("partition %d of 7 holds its share", p).isGreaterThan(500);
      for (byte[] block : List.of(one[p], two[p])) {
        PackedCounts.forEachCombined(
            List.of(block),
            (bytes, from, to, count) -> {
              Integer other = partitions.put(key(bytes, from, to), partition);
              assertThat(other == null ? partition : other).isEqualTo(partition);
            });
      }
    }
    assertThat(partitions).hasSize(3000);
    assertThat(PackedCounts.combine(List.of(one))).isEqualTo(first.pack(1)[0]);
  }

  @Test
  void anEmptyTableIsEmptyBlocks() {
    PretokenCounts counts = new PretokenCounts();
    assertThat(counts.pack(2)).isDeepEqualTo(new byte[2][0]);
    assertThat(sorted(counts)).isEmpty();
    assertThatThrownBy(() -> counts.pack(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0 partitions; at least 1 is needed");
  }

  @Test
  void numbersFirstOccurrencesFromTheLastRestartOn() {
    Random random = new Random(Seeds.next());
    PretokenCounts counts = new PretokenCounts(true);
    Map<String, Long> expected = new TreeMap<>();
    int[] numbers = new int[40];
    for (int restart = 0; restart < 20; restart++) {
      counts.restartNumbers();
      Map<String, Integer> numbered = new LinkedHashMap<>();
      for (int batch = 0; batch < 100; batch++) {
        StringBuilder text = new StringBuilder();
        List<String> pretokens = new ArrayList<>();
        int[] ends = new int[numbers.length];
        for (int i = 0; i < ends.length; i++) {
          int word = (int) Math.pow(3000, random.nextDouble());
          pretokens.add(word + "x".repeat(word % 25));
          text.append(pretokens.get(i));
          ends[i] = text.length();
        }
        int times = random.nextInt(3);
        counts.number(text.toString().getBytes(UTF_8), 0, ends, ends.length, times, numbers);
        for (int i = 0; i < ends.length; i++) {
          Integer known = numbered.putIfAbsent(pretokens.get(i), numbered.size());
          assertThat(numbers[i]).isEqualTo(known == null ? ~(numbered.size() - 1) : known);
          if (times > 0) {
            expected.merge(pretokens.get(i), (long) times, Long::sum);
          }
        }
      }
    }
    assertThat(sorted(counts)).isEqualTo(expected);
    assertThat(counts.total()).isEqualTo(expected.values().stream().mapToLong(n -> n).sum());
    List<Long> each = new ArrayList<>();
    counts.forEachCount(each::add);
    assertThat(each).hasSize(expected.size());
  }

  @Test
  void aTableWithoutNumbersGivesNone() {
    assertThatThrownBy(
            () -> new PretokenCounts().number(new byte[1], 0, new int[] {1}, 1, 1, new int[1]))
        .hasMessage("the table is not numbered");
  }
}
