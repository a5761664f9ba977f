package org.merganser.corpus.select;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.read.Reading;
import org.merganser.corpus.read.UnitReader;

final class DuplicateListTest {
  @TempDir Path folder;
  private final List<WorkUnit> units = new ArrayList<>();

  private String hashes(int unit, List<String> lines) throws IOException {
    Path file = folder.resolve("lines-" + unit);
    Files.write(file, lines);
    Path hashes = folder.resolve("hashes-" + unit);
    CorpusSettings settings = Reading.settings(InputFormat.LINES, file);
    units.add(unit(unit, file));
    try (OutputStream out = Files.newOutputStream(hashes)) {
      TextHashes.write(new UnitReader(settings, null), units.get(unit), null, out);
    }
    return hashes.toString();
  }

  private static WorkUnit unit(int number, Path file) throws IOException {
    List<FileRange> ranges =
        CorpusPlanner.list(Reading.settings(InputFormat.LINES, file)).stream()
            .map(f -> new FileRange(f, 0, f.size()))
            .toList();
    return new WorkUnit(number, ranges);
  }

  static DuplicateList search(Path folder, List<WorkUnit> units, List<String> hashes, int groups)
      throws IOException {
    List<String> found = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      Path file = folder.resolve("found-" + groups + "-" + group);
      try (OutputStream out = Files.newOutputStream(file)) {
        DuplicateSearch search =
            new DuplicateSearch(256 / groups * group, 256 / groups * (group + 1), out);
        for (int unit = 0; unit < hashes.size(); unit++) {
          search.add(units.get(unit), hashes.get(unit));
        }
        search.finish();
      }
      found.add(file.toString());
    }
    Path list = folder.resolve("list-" + groups);
    try (OutputStream out = Files.newOutputStream(list)) {
      DuplicateList.write(found, hashes.size(), out);
    }
    return DuplicateList.at(list.toString(), hashes.size());
  }

  @Test
  void findsAllButTheFirstOfEachTextHoweverTheBucketsAreGrouped() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    Set<String> seen = new HashSet<>();
    List<String> hashes = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    for (int unit = 0; unit < 7; unit++) {
      List<String> lines = new ArrayList<>();
      List<Integer> duplicates = new ArrayList<>();
      int count = unit == 3 ? 0 : random.nextInt(6000);
      for (int i = 0; i < count; i++) {
        String line = "text " + random.nextInt(9000);
        if (!seen.add(line)) {
          duplicates.add(i);
        }
        lines.add(line);
      }
      hashes.add(hashes(unit, lines));
      expected.add(duplicates.stream().mapToInt(Integer::intValue).toArray());
    }
    for (int groups : new int[] {1, 8, 256}) {
      DuplicateList list = search(folder, units, hashes, groups);
      for (int unit = 0; unit < 7; unit++) {
        assertThat(list.ordinals(unit)).as("unit %d", unit).isEqualTo(expected.get(unit));
      }
    }
  }

  @Test
  void namesTheTextsOfTheMostDocumentsByTheFirstOfThem() throws IOException {
    Random random = new Random(Seeds.next());
    Map<String, Integer> counts = new TreeMap<>();
    Map<String, String> first = new HashMap<>();
    List<String> hashes = new ArrayList<>();
    for (int unit = 0; unit < 4; unit++) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        String line =
            "text " + (int) (500 * Math.pow(random.nextDouble(), 4)) + " " + "ä".repeat(600);
        counts.merge(line, 1, Integer::sum);
        first.putIfAbsent(line, "lines-" + unit + "#" + (i == 0 ? 0 : bytes(lines)));
        lines.add(line);
      }
      hashes.add(hashes(unit, lines));
    }
    List<Integer> most =
        counts.values().stream().sorted(Comparator.reverseOrder()).limit(3).toList();
    for (int groups : new int[] {1, 256}) {
      search(folder, units, hashes, groups);
      List<String> found = new ArrayList<>();
      for (int group = 0; group < groups; group++) {
        found.add(folder.resolve("found-" + groups + "-" + group).toString());
      }
      FrequentTexts texts = FrequentTexts.read(found);
      for (int unit = 0; unit < units.size(); unit++) {
        texts.add(units.get(unit), hashes.get(unit));
      }
      List<FrequentTexts.Named> named =
          texts.named(
              new UnitReader(Reading.settings(InputFormat.LINES, folder.resolve("lines-0")), null));
      assertThat(named).extracting(text -> (int) text.documents()).isEqualTo(most);
      for (FrequentTexts.Named text : named) {
        String complete =
            counts.keySet().stream()
                .filter(c -> c.startsWith(text.text()))
                .findFirst()
                .orElseThrow();
        assertThat(counts.get(complete)).isEqualTo((int) text.documents());
        assertThat(text.file() + "#" + text.offset()).isEqualTo(first.get(complete));
        assertThat(text.text()).endsWith("ä").hasSizeLessThan(1024);
      }
    }
  }

  private static long bytes(List<String> lines) {
    return lines.stream().mapToLong(line -> line.getBytes(UTF_8).length + 1L).sum();
  }

  @Test
  void namesNoTextsWithoutDuplicates() throws IOException {
    List<String> hashes = List.of(hashes(0, List.of("a", "b", "c")));
    search(folder, units, hashes, 1);
    FrequentTexts texts = FrequentTexts.read(List.of(folder.resolve("found-1-0").toString()));
    texts.add(units.get(0), hashes.get(0));
    assertThat(
            texts.named(
                new UnitReader(
                    Reading.settings(InputFormat.LINES, folder.resolve("lines-0")), null)))
        .isEmpty();
  }

  @Test
  void refusesABlockWhoseBucketsDoNotEndWithItsEntries() throws IOException {
    Path file = Path.of(hashes(0, List.of("a", "b", "c")));
    byte[] bytes = Files.readAllBytes(file);
    bytes[3]++; // the number of entries
    Files.write(file, bytes);
    assertThatThrownBy(() -> search(folder, units, List.of(file.toString()), 1))
        .hasMessage(file + ": no block of hashes at byte 0");
  }

  @Test
  void noListLeavesNothingOut() throws IOException {
    assertThat(DuplicateList.NONE.ordinals(12)).isEmpty();
  }
}
