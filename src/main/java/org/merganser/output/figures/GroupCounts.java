package org.merganser.output.figures;

import java.util.SortedMap;
import java.util.TreeMap;

/** Documents, bytes of text and ids of a group, such as a language or one side of a split. */
public record GroupCounts(long documents, long bytes, long tokens) {
  public static final String NONE = "(none)";

  public static final GroupCounts ZERO = new GroupCounts(0, 0, 0);

  /** The groups, plus the group {@link #NONE} for documents of {@code all} that none has. */
  public static SortedMap<String, GroupCounts> withOthers(
      SortedMap<String, GroupCounts> named, GroupCounts all) {
    SortedMap<String, GroupCounts> groups = new TreeMap<>(named);
    GroupCounts others = all.minus(named.values().stream().reduce(ZERO, GroupCounts::plus));
    if (!others.equals(ZERO)) {
      groups.merge(NONE, others, GroupCounts::plus);
    }
    return groups;
  }

  public GroupCounts minus(GroupCounts part) {
    return new GroupCounts(documents - part.documents, bytes - part.bytes, tokens - part.tokens);
  }

  public GroupCounts plus(GroupCounts other) {
    return new GroupCounts(
        Math.addExact(documents, other.documents),
        Math.addExact(bytes, other.bytes),
        Math.addExact(tokens, other.tokens));
  }
}
