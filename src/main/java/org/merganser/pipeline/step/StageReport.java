package org.merganser.pipeline.step;

/**
 * What some workers did of a stage.
 *
 * @param unitsThere units that were done before
 * @param shuffledBytes handed on to another stage through the runner
 * @param heapPeakBytes of the worker that needed most
 * @param begin the first beginning, in milliseconds of the epoch
 * @param end the last sign of work, in milliseconds of the epoch; not before {@code begin}
 */
public record StageReport(
    long units,
    long unitsThere,
    long documents,
    long bytes,
    long tokens,
    long shuffledBytes,
    long heapPeakBytes,
    long begin,
    long end) {
  /** Of a stage that has not begun. */
  public static final StageReport NOTHING =
      new StageReport(0, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);

  /** Both together. */
  public StageReport plus(StageReport other) {
    return new StageReport(
        units + other.units,
        unitsThere + other.unitsThere,
        documents + other.documents,
        bytes + other.bytes,
        tokens + other.tokens,
        shuffledBytes + other.shuffledBytes,
        Math.max(heapPeakBytes, other.heapPeakBytes),
        Math.min(begin, other.begin),
        Math.max(end, other.end));
  }
}
