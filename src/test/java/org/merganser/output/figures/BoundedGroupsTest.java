package org.merganser.output.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

/** Sums by group keep within their bound, whatever is added in whatever order. */
final class BoundedGroupsTest {
  private static BoundedGroups<Long> groups(int most) {
    return new BoundedGroups<>(() -> 0L, Math::addExact, most);
  }

  @Test
  void keepsAllGroupsUpToTheBoundAndOneMoreIsAmongTheOthers() {
    BoundedGroups<Long> groups = groups(3);
    for (String name : List.of("de", "en", "fr", "de")) {
      groups.add(name, 1L);
    }
    assertThat(groups.toMap()).isEqualTo(Map.of("de", 2L, "en", 1L, "fr", 1L));
    groups.add("th", 5L);
    assertThat(groups.toMap()).hasSize(4).containsKey(BoundedGroups.OTHER);
    assertThat(groups.toMap().values().stream().mapToLong(n -> n).sum()).isEqualTo(9);
  }

  @Test
  void sumsOfKeptGroupsAreExactHoweverThePartsAreAdded() {
    Random random = new Random(Seeds.next());
    for (int round = 0; round < 20; round++) {
      Map<String, Long> exact = new HashMap<>();
      List<BoundedGroups<Long>> parts = new ArrayList<>();
      for (int part = 0; part < 5; part++) {
        parts.add(groups(8));
      }
      for (int i = 0; i < 500; i++) {
        String name = "group " + (int) Math.abs(random.nextGaussian() * 12);
        long more = random.nextInt(100);
        exact.merge(name, more, Long::sum);
        parts.get(random.nextInt(5)).add(name, more);
      }
      SortedMap<String, Long> first = merged(parts);
      Collections.shuffle(parts, random);
      assertThat(merged(parts)).isEqualTo(first);
      assertThat(first).hasSize(Math.min(exact.size(), 9));
      first.forEach(
          (name, sum) -> {
            if (!name.equals(BoundedGroups.OTHER)) {
              assertThat(sum).as(name).isEqualTo(exact.get(name));
            }
          });
      assertThat(first.values().stream().mapToLong(n -> n).sum())
          .isEqualTo(exact.values().stream().mapToLong(n -> n).sum());
    }
  }

  private static SortedMap<String, Long> merged(List<BoundedGroups<Long>> parts) {
    BoundedGroups<Long> all = groups(8);
    parts.forEach(part -> part.toMap().forEach(all::add));
    return all.toMap();
  }

  @Test
  void sumsThatAreArraysAreAddedToInPlace() {
    BoundedGroups<long[]> groups =
        new BoundedGroups<>(
            () -> new long[1],
            (sums, more) -> {
              sums[0] += more[0];
              return sums;
            },
            2);
    for (int i = 0; i < 60; i++) {
      groups.sumsOf("group " + i % 6)[0]++;
    }
    SortedMap<String, long[]> map = groups.toMap();
    assertThat(map).hasSize(3);
    assertThat(map.get(BoundedGroups.OTHER)).containsExactly(40);
  }
}
