package org.merganser.bpe.count;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

class GroupedCountsTest {

  /** A block of groups, pretokens and counts. */
  private static byte[] block(Object... entries) {
    SortedMap<String, PretokenCounts> tables = new TreeMap<>();
    for (int i = 0; i < entries.length; i += 3) {
      byte[] bytes = ((String) entries[i + 1]).getBytes(ISO_8859_1);
      tables
          .computeIfAbsent((String) entries[i], group -> new PretokenCounts())
          .add(bytes, 0, bytes.length, ((Number) entries[i + 2]).longValue());
    }
    SortedMap<String, byte[]> blocks = new TreeMap<>();
    tables.forEach((group, table) -> blocks.put(group, table.pack(1)[0]));
    return GroupedCounts.pack(blocks);
  }

  /** Pretoken to group to count. */
  private static SortedMap<String, SortedMap<String, Long>> read(byte[] block, List<String> names) {
    SortedMap<String, SortedMap<String, Long>> read = new TreeMap<>();
    GroupedCounts.forEach(
        block,
        names,
        (bytes, from, to, groups, counts, n) -> {
          SortedMap<String, Long> byGroup = new TreeMap<>();
          for (int i = 0; i < n; i++) {
            assertThat(byGroup.put(names.get(groups[i]), counts[i])).isNull();
          }
          String pretoken = new String(bytes, from, to - from, ISO_8859_1);
          assertThat(read.isEmpty() || read.lastKey().compareTo(pretoken) < 0).isTrue();
          read.put(pretoken, byGroup);
        });
    return read;
  }

  @Test
  void isPackedAsDocumented() {
    byte[] block = block("de", "a", 1, "en", "the", 7, "fr", "the", 5, "fr", "then", 300);
    assertThat(HexFormat.ofDelimiter(" ").formatHex(block))
        .isEqualTo(
            "00 00 00 02 64 65 00 00 00 04 00 01 61 01" // de: a once
                + " 00 00 00 02 65 6e 00 00 00 06 00 03 74 68 65 07" // en: the 7 times
                + " 00 00 00 02 66 72 00 00 00 0b" // fr
                + " 00 03 74 68 65 05 03 01 6e ac 02"); // the 5 times, then 300 times
  }

  @Test
  void aReaderOfPlainCountsMeetsTheSumsOfGroups() {
    byte[] block = block("de", "a", 1, "en", "the", 7, "fr", "the", 5);
    SortedMap<String, Long> sums = new TreeMap<>();
    GroupedCounts.forEachTotal(
        block,
        (bytes, from, to, count) -> sums.put(new String(bytes, from, to - from, UTF_8), count));
    assertThat(sums.toString()).isEqualTo("{a=1, the=12}");
  }

  @Test
  void anEmptyTableIsAnEmptyBlock() {
    assertThat(GroupedCounts.pack(new TreeMap<>())).isEmpty();
    SortedMap<String, byte[]> empty = new TreeMap<>();
    empty.put("de", new byte[0]);
    assertThat(GroupedCounts.pack(empty)).isEmpty();
    assertThat(GroupedCounts.blocksByGroup(new byte[0])).isEmpty();
  }

  /** Against sums in maps: any groups, prefixes of each other, long pretokens, high bytes. */
  @Test
  void summingGivesTheSameBlockInAnyOrderAndWay() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<byte[]> blocks = new ArrayList<>();
      SortedMap<String, SortedMap<String, Long>> sums = new TreeMap<>();
      SortedSet<String> names = new TreeSet<>();
      List<Object> all = new ArrayList<>();
      int count = 1 + random.nextInt(6);
      int groups = 1 + random.nextInt(9);
      for (int b = 0; b < count; b++) {
        List<Object> entries = new ArrayList<>();
        for (int i = random.nextInt(60); i > 0; i--) {
          StringBuilder pretoken = new StringBuilder();
          for (int j = random.nextInt(random.nextInt(9) == 0 ? 40 : 4); j >= 0; j--) {
            pretoken.append("ab\0\u00ff".charAt(random.nextInt(4)));
          }
          String group = "group " + random.nextInt(groups);
          long occurrences = 1 + (random.nextInt(5) == 0 ? random.nextLong() >>> 12 : 0);
          entries.addAll(List.of(group, pretoken.toString(), occurrences));
          sums.computeIfAbsent(pretoken.toString(), p -> new TreeMap<>())
              .merge(group, occurrences, Long::sum);
          names.add(group);
        }
        all.addAll(entries);
        blocks.add(block(entries.toArray()));
      }
      byte[] expected = block(all.toArray());
      byte[] summed = GroupedCounts.combine(blocks);
      assertThat(summed).as("seed %d round %d", seed, round).isEqualTo(expected);
      assertThat(read(summed, List.copyOf(names))).as("seed %d", seed).isEqualTo(sums);
      assertThat(GroupedCounts.blocksByGroup(summed).keySet()).isEqualTo(names);
      Collections.shuffle(blocks, random);
      int half = random.nextInt(blocks.size() + 1);
      byte[] halves =
          GroupedCounts.combine(
              List.of(
                  GroupedCounts.combine(blocks.subList(0, half)),
                  GroupedCounts.combine(blocks.subList(half, blocks.size()))));
      assertThat(halves).as("seed %d round %d", seed, round).isEqualTo(expected);
    }
  }

  @Test
  void readsAPretokenUnderTheNumbersOfMoreNames() {
    byte[] block = block("de", "a", 1, "fr", "a", 5);
    List<String> more = List.of("(none)", "de", "en", "fr", "it");
    assertThat(read(block, more).toString()).isEqualTo("{a={de=1, fr=5}}");
    assertThatThrownBy(() -> read(block, List.of("de", "en")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("groups without a number: [fr]");
  }

  @Test
  void atMost256GroupsAreToldApart() {
    SortedSet<String> names = new TreeSet<>();
    for (int i = 0; i < GroupedCounts.MAX_GROUPS; i++) {
      names.add("g%03d".formatted(i));
    }
    GroupedCounts.requireWithinLimits(names);
    List<byte[]> blocks = new ArrayList<>();
    names.forEach(name -> blocks.add(block(name, "a", 2)));
    assertThat(read(GroupedCounts.combine(blocks), List.copyOf(names)).get("a")).hasSize(256);
    names.add("one more");
    assertThatThrownBy(() -> GroupedCounts.requireWithinLimits(names))
        .isInstanceOf(GroupLimitException.class)
        .hasMessage(
            "counts by group: the text has more than 256 groups, such as g000, g001, g002, g003,"
                + " g004; at most that many are told apart. Group the text by a field with fewer"
                + " values");
  }

  @Test
  void theNameOfAGroupHasAtMost1024Bytes() {
    GroupedCounts.requireWithinLimits(List.of("x".repeat(1024)));
    assertThatThrownBy(() -> GroupedCounts.requireWithinLimits(List.of("é".repeat(513))))
        .isInstanceOf(GroupLimitException.class)
        .hasMessage(
            "counts by group: the name of a group has 1026 bytes, at most 1024 are possible; it"
                + " begins with \"%s\". Group the text by a field with shorter values"
                    .formatted("é".repeat(40)));
  }
}
