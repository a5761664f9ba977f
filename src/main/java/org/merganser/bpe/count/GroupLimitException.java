package org.merganser.bpe.count;

/** There are more than {@link GroupedCounts#MAX_GROUPS} groups, or a group's name is too long. */
public final class GroupLimitException extends RuntimeException {
  private static final long serialVersionUID = 1;

  GroupLimitException(String message) {
    super(message);
  }
}
