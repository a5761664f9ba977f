package org.merganser.bpe;

/**
 * Counts of distinct pretokens: open addressing over raw bytes stored back to back. For one thread.
 */
public final class PretokenCounts {

  /** Called for each entry of {@link #forEachSorted}. */
  @FunctionalInterface
  public interface Visitor {
    /** {@code bytes[from, to)} occurred {@code count} times; the array is only lent. */
    void visit(byte[] bytes, int from, int to, long count);
  }

  public PretokenCounts() {}

  /** Counts adjacent pretokens once each; the arguments are those of {@code text.PretokenSink}. */
  public void addAll(byte[] text, int start, int[] ends, int count) {
    throw new UnsupportedOperationException("interface only");
  }

  /**
   * Adds {@code count} to the count of {@code bytes[from, to)}.
   *
   * @throws ArithmeticException when the sum exceeds a long
   */
  public void add(byte[] bytes, int from, int to, long count) {
    throw new UnsupportedOperationException("interface only");
  }

  public int distinct() {
    throw new UnsupportedOperationException("interface only");
  }

  /** The sum of all counts. */
  public long total() {
    throw new UnsupportedOperationException("interface only");
  }

  /** Visits every entry, in unsigned order of the bytes. */
  public void forEachSorted(Visitor visitor) {
    throw new UnsupportedOperationException("interface only");
  }

  /**
   * The table as {@code partitions} packed blocks ({@link PackedCounts}); a pretoken's partition
   * depends on its bytes alone. An empty partition is an empty block.
   */
  public byte[][] pack(int partitions) {
    throw new UnsupportedOperationException("interface only");
  }
}
