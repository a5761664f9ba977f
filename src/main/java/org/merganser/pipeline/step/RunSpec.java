package org.merganser.pipeline.step;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.report.measure.TextSample;
import org.merganser.store.FileStore;

/**
 * A prepared run: all that the job graph carries to workers. Small whatever the corpus: the plans
 * are files.
 *
 * @param plan location of the units to encode; null when nothing is encoded
 * @param trainingPlan location of the units to count; null when the tokenizer is there already
 * @param counting how counting them is spread
 * @param countFingerprint of what pretoken counts depend on, beside each unit's input
 * @param tokenizerFingerprint of what the tokenizer's folder depends on
 * @param tokenizer loaded, or learned before; null when this run learns it
 * @param earlierRun the output folder whose shards are joined; null but for such runs
 * @param tableSha256 of the embedding table; null without a join, or with a table that is learned
 * @param folder that relative locations of the job are below; a worker's own is another
 * @param sample of the documents that is measured for the report
 */
public record RunSpec(
    Job job,
    OutputLayout layout,
    @Nullable String plan,
    @Nullable String trainingPlan,
    CountingPlan counting,
    String countFingerprint,
    String tokenizerFingerprint,
    @Nullable FileRef tokenizer,
    @Nullable OutputLayout earlierRun,
    @Nullable String tableSha256,
    String folder,
    TextSample sample)
    implements Serializable {

  /** The folder that this process was started in. */
  public static String currentFolder() {
    return Path.of("").toAbsolutePath().toString();
  }

  /** Where something is that the job names, whatever folder this process was started in. */
  public String located(String location) {
    return FileStore.isLocal(location) && !location.startsWith("file:")
        ? Path.of(folder).resolve(location).toString()
        : location;
  }

  /** The same run with all its own locations absolute, for workers started elsewhere. */
  public RunSpec absolute() {
    return new RunSpec(
        job,
        located(layout),
        plan == null ? null : located(plan),
        trainingPlan == null ? null : located(trainingPlan),
        counting,
        countFingerprint,
        tokenizerFingerprint,
        tokenizer == null ? null : new FileRef(located(tokenizer.location()), tokenizer.sha256()),
        earlierRun == null ? null : located(earlierRun),
        tableSha256,
        folder,
        sample);
  }

  private OutputLayout located(OutputLayout relative) {
    return new OutputLayout(located(relative.root()), relative.tokenizerAtRoot());
  }

  /** What every worker of the run must see: the marked folder, the plans, the table it joins. */
  public RunFiles files() {
    List<String> others = new ArrayList<>();
    Job.Embeddings embeddings = job.embeddings();
    String table = embeddings == null ? null : embeddings.table();
    for (String location :
        new @Nullable String[] {plan, trainingPlan, table == null ? null : located(table)}) {
      if (location != null) {
        others.add(location);
      }
    }
    return RunFiles.of(layout, others);
  }

  /** Whether statistics are made: of a run that encodes, where the job wants a report. */
  public boolean measures() {
    return job.report().enabled() && plan != null;
  }
}
