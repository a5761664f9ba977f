package org.merganser.corpus.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
        assertThat(list.of(unit)).as("unit %d", unit).isEqualTo(expected.get(unit));
      }
    }
  }

  @Test
  void noListLeavesNothingOut() throws IOException {
    assertThat(DuplicateList.NONE.of(12)).isEmpty();
  }
}
