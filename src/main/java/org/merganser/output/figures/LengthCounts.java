package org.merganser.output.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the lengths of documents: of a unit, part by part, or of all units from their receipts. A
 * document with parts in several units is joined before it is counted. The result does not depend
 * on the order of the units.
 */
public final class LengthCounts {
  private static final int NAMED = 10;

  private final BoundedGroups<SortedMap<Long, LengthBucket>> groups =
      new BoundedGroups<>(TreeMap::new, LengthCounts::plus);
  private final SortedMap<Long, LengthBucket> withoutGroup = new TreeMap<>();

  /** The longest documents; the shortest of them is first. */
  private final PriorityQueue<LongDocument> longest =
      new PriorityQueue<>(LongDocument.ORDER.reversed());

  private @Nullable LongDocument last;

  private final SortedMap<Integer, List<LongDocument>> open = new TreeMap<>();

  private final List<LongDocument> ofUnit = new ArrayList<>();
  private boolean first = true;

  /** Adds the next document of a unit, or the next part of one. */
  public void add(LongDocument next) {
    LongDocument before = last;
    if (before != null && next.continues(before)) {
      last = before.and(next);
      return;
    }
    close();
    last = next;
  }

  private void close() {
    LongDocument ended = last;
    if (ended != null && first && ended.part() > 0) {
      ofUnit.add(ended);
    } else if (ended != null) {
      count(ended);
    }
    first &= ended == null;
    last = null;
  }

  /**
   * The lengths of the unit; call once, after its last document, which may continue in the next.
   */
  public UnitLengths ofUnit() {
    if (last != null) {
      ofUnit.add(last);
    }
    List<UnitLengths.Group> rows = new ArrayList<>();
    if (!withoutGroup.isEmpty()) {
      rows.add(new UnitLengths.Group(null, List.copyOf(withoutGroup.values())));
    }
    groups
        .toMap()
        .forEach(
            (name, buckets) ->
                rows.add(new UnitLengths.Group(name, List.copyOf(buckets.values()))));
    return new UnitLengths(rows, longest(), ofUnit);
  }

  public void add(int unit, UnitLengths lengths) {
    for (UnitLengths.Group group : lengths.groups()) {
      SortedMap<Long, LengthBucket> to = of(group.group());
      group.buckets().forEach(bucket -> add(to, bucket));
    }
    lengths.longest().forEach(this::name);
    if (!lengths.open().isEmpty()) {
      open.put(unit, lengths.open());
    }
  }

  /**
   * The documents of all units by group, those without one as {@link GroupCounts#NONE}; call once,
   * after the last unit and before {@link #longest}.
   */
  public SortedMap<String, SortedMap<Long, LengthBucket>> byGroup() {
    first = false;
    open.values().forEach(documents -> documents.forEach(this::add));
    close();
    SortedMap<String, SortedMap<Long, LengthBucket>> all = groups.toMap();
    if (!withoutGroup.isEmpty()) {
      all.merge(GroupCounts.NONE, withoutGroup, LengthCounts::plus);
    }
    return all;
  }

  public List<LongDocument> longest() {
    return longest.stream().sorted(LongDocument.ORDER).toList();
  }

  public static SortedMap<Long, LengthBucket> plus(
      SortedMap<Long, LengthBucket> to, SortedMap<Long, LengthBucket> more) {
    more.values().forEach(bucket -> add(to, bucket));
    return to;
  }

  private static void add(SortedMap<Long, LengthBucket> to, LengthBucket bucket) {
    to.merge(bucket.to(), bucket, LengthBucket::plus);
  }

  private SortedMap<Long, LengthBucket> of(@Nullable String group) {
    return group == null ? withoutGroup : groups.of(group);
  }

  private void count(LongDocument document) {
    add(of(document.group()), LengthBucket.of(document.tokens()));
    name(document);
  }

  private void name(LongDocument document) {
    longest.add(document);
    if (longest.size() > NAMED) {
      longest.poll();
    }
  }
}
