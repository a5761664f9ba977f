package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.job.Job;
import org.merganser.job.JobKind;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.deadletter.WaitingFile;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.select.ListedInputs;

/**
 * Prepares a run: decides and checks everything before the run begins, and writes nothing. A run
 * that reads text is prepared by {@link CorpusPreparation}, one that reads the shards of others by
 * {@link ShardsPreparation}.
 */
public final class RunPreparation {
  private RunPreparation() {}

  /** Prepares a run that begins, without options. */
  public static PreparedRun prepare(Job job) throws IOException {
    return prepare(job, PreparationOptions.NONE);
  }

  /**
   * Prepares a run that begins: checks the job and its output folder, and plans the inputs.
   *
   * @throws org.merganser.job.JobException if the job or its output must be corrected
   * @throws CorpusException for an input that cannot be read
   * @throws RunException if a file that the job names is missing, changed or does not fit the job
   */
  public static PreparedRun prepare(Job job, PreparationOptions options) throws IOException {
    SortedMap<String, WaitingFile> noneWaits = Collections.emptySortedMap();
    String noStage = null;
    return prepare(job, options, noneWaits, noStage);
  }

  /**
   * Prepares a run again that has begun and found files that have to wait. It keeps its stage and
   * reads all other files.
   *
   * @param waiting as {@link PreparedRun#waiting}
   * @param stage the name of the stage that the run has begun
   * @throws RunException as {@link #prepare(Job, PreparationOptions)}, and the other exceptions
   */
  public static PreparedRun prepareAgain(
      Job job, PreparationOptions options, SortedMap<String, WaitingFile> waiting, String stage)
      throws IOException {
    return prepare(job, options, waiting, stage);
  }

  /**
   * Prepares a run.
   *
   * @param waiting as {@link PreparedRun#waiting}
   * @param stage the name of the stage that the run has begun; null for a run that begins
   */
  private static PreparedRun prepare(
      Job job,
      PreparationOptions options,
      SortedMap<String, WaitingFile> waiting,
      @Nullable String stage)
      throws IOException {
    OutputPaths paths = OutputPaths.of(job.at(job.output()), job.kind() == JobKind.TRAIN);
    OutputFolder.requireOutside(job, paths);
    OutputFolder.requireOurs(paths);
    OutputFolder.requireNoRunWithin(paths);
    FinishedOutput.at(paths).requireOwnSchema();
    boolean addsToVersions = job.corpus() != null && job.corpus().append();
    if (!addsToVersions) {
      new OutputVersions(paths).requireNone(); // the run would replace shards that they list
    }
    ListedInputs inputs = new ListedInputs(paths, options.rehash());
    try {
      return job.kind() == JobKind.FROM_SHARDS
          ? new ShardsPreparation(job, paths, inputs).prepare()
          : new CorpusPreparation(job, paths, inputs, options.replace(), waiting, stage).prepare();
    } catch (CorpusException | RunException e) {
      throw MissingSources.explained(e, job, paths);
    }
  }
}
