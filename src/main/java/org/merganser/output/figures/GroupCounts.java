package org.merganser.output.figures;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The counts of a group, such as a language or one side of a split.
 *
 * @param documents the documents; one that was cut into parts counts once
 * @param bytes the bytes of their text
 * @param tokens the number of their ids
 */
public record GroupCounts(long documents, long bytes, long tokens) {
  /** The name of the group of documents without a group. */
  public static final String NONE = "(none)";

  /** The counts of no documents. */
  public static final GroupCounts ZERO = new GroupCounts(0, 0, 0);

  /**
   * The groups, and the group {@link #NONE} for documents that are in no group, if there are any.
   *
   * @param named the counts of the groups by name
   * @param all the counts of all documents
   */
  public static SortedMap<String, GroupCounts> withOthers(
      SortedMap<String, GroupCounts> named, GroupCounts all) {
    SortedMap<String, GroupCounts> groups = new TreeMap<>(named);
    GroupCounts others = all.minus(named.values().stream().reduce(ZERO, GroupCounts::plus));
    if (!others.equals(ZERO)) {
      groups.merge(NONE, others, GroupCounts::plus);
    }
    return groups;
  }

  /** The counts without those of a part of the documents. */
  public GroupCounts minus(GroupCounts part) {
    return new GroupCounts(
        Math.subtractExact(documents, part.documents),
        Math.subtractExact(bytes, part.bytes),
        Math.subtractExact(tokens, part.tokens));
  }

  /** The counts of both. */
  public GroupCounts plus(GroupCounts other) {
    return new GroupCounts(
        Math.addExact(documents, other.documents),
        Math.addExact(bytes, other.bytes),
        Math.addExact(tokens, other.tokens));
  }
}
