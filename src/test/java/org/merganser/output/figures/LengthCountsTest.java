package org.merganser.output.figures;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.json.Json;
import org.merganser.store.UnusableFileException;

/** Lengths of documents, counted unit by unit. */
final class LengthCountsTest {
  private static MeasuredDocument document(String file, long offset, int part, long tokens) {
    return new MeasuredDocument(file + "#" + offset, file, offset, part, null, tokens);
  }

  private static UnitLengths unit(MeasuredDocument... documents) {
    UnitLengthCounts counts = new UnitLengthCounts();
    List.of(documents).forEach(counts::add);
    return counts.toUnitLengths();
  }

  private static List<LengthBucket> all(LengthCounts.Sum sum) {
    return sum.byGroup().values().stream().flatMap(b -> b.values().stream()).toList();
  }

  @Test
  void everyPowerOfTwoEndsABucketAndEachOctaveHasEight() {
    for (long length : new long[] {0, 1, 15, 16}) {
      assertThat(LengthBucket.of(length)).isEqualTo(new LengthBucket(length, 1, length));
    }
    assertThat(LengthBucket.of(17).to()).isEqualTo(18);
    for (int power = 4; power < 62; power++) {
      long end = 1L << power;
      assertThat(LengthBucket.of(end).to()).isEqualTo(end);
      assertThat(LengthBucket.of(end + 1).to()).isEqualTo(end + end / 8);
      assertThat(LengthBucket.of(end + end / 8).to()).isEqualTo(end + end / 8);
    }
  }

  /** Against the documents of each bucket themselves. */
  @Test
  void aBucketSaysWhatItsSumsLeavePossible() {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 1000; round++) {
      LengthBucket bucket = LengthBucket.of(1 + random.nextInt(1 << 1 + random.nextInt(20)));
      long end = bucket.to();
      long start = end;
      while (start > 0 && LengthBucket.of(start - 1).to() == end) {
        start--;
      }
      long shortest = bucket.tokens();
      long longest = bucket.tokens();
      for (int more = random.nextInt(4); more > 0; more--) {
        LengthBucket other = LengthBucket.of(start + random.nextLong(end - start + 1));
        assertThat(other.to()).isEqualTo(end);
        shortest = Math.min(shortest, other.tokens());
        longest = Math.max(longest, other.tokens());
        bucket = bucket.plus(other);
      }
      assertThat(bucket.least()).isBetween(start, shortest);
      assertThat(bucket.most()).isBetween(longest, end);
      if (bucket.documents() == 1) {
        assertThat(bucket.least()).isEqualTo(bucket.most()).isEqualTo(bucket.tokens());
      }
    }
  }

  @Test
  void joinsThePartsOfADocumentWithinAUnitAndAcrossUnits() {
    LengthCounts counts = new LengthCounts();
    counts.add(3, unit(document("a", 9, 7, 5), document("b", 0, 0, 6)));
    counts.add(2, unit(document("a", 9, 3, 500)));
    counts.add(1, unit(document("a", 0, 0, 1), document("a", 9, 0, 10)));
    counts.add(0, unit(document("0", 0, 0, 2), document("0", 0, 1, 1)));
    LengthCounts.Sum sum = counts.sum();
    assertThat(all(sum))
        .containsExactly(
            new LengthBucket(1, 1, 1),
            new LengthBucket(3, 1, 3),
            new LengthBucket(6, 1, 6),
            new LengthBucket(576, 1, 515));
    assertThat(sum.longest().get(0)).isEqualTo(document("a", 9, 0, 515));
  }

  /** Documents of two runs may have one name, and the first part of a document may be lost. */
  @Test
  void joinsNoTwoDocumentsOfOnePlace() {
    LengthCounts counts = new LengthCounts();
    counts.add(0, unit(document("a", 0, 0, 4)));
    counts.add(1, unit(document("a", 0, 0, 4)));
    counts.add(2, unit(document("b", 0, 1, 4), document("c", 0, 2, 4)));
    LengthCounts.Sum sum = counts.sum();
    assertThat(all(sum)).containsExactly(new LengthBucket(4, 4, 16));
    assertThat(sum.longest()).hasSize(4);
  }

  /** Against one unit that has all documents whole. */
  @Test
  void givesTheSameHoweverDocumentsAreCutIntoUnitsAndInWhateverOrderTheseCome() throws Exception {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 40; round++) {
      List<UnitLengths> units = new ArrayList<>();
      UnitLengthCounts open = new UnitLengthCounts();
      List<MeasuredDocument> twin = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String group = random.nextInt(3) == 0 ? null : "g" + random.nextInt(4);
        MeasuredDocument sum = null;
        for (int part = 0; part == 0 || random.nextInt(3) == 0; part++) {
          MeasuredDocument next =
              new MeasuredDocument("d" + i, "f" + i % 7, i, part, group, random.nextInt(40));
          sum = sum == null ? next : sum.plusPart(next);
          open.add(next);
          if (random.nextInt(8) == 0) {
            units.add(json(open.toUnitLengths()));
            open = new UnitLengthCounts();
          }
        }
        twin.add(sum);
      }
      units.add(json(open.toUnitLengths()));
      LengthCounts whole = new LengthCounts();
      whole.add(0, unit(twin.toArray(new MeasuredDocument[0])));
      List<Integer> order = new ArrayList<>();
      for (int unit = 0; unit < units.size(); unit++) {
        order.add(unit);
      }
      Collections.shuffle(order, random);
      LengthCounts counts = new LengthCounts();
      order.forEach(unit -> counts.add(unit, units.get(unit)));
      LengthCounts.Sum sum = counts.sum();
      assertThat(sum.byGroup()).isEqualTo(whole.sum().byGroup());
      twin.sort(
          Comparator.comparingLong((MeasuredDocument d) -> -d.tokens())
              .thenComparing(MeasuredDocument::file)
              .thenComparing(MeasuredDocument::offset));
      assertThat(sum.longest()).isEqualTo(twin.subList(0, 10));
    }
  }

  private static UnitLengths json(UnitLengths lengths) {
    return Json.read(
        Json.line(lengths).getBytes(UTF_8),
        UnitLengths.class,
        "lengths",
        UnusableFileException::new);
  }

  @Test
  void cutsALongNameBetweenCharacters() {
    String name = "x".repeat(199) + "😀".repeat(2);
    assertThat(new MeasuredDocument(name, "f", 0, 0, null, 1).id())
        .isEqualTo("x".repeat(199) + "…");
    assertThat(new MeasuredDocument("x".repeat(200), "f", 0, 0, null, 1).id()).hasSize(200);
  }
}
