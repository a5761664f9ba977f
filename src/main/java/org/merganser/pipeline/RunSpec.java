package org.merganser.pipeline;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;

/**
 * A prepared run: all that the job graph carries to workers. Small whatever the corpus: the plans
 * are files.
 *
 * @param plan location of the units to encode; null when nothing is encoded
 * @param trainingPlan location of the units to count; null when the tokenizer is there already
 * @param countFingerprint of what pretoken counts depend on, beside each unit's input
 * @param tokenizerFingerprint of what the tokenizer's folder depends on
 * @param tokenizer loaded, or learned before; null when this run learns it
 * @param earlierRun the output folder whose shards are joined; null but for such runs
 * @param tableSha256 of the embedding table; null without a join
 * @param measuredShare of the documents that are measured for the report, chosen by hash; 1 for all
 */
record RunSpec(
    Job job,
    OutputLayout layout,
    @Nullable String plan,
    @Nullable String trainingPlan,
    String countFingerprint,
    String tokenizerFingerprint,
    @Nullable TokenizerRef tokenizer,
    @Nullable OutputLayout earlierRun,
    @Nullable String tableSha256,
    double measuredShare)
    implements Serializable {

  /** Whether statistics are made: of a run that encodes, where the job wants a report. */
  boolean measures() {
    return job.report().enabled() && plan != null;
  }
}
