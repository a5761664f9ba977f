package org.merganser.report.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.json.Json;
import org.merganser.shard.ShardRow;
import org.merganser.store.UnusableFileException;

/** Documents with equal texts, counted unit by unit, against lists of their ids. */
final class TextCountsTest {
  private static final List<String> ONE_FILE = List.of("a");

  private record Part(String file, long offset, int part, List<Integer> ids) {
    ShardRow row() {
      ShardRow row = new ShardRow();
      row.file = file;
      row.offset = offset;
      row.part = part;
      row.ids = ids.stream().mapToInt(id -> id).toArray();
      row.count = ids.size();
      return row;
    }
  }

  private static Part document(long offset, Integer... ids) {
    return new Part("a", offset, 0, List.of(ids));
  }

  private static UnitTexts unit(List<Part> parts, List<String> cut) {
    return unit(SampledTexts.MOST_TEXTS, SampledTexts.MOST_DOCUMENTS, parts, cut);
  }

  private static UnitTexts unit(
      int mostTexts, int mostDocuments, List<Part> parts, List<String> cut) {
    List<String> files = parts.stream().map(Part::file).distinct().toList();
    UnitTextCounter counter =
        new UnitTextCounter(SampledTexts.of(TextSample.ALL, mostTexts, mostDocuments), files, cut);
    parts.forEach(part -> counter.add(part.row()));
    UnitTexts texts = counter.result();
    return Json.read(
        Json.line(texts).getBytes(UTF_8), UnitTexts.class, "u", UnusableFileException::new);
  }

  private static TextCounts.Copies copies(Part... parts) {
    TextCounts all = new TextCounts(TextSample.ALL);
    all.add(0, ONE_FILE, unit(List.of(parts), List.of()));
    return all.copies();
  }

  @Test
  void countsTheDocumentsThatRepeatATextAndNamesTheFirst() {
    TextCounts.Copies copies =
        copies(
            document(0, 1, 2, 3),
            document(10, 7),
            document(20, 7),
            document(30, 1, 2, 3),
            document(40, 1, 2),
            document(50, 3, 2, 1),
            document(60, 1, 2, 3));
    assertThat(copies.documents()).isEqualTo(3);
    assertThat(copies.oneIn()).isEqualTo(1);
    assertThat(copies.mostFrequent())
        .containsExactly(
            new TextCounts.Repeated(3, 1, new DocumentPlace(0, 0, 0)),
            new TextCounts.Repeated(2, 1, new DocumentPlace(0, 0, 10)));
  }

  @Test
  void tellsTextsApartThatDifferInTheirLengthOrTheirParts() {
    assertThat(
            copies(
                    document(0),
                    document(1, 0),
                    document(2, 0, 0),
                    document(3, 0, 0, 0),
                    document(4, 1, 0),
                    document(5, 0, 1),
                    document(6, 5, 6),
                    new Part("a", 7, 0, List.of(5)),
                    new Part("a", 7, 1, List.of(6)),
                    new Part("a", 8, 0, List.of(6)),
                    new Part("a", 8, 1, List.of(5)))
                .documents())
        .isZero();
  }

  @Test
  void joinsTheDocumentOfAFileWhosePartsAreInSeveralUnits() {
    List<Part> longer =
        List.of(
            new Part("a", 0, 0, List.of(1, 2)),
            new Part("a", 0, 1, List.of(3)),
            new Part("a", 0, 2, List.of(4, 5, 6)));
    TextCounts all = new TextCounts(TextSample.ALL);
    for (int i = 2; i >= 0; i--) {
      UnitTexts texts = unit(longer.subList(i, i + 1), List.of("a"));
      all.add(i, List.of("a"), texts);
    }
    List<Part> again =
        longer.stream().map(part -> new Part("b", 0, part.part(), part.ids())).toList();
    all.add(3, List.of("b"), unit(again, List.of()));
    TextCounts.Copies copies = all.copies();
    assertThat(copies.documents()).isEqualTo(1);
    assertThat(copies.mostFrequent())
        .containsExactly(new TextCounts.Repeated(2, 1, new DocumentPlace(0, 0, 0)));
  }

  /** Documents of a few files; some texts are frequent, and some documents are in parts. */
  private static List<Part> corpus(Random random, int documents, int texts) {
    List<Part> parts = new ArrayList<>();
    int inFile = 0;
    int file = 0;
    for (int i = 0; i < documents; i++) {
      int text = (int) (texts * Math.pow(random.nextDouble(), 3));
      for (int part = 0; part <= text % 3; part++) {
        parts.add(new Part("file" + (char) ('z' - file), inFile * 7L, part, List.of(text, part)));
      }
      inFile++;
      if (random.nextInt(documents / 3 + 1) == 0) {
        file++;
        inFile = 0;
      }
    }
    return parts;
  }

  /** Cuts between documents and, in the document at the beginning of a file, between parts. */
  private static List<List<Part>> units(Random random, List<Part> parts, int most) {
    List<List<Part>> units = new ArrayList<>();
    List<Part> open = new ArrayList<>();
    for (Part part : parts) {
      boolean mayCut = part.part() == 0 || part.offset() == 0;
      if (!open.isEmpty() && mayCut && random.nextInt(parts.size()) < most) {
        units.add(open);
        open = new ArrayList<>();
      }
      open.add(part);
    }
    units.add(open);
    return units;
  }

