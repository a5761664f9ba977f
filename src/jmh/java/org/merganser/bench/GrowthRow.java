package org.merganser.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one size of a corpus costs.
 *
 * @param growing whether it is the synthetic corpus, whose distinct pretokens grow with it; else
 *     one that is repeated
 * @param tokens of the text, without those that end documents; 0 where nothing was encoded
 * @param minPretokenCount that a training alone took, which is all that the run was; 0 for a whole
 *     run
 * @param core null for a size that is only run as a whole
 */
record GrowthRow(
    boolean growing,
    long bytes,
    long distinct,
    long tokens,
    @Nullable Core core,
    Run run,
    long minPretokenCount) {

  /** Whether it was learned from alone, and no shards were written. */
  @JsonIgnore
  boolean trainedAlone() {
    return minPretokenCount > 0;
  }

  /** The steps of the core, from text in memory, on one thread. */
  record Core(Step count, Step learn, Step encode) {}

  /**
   * What a step costs.
   *
   * @param memoryBytes of the heap that are used after it, what is garbage by then included
   */
  record Step(double cpuSeconds, long memoryBytes) {}

  /**
   * The whole run, in a process of its own.
   *
   * @param residentBytes of the process, at most
   * @param diskBytes of the output folder, at most; null where that was not measured
   * @param stageSeconds that threads were busy with each stage, added up over threads, in the order
   *     of stages; empty where that was not measured
   */
  record Run(
      double wallSeconds,
      double cpuSeconds,
      long residentBytes,
      @Nullable Long diskBytes,
      Map<String, Double> stageSeconds) {}
}
