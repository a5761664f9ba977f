package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.corpus.Compression;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;

class UnitGroupsTest {
  private static final long TARGET = 1000;

  private static WorkUnit unit(int number, String path, long size, Compression compression) {
    InputFile file =
        InputFiles.of(path, "/corpus/" + path, size, 0, InputFormat.JSONL, compression);
    return new WorkUnit(number, List.of(new FileRange(file, 0, size)));
  }

  private static List<WorkUnit> units(Random random, int count) {
    List<WorkUnit> units = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long size = 1 + random.nextInt(random.nextInt(20) == 0 ? 1500 : 150);
      Compression compression = random.nextInt(9) == 0 ? Compression.ZSTD : Compression.NONE;
      units.add(unit(i, "file-" + random.nextLong(), size, compression));
    }
    return units;
  }

  private static List<List<WorkUnit>> groups(List<WorkUnit> units, long target) {
    List<List<WorkUnit>> groups = new ArrayList<>();
    UnitGroups gathering = new UnitGroups(target, groups::add);
    units.forEach(gathering::add);
    gathering.end();
    return groups;
  }

  private static long bytes(List<WorkUnit> group) {
    return group.stream().mapToLong(WorkUnit::textBytes).sum();
  }

  @Test
  void everyUnitIsInOneGroupInOrderAndNoneIsTooLargeButAlone() {
    long seed = Seeds.next();
    List<List<WorkUnit>> groups = groups(units(new Random(seed), 5000), TARGET);
    int next = 0;
    for (List<WorkUnit> group : groups) {
      assertThat(group).as("seed %s", seed).isNotEmpty();
      assertThat(bytes(group) <= TARGET || group.size() == 1).as("seed %s", seed).isTrue();
      for (WorkUnit unit : group) {
        assertThat(unit.number()).isEqualTo(next++);
        assertThat(group.size() == 1 || unit.textBytes() < TARGET / 2).isTrue();
      }
    }
    assertThat(next).isEqualTo(5000);
  }

  @Test
  void withoutATargetEveryUnitIsAlone() {
    assertThat(groups(units(new Random(1), 50), 0)).hasSize(50);
    assertThat(groups(List.of(), TARGET)).isEmpty();
  }

  @Test
  void groupsAreAboutHalfTheTarget() {
    List<WorkUnit> units = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      units.add(unit(i, "part-" + i, 10, Compression.NONE));
    }
    assertThat(groups(units, TARGET).size()).isBetween(1400, 2400); // of 1000 at the least
  }

  @Test
  void aCompressedUnitCountsThreefold() {
    List<WorkUnit> plain = List.of(unit(0, "a", 499, Compression.NONE));
    List<WorkUnit> packed = List.of(unit(0, "a", 499, Compression.GZIP));
    assertThat(bytes(plain)).isEqualTo(499);
    assertThat(bytes(packed)).isEqualTo(1497);
  }

  @Test
  void aUnitThatComesOrGoesChangesFewGroups() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    long changed = 0;
    for (int round = 0; round < 100; round++) {
      List<WorkUnit> units = units(random, 2000);
      Set<List<FileRange>> before = places(groups(units, TARGET));
      List<WorkUnit> fewer = new ArrayList<>(units);
      fewer.remove(random.nextInt(units.size()));
      for (List<FileRange> group : places(groups(fewer, TARGET))) {
        changed += before.contains(group) ? 0 : 1;
      }
    }
    assertThat(changed / 100.0).as("seed %s", seed).isLessThan(5);
  }

  /** Groups by what they read, whatever the numbers of their units. */
  private static Set<List<FileRange>> places(List<List<WorkUnit>> groups) {
    Set<List<FileRange>> places = new HashSet<>();
    for (List<WorkUnit> group : groups) {
      places.add(group.stream().flatMap(unit -> unit.ranges().stream()).toList());
    }
    return places;
  }
}