  /** Units in any order, their documents in any order, as from the shards of groups. */
  private static TextCounts.Copies inUnits(
      Random random, List<Part> corpus, int mostUnits, int mostTexts, int mostDocuments) {
    List<List<Part>> units = units(random, corpus, mostUnits);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    TextCounts all = new TextCounts(SampledTexts.of(TextSample.ALL, mostTexts, mostDocuments));
    for (int unit : order) {
      List<Part> parts = units.get(unit);
      List<String> files = parts.stream().map(Part::file).distinct().toList();
      List<String> cut =
          files.stream()
              .filter(
                  file ->
                      units.stream()
                              .filter(u -> u.stream().anyMatch(p -> p.file().equals(file)))
                              .count()
                          > 1)
              .toList();
      Map<String, List<Part>> documents =
          parts.stream()
              .collect(
                  Collectors.groupingBy(
                      part -> part.file() + part.offset(),
                      LinkedHashMap::new,
                      Collectors.toList()));
      List<List<Part>> shuffled = new ArrayList<>(documents.values());
      Collections.shuffle(shuffled, random);
      UnitTextCounter counter =
          new UnitTextCounter(
              SampledTexts.of(TextSample.ALL, mostTexts, mostDocuments), files, cut);
      shuffled.forEach(rows -> rows.forEach(part -> counter.add(part.row())));
      all.add(unit, files, counter.result());
    }
    return all.copies();
  }

  /** The numbers of documents and of samples; places name units, which differ. */
  private static String figures(TextCounts.Copies copies) {
    return copies.documents()
        + " "
        + copies.oneIn()
        + copies.mostFrequent().stream()
            .map(text -> text.documents() + "/" + text.oneIn() + "@" + text.place().offset())
            .sorted()
            .toList();
  }

  @Test
  void countsAllTextsExactlyHoweverUnitsAreCut() {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 40; round++) {
      List<Part> corpus = corpus(random, 1 + random.nextInt(200), 1 + random.nextInt(300));
      Map<List<List<Integer>>, Long> texts =
          corpus.stream()
              .collect(Collectors.groupingBy(part -> part.file() + part.offset()))
              .values()
              .stream()
              .collect(
                  Collectors.groupingBy(
                      parts -> parts.stream().map(Part::ids).toList(), Collectors.counting()));
      long copies = texts.values().stream().mapToLong(count -> count - 1).sum();
      TextCounts.Copies counted = inUnits(random, corpus, random.nextInt(9), 1 << 14, 1 << 12);
      assertThat(counted.documents()).isEqualTo(copies);
      assertThat(counted.oneIn()).isEqualTo(1);
      assertThat(counted.mostFrequent().stream().map(TextCounts.Repeated::documents))
          .containsExactlyElementsOf(
              texts.values().stream()
                  .filter(count -> count > 1)
                  .sorted(Collections.reverseOrder())
                  .toList());
    }
  }

  @Test
  void estimatesTheSameHoweverUnitsAreCut() {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 20; round++) {
      List<Part> corpus = corpus(random, 300, 10 + random.nextInt(500));
      String once = figures(inUnits(random, corpus, 0, 16, 32));
      assertThat(once).doesNotStartWith("0 ");
      for (int cuts = 1; cuts < 12; cuts += 3) {
        assertThat(figures(inUnits(random, corpus, cuts, 16, 32))).isEqualTo(once);
      }
    }
  }

  /** One text in ten is the same, one in ten has one other document, and the rest is different. */
  @Test
  void findsAFrequentTextThatIsNotInTheSampleOfTexts() {
    int documents = 40_000;
    List<Part> corpus = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      int text = i % 10 == 3 ? -1 : i % 20 == 5 ? i - 1 : i;
      corpus.add(document(i, text & 0xFFFFF, 12));
    }
    TextCounts all = new TextCounts(SampledTexts.of(TextSample.ALL, 512, 512));
    all.add(0, ONE_FILE, unit(512, 512, corpus, List.of()));
    TextCounts.Copies copies = all.copies();
    assertThat(copies.oneIn()).isBetween(64L, 128L);
    long expected = documents / 10 + documents / 20;
    assertThat(copies.documents()).isBetween(expected * 6 / 10, expected * 14 / 10);
    TextCounts.Repeated most = copies.mostFrequent().get(0);
    assertThat(most.documents()).isBetween(documents * 6L / 100, documents * 14L / 100);
    assertThat(most.place().offset() % 10).isEqualTo(3);
  }

  @Test
  void holdsNoMoreThanItsSamples() {
    List<Part> corpus = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      corpus.add(document(i, i));
    }
    UnitTexts texts = unit(100, 50, corpus, List.of());
    assertThat(texts.texts().size()).isBetween(20, 100);
    assertThat(texts.documents().size()).isBetween(10, 50);
    int[] halvings = {texts.textHalvings(), texts.placeHalvings()};
    assertThat(Arrays.stream(halvings).boxed()).allMatch(h -> h > 5 && h < 10);
  }
}
