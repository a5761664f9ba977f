package org.merganser.output.manifest;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import org.merganser.json.Json;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;

/**
 * A line of {@code groups.jsonl}: the sums over the documents of a group.
 *
 * @param group value of the group field, {@link GroupCounts#NONE} for documents without it, or
 *     {@link BoundedGroups#OTHER}
 */
public record GroupLine(String group, long documents, long textBytes, long tokens) {

  /** The file of all groups by name, with a line for the documents of {@code all} that none has. */
  public static byte[] file(SortedMap<String, GroupCounts> named, GroupCounts all) {
    StringBuilder lines = new StringBuilder();
    GroupCounts.withOthers(named, all)
        .forEach(
            (name, sum) ->
                lines
                    .append(
                        Json.line(new GroupLine(name, sum.documents(), sum.bytes(), sum.tokens())))
                    .append('\n'));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
