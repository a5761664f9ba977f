package org.merganser.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * A line of {@code groups.jsonl}: the sums over the documents of a group.
 *
 * @param group value of the group field, {@link GroupCounts#NONE} for documents without it, or
 *     {@link BoundedGroups#OTHER}
 */
public record GroupLine(String group, long documents, long textBytes, long tokens) {

  /** The lines of all groups by name, with one for the documents of {@code all} that none has. */
  public static List<GroupLine> of(SortedMap<String, GroupCounts> named, GroupCounts all) {
    List<GroupLine> lines = new ArrayList<>();
    GroupCounts.withOthers(named, all)
        .forEach(
            (name, sum) ->
                lines.add(new GroupLine(name, sum.documents(), sum.bytes(), sum.tokens())));
    return lines;
  }
}
