package org.merganser.bpe.count;

/** There are more groups than counts are told apart by, or one has too long a name. */
public final class GroupLimitException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public GroupLimitException(String message) {
    super(message);
  }
}
