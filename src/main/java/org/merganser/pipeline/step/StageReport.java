package org.merganser.pipeline.step;

/**
 * What some workers did of a stage.
 *
 * @param unitsThere units that were done before
 * @param unitsFound units that were not planned before the run; negative where planned ones turned
 *     out to be none
 * @param steps done pieces of work that are no units: merges, tables read, ranges written
 * @param stepsFound such pieces that were not planned before the run
 * @param inputBytes of the input, as stored, that were read
 * @param shuffledBytes handed on to another stage through the runner
 * @param heapPeakBytes of the worker that needed most
 * @param busyMillis that threads worked on this stage and on no other, added up over threads
 * @param atWork threads that worked on it when the report was made
 * @param begin the first beginning, in milliseconds of the epoch
 * @param end the last sign of work, in milliseconds of the epoch; not before {@code begin}
 */
public record StageReport(
    long units,
    long unitsThere,
    long unitsFound,
    long steps,
    long stepsFound,
    long documents,
    long inputBytes,
    long bytes,
    long tokens,
    long shuffledBytes,
    long heapPeakBytes,
    long busyMillis,
    int atWork,
    long begin,
    long end) {
  /** The report of a stage that has not begun. */
  public static final StageReport NOTHING =
      new StageReport(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);

  /** Both together. */
  public StageReport plus(StageReport other) {
    return new StageReport(
        units + other.units,
        unitsThere + other.unitsThere,
        unitsFound + other.unitsFound,
        steps + other.steps,
        stepsFound + other.stepsFound,
        documents + other.documents,
        inputBytes + other.inputBytes,
        bytes + other.bytes,
        tokens + other.tokens,
        shuffledBytes + other.shuffledBytes,
        Math.max(heapPeakBytes, other.heapPeakBytes),
        busyMillis + other.busyMillis,
        atWork + other.atWork,
        Math.min(begin, other.begin),
        Math.max(end, other.end));
  }
}
