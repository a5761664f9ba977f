package org.merganser.dataset;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/** Documents, bytes of text and ids of a group, such as a language or one side of a split. */
@JsonPropertyOrder({"documents", "bytes", "tokens"})
public record GroupCounts(long documents, long bytes, long tokens) {
  public static final GroupCounts ZERO = new GroupCounts(0, 0, 0);

  public GroupCounts plus(GroupCounts other) {
    return new GroupCounts(
        Math.addExact(documents, other.documents),
        Math.addExact(bytes, other.bytes),
        Math.addExact(tokens, other.tokens));
  }
}
