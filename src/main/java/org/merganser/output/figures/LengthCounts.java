package org.merganser.output.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the lengths of documents, of a unit or of all units. For a unit, call {@link
 * #add(MeasuredDocument)} for each document or part, then {@link #ofUnit}. For all, call {@link
 * #add(int, UnitLengths)} for each unit, then {@link #byGroup} and {@link #longest}. A document
 * with parts in several units is joined before it is counted. The result does not depend on the
 * order of the units.
 */
public final class LengthCounts {
  /** The maximum number of {@link #longest} documents. */
  private static final int MOST_LONGEST = 10;

  /** The buckets of each group, by their {@link LengthBucket#to}. */
  private final BoundedGroups<SortedMap<Long, LengthBucket>> groups =
      new BoundedGroups<>(TreeMap::new, LengthCounts::plus);

  /** The buckets of documents without a group. */
  private final SortedMap<Long, LengthBucket> withoutGroup = new TreeMap<>();

  /** The longest documents; the shortest of them is first. */
  private final PriorityQueue<MeasuredDocument> longest =
      new PriorityQueue<>(MeasuredDocument.ORDER.reversed());

  /** The document that was added last and may have further parts; null for none. */
  private @Nullable MeasuredDocument last;

  /** The {@link UnitLengths#open} documents of the unit whose documents are added. */
  private final List<MeasuredDocument> openOfUnit = new ArrayList<>();

  /** The {@link UnitLengths#open} documents of the units that were added, by unit. */
  private final SortedMap<Integer, List<MeasuredDocument>> open = new TreeMap<>();

  /** Whether no document has ended, so that the next one may have begun in the unit before. */
  private boolean isFirst = true;

  /** Adds the next document of a unit, or the next part of one. */
  public void add(MeasuredDocument next) {
    MeasuredDocument before = last;
    if (before != null && next.continues(before)) {
      last = before.plusPart(next);
      return;
    }
    endLast();
    last = next;
  }

  /** Counts the last document, unless a part of it may be in the unit before. */
  private void endLast() {
    MeasuredDocument ended = last;
    if (ended == null) {
      return;
    }
    if (isFirst && ended.part() > 0) {
      openOfUnit.add(ended);
    } else {
      count(ended);
    }
    isFirst = false;
    last = null;
  }

  /**
   * The lengths of the unit; call once, after its last document, which may continue in the next.
   */
  public UnitLengths ofUnit() {
    if (last != null) {
      openOfUnit.add(last);
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
    return new UnitLengths(rows, longest(), openOfUnit);
  }

  /**
   * Adds the lengths of a unit.
   *
   * @param unit the number of the unit, by which parts of a document are joined
   */
  public void add(int unit, UnitLengths lengths) {
    for (UnitLengths.Group group : lengths.groups()) {
      SortedMap<Long, LengthBucket> to = bucketsOf(group.group());
      group.buckets().forEach(bucket -> add(to, bucket));
    }
    lengths.longest().forEach(this::addLongest);
    if (!lengths.open().isEmpty()) {
      open.put(unit, lengths.open());
    }
  }

  /**
   * The documents of all units by group, those without one as {@link GroupCounts#NONE}; call once,
   * after the last unit and before {@link #longest}.
   */
  public SortedMap<String, SortedMap<Long, LengthBucket>> byGroup() {
    isFirst = false;
    open.values().forEach(documents -> documents.forEach(this::add));
    endLast();
    SortedMap<String, SortedMap<Long, LengthBucket>> all = groups.toMap();
    if (!withoutGroup.isEmpty()) {
      all.merge(GroupCounts.NONE, withoutGroup, LengthCounts::plus);
    }
    return all;
  }

  /** The longest documents, the longest first. */
  public List<MeasuredDocument> longest() {
    return longest.stream().sorted(MeasuredDocument.ORDER).toList();
  }

  /** Adds the buckets in {@code more} to {@code to}, which is returned. */
  public static SortedMap<Long, LengthBucket> plus(
      SortedMap<Long, LengthBucket> to, SortedMap<Long, LengthBucket> more) {
    more.values().forEach(bucket -> add(to, bucket));
    return to;
  }

  private static void add(SortedMap<Long, LengthBucket> to, LengthBucket bucket) {
    to.merge(bucket.to(), bucket, LengthBucket::plus);
  }

  /** The buckets to which documents of a group are added. */
  private SortedMap<Long, LengthBucket> bucketsOf(@Nullable String group) {
    return group == null ? withoutGroup : groups.sumsOf(group);
  }

  /** Counts a complete document. */
  private void count(MeasuredDocument document) {
    add(bucketsOf(document.group()), LengthBucket.of(document.tokens()));
    addLongest(document);
  }

  /** Keeps a document if it is one of the longest. */
  private void addLongest(MeasuredDocument document) {
    longest.add(document);
    if (longest.size() > MOST_LONGEST) {
      longest.poll();
    }
  }
}
