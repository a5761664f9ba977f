package org.merganser.output.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The buckets of counted documents by group, and the longest documents. */
final class LengthSums {
  /** The maximum number of {@link #longest} documents. */
  private static final int MOST_LONGEST = 10;

  /** The buckets of each group, by their {@link LengthBucket#to}. */
  private final BoundedGroups<SortedMap<Long, LengthBucket>> groups =
      new BoundedGroups<>(TreeMap::new, LengthBucket::plus);

  /** The buckets of documents without a group. */
  private final SortedMap<Long, LengthBucket> withoutGroup = new TreeMap<>();

  /** The longest documents; the shortest of them is first. */
  private final PriorityQueue<MeasuredDocument> longest =
      new PriorityQueue<>(MeasuredDocument.ORDER.reversed());

  /** Counts a complete document. */
  void add(MeasuredDocument document) {
    LengthBucket.of(document.tokens()).addTo(bucketsOf(document.group()));
    addLongest(document);
  }

  /** Adds the counted documents of a unit, which are all but the open ones. */
  void add(UnitLengths unit) {
    for (UnitLengths.Group group : unit.groups()) {
      SortedMap<Long, LengthBucket> sums = bucketsOf(group.group());
      group.buckets().forEach(bucket -> bucket.addTo(sums));
    }
    unit.longest().forEach(this::addLongest);
  }

  /** The buckets to which documents of a group are added. */
  private SortedMap<Long, LengthBucket> bucketsOf(@Nullable String group) {
    return group == null ? withoutGroup : groups.sumsOf(group);
  }

  /** Keeps a document if it is one of the longest. */
  private void addLongest(MeasuredDocument document) {
    longest.add(document);
    if (longest.size() > MOST_LONGEST) {
      longest.poll();
    }
  }

  /** The longest documents, the longest first. */
  List<MeasuredDocument> longest() {
    return longest.stream().sorted(MeasuredDocument.ORDER).toList();
  }

  /** The documents by group, those without a group first. */
  List<UnitLengths.Group> toRows() {
    List<UnitLengths.Group> rows = new ArrayList<>();
    if (!withoutGroup.isEmpty()) {
      rows.add(new UnitLengths.Group(null, List.copyOf(withoutGroup.values())));
    }
    groups
        .toMap()
        .forEach(
            (name, buckets) ->
                rows.add(new UnitLengths.Group(name, List.copyOf(buckets.values()))));
    return rows;
  }

  /**
   * The documents by group; those without one are in the group {@link GroupCounts#NONE}, beside
   * those of a group of this name.
   */
  SortedMap<String, SortedMap<Long, LengthBucket>> toMap() {
    SortedMap<String, SortedMap<Long, LengthBucket>> all = groups.toMap();
    if (!withoutGroup.isEmpty()) {
      SortedMap<Long, LengthBucket> named = all.getOrDefault(GroupCounts.NONE, new TreeMap<>());
      all.put(GroupCounts.NONE, LengthBucket.plus(new TreeMap<>(named), withoutGroup));
    }
    return all;
  }
}
