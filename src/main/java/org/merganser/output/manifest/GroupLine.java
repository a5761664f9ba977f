package org.merganser.output.manifest;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import org.merganser.json.Json;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;

/**
 * A line of {@code groups.jsonl}: the sums over the documents of a group.
 *
 * @param group the value of the group field, {@link GroupCounts#NONE} for documents without it, or
 *     {@link BoundedGroups#OTHER}
 * @param documents the number of documents
 * @param textBytes the bytes of their text
 * @param tokens the number of their ids
 */
public record GroupLine(String group, long documents, long textBytes, long tokens) {

  /**
   * The bytes of {@code groups.jsonl}: a line for each group, sorted by name.
   *
   * @param named the counts of the groups by name
   * @param all the counts of all documents; those in no group are in the line {@link
   *     GroupCounts#NONE}
   */
  public static byte[] file(SortedMap<String, GroupCounts> named, GroupCounts all) {
    StringBuilder lines = new StringBuilder();
    GroupCounts.withOthers(named, all)
        .forEach((name, counts) -> lines.append(Json.line(of(name, counts))).append('\n'));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static GroupLine of(String group, GroupCounts counts) {
    return new GroupLine(group, counts.documents(), counts.bytes(), counts.tokens());
  }
}
