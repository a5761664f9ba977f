package org.merganser.dataset;

/** Documents, bytes of text and ids of a group, such as a language or one side of a split. */
public record GroupCounts(long documents, long bytes, long tokens) {
  /** What documents without the field are called where groups are shown. */
  public static final String NONE = "(none)";

  public static final GroupCounts ZERO = new GroupCounts(0, 0, 0);

  /** What is left without a part of these documents. */
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
