package org.merganser.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cost of one size of a corpus.
 *
 * @param growing whether it is the synthetic corpus, whose distinct pretokens grow with it as those
 *     of real text do; else a part of a real one, or copies of it with other letters
 * @param bytes of the text
 * @param distinct pretokens of the text
 * @param tokens of the text, without those that end documents; 0 if it was only trained on
 * @param core the cost of the core's steps; null for a size that is only run as a whole
 * @param run the cost of the whole run
 * @param minPretokenCount that fitted the heap; 1 if all pretokens did
 */
record GrowthRow(
    boolean growing,
    long bytes,
    long distinct,
    long tokens,
    @Nullable Core core,
    Run run,
    long minPretokenCount) {

  /** Whether the run only trained, and wrote no shards. */
  @JsonIgnore
  boolean trainedAlone() {
    return tokens == 0;
  }

  /** CPU seconds of the steps of the core, from text in memory, on one thread. */
  record Core(double count, double learn, double encode) {}

  /**
   * The whole run, in a process of its own.
   *
   * @param residentBytes the maximum of the process
   * @param diskBytes the maximum of the output folder; null if it was not measured
   * @param stageSeconds that threads were busy with each stage, added up over threads, in the order
   *     of stages; empty if they were not measured
   */
  record Run(
      double wallSeconds,
      double cpuSeconds,
      long residentBytes,
      @Nullable Long diskBytes,
      Map<String, Double> stageSeconds) {}
}
