package org.merganser.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one size of a corpus costs.
 *
 * @param growing whether it is the synthetic corpus, whose distinct pretokens grow with it as those
 *     of real text do; else a part of a real one, or copies of it with other letters
 * @param tokens of the text, without those that end documents; 0 if it was only trained on
 * @param core null for a size that is only run as a whole
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

  /** Whether it was learned from alone, and no shards were written. */
  @JsonIgnore
  boolean trainedAlone() {
    return tokens == 0;
  }

  /** CPU seconds of the steps of the core, from text in memory, on one thread. */
  record Core(double count, double learn, double encode) {}

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
