package org.merganser.parquet;

/**
 * A shard, receipt or manifest cannot be used; the message has the problem, its place, the value
 * and the next step.
 */
public final class ShardException extends RuntimeException {
  public ShardException(String message) {
    super(message);
  }

  public ShardException(String message, Throwable cause) {
    super(message, cause);
  }
}
