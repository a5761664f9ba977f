package org.merganser.bpe.count;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

class PackedCountsTest {

  private static byte[] block(Object... pretokensAndCounts) {
    PretokenCounts counts = new PretokenCounts();
    for (int i = 0; i < pretokensAndCounts.length; i += 2) {
      byte[] bytes = ((String) pretokensAndCounts[i]).getBytes(UTF_8);
      counts.add(bytes, 0, bytes.length, ((Number) pretokensAndCounts[i + 1]).longValue());
    }
    return counts.pack(1)[0];
  }

  private static Map<String, Long> read(byte[] block) {
    Map<String, Long> entries = new LinkedHashMap<>();
    PackedCounts.forEachCombined(
        List.of(block),
        (bytes, from, to, count) -> entries.put(new String(bytes, from, to - from, UTF_8), count));
    return entries;
  }

  @Test
  void isFrontCodedAsDocumented() {
    assertThat(block("the", 300, "then", 5, "a", 1))
        .asHexString()
        .isEqualToIgnoringCase("000161010003746865ac0203016e05");
  }

  @Test
  void readsWhatWasPackedInOrder() {
    Map<String, Long> entries = read(block("b", Long.MAX_VALUE - 9, "a", 1, "車", 7, "ab", 1));
    assertThat(entries.toString()).isEqualTo("{a=1, ab=1, b=" + (Long.MAX_VALUE - 9) + ", 車=7}");
    assertThat(read(new byte[0])).isEmpty();
  }

  @Test
  void sumsToTheBlockOfTheSummedCounts() {
    byte[] summed =
        PackedCounts.combine(
            List.of(
                block("a", 1, "b", 2),
                new byte[0],
                block("b", 3, "c", 4),
                block("a", 5, "b", 1, "d", 1)));
    assertThat(summed).isEqualTo(block("a", 6, "b", 6, "c", 4, "d", 1));
    assertThat(PackedCounts.combine(List.of())).isEmpty();
    assertThat(PackedCounts.combine(List.of(new byte[0], new byte[0]))).isEmpty();
    assertThat(PackedCounts.combine(List.of(summed))).isEqualTo(summed);
  }

  @Test
  void theOrderOfBlocksAndTheWayOfSummingDoNotMatter() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    PretokenCounts all = new PretokenCounts();
    List<byte[]> blocks = new ArrayList<>();
    for (int b = 0; b < 9; b++) {
      PretokenCounts counts = new PretokenCounts();
      for (int i = 0; i < 400; i++) {
        byte[] bytes = new byte[1 + random.nextInt(20)];
        for (int j = 0; j < bytes.length; j++) {
          bytes[j] = (byte) ("ab".charAt(random.nextInt(2)) + (random.nextInt(9) == 0 ? 128 : 0));
        }
        long count = 1 + random.nextInt(1000);
        counts.add(bytes, 0, bytes.length, count);
        all.add(bytes, 0, bytes.length, count);
      }
      blocks.add(counts.pack(1)[0]);
    }
    byte[] expected = all.pack(1)[0];
    assertThat(PackedCounts.combine(blocks)).as("seed %d", seed).isEqualTo(expected);
    java.util.Collections.shuffle(blocks, random);
    byte[] halves =
        PackedCounts.combine(
            List.of(
                PackedCounts.combine(blocks.subList(0, 4)),
                PackedCounts.combine(blocks.subList(4, 9))));
    assertThat(halves).as("seed %d", seed).isEqualTo(expected);
  }

  /** Against the sums of a sorted map: any number of blocks, prefixes of each other, zero bytes. */
  @Test
  void anyNumberOfBlocksHasTheSumsOfASortedMap() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      TreeMap<byte[], Long> sums = new TreeMap<>(Arrays::compareUnsigned);
      List<byte[]> blocks = new ArrayList<>();
      int most = 1 + random.nextInt(40);
      int common = random.nextInt(4) == 0 ? 500 : 0;
      for (int b = 0; b < round % 20; b++) {
        PretokenCounts counts = new PretokenCounts();
        for (int i = random.nextInt(200); i > 0; i--) {
          byte[] bytes = new byte[common + 1 + random.nextInt(most)];
          for (int j = common; j < bytes.length; j++) {
            bytes[j] = (byte) (random.nextInt(3) - 1);
          }
          counts.add(bytes, 0, bytes.length, b + 1);
          sums.merge(bytes, b + 1L, Long::sum);
        }
        blocks.add(counts.pack(1)[0]);
      }
      StringBuilder expected = new StringBuilder();
      sums.forEach((bytes, sum) -> expected.append(entry(bytes, sum)));
      StringBuilder summed = new StringBuilder();
      PackedCounts.forEachCombined(
          blocks,
          (bytes, from, to, count) ->
              summed.append(entry(Arrays.copyOfRange(bytes, from, to), count)));
      assertThat(summed).as("seed %d, round %d", seed, round).hasToString(expected.toString());
      StringBuilder read = new StringBuilder();
      PackedCounts.forEachCombined(
          List.of(PackedCounts.combine(blocks)),
          (bytes, from, to, count) ->
              read.append(entry(Arrays.copyOfRange(bytes, from, to), count)));
      assertThat(read).as("seed %d, round %d", seed, round).hasToString(expected.toString());
    }
  }

  private static String entry(byte[] bytes, long count) {
    return HexFormat.of().formatHex(bytes) + "=" + count + " ";
  }

  @Test
  void aSumBeyondALongIsRefused() {
    assertThatThrownBy(
            () -> PackedCounts.combine(List.of(block("a", Long.MAX_VALUE), block("a", 1))))
        .isInstanceOf(ArithmeticException.class);
  }
}
