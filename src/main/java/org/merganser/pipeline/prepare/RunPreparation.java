package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /**
   * Prepares a run that begins, and that keeps the changed files of a growing output.
   *
   * @param rehash as below
   */
  public static PreparedRun prepare(Job job, boolean rehash) throws IOException {
    boolean replace = false;
    return prepare(job, rehash, replace, /* waiting= */ new TreeMap<>(), /* stage= */ null);
  }

  /**
   * Checks the job and its output folder, and plans the inputs.
   *
   * @param rehash whether input files are read to find out which have changed
   * @param replace whether changed files of a growing output are encoded again with all others
   * @param waiting as {@link PreparedRun#waiting}
   * @param stage the name of the stage that the run has begun; null for a run that begins
   * @throws org.merganser.job.JobException if the job or its output must be corrected
   * @throws CorpusException for an input that cannot be read
   * @throws RunException if a file that the job names is missing, changed or does not fit the job
   */
  public static PreparedRun prepare(
      Job job,
      boolean rehash,
      boolean replace,
      SortedMap<String, WaitingFile> waiting,
      @Nullable String stage)
      throws IOException {
    OutputPaths paths = OutputPaths.of(job.at(job.output()), job.kind() == JobKind.TRAIN);
    OutputFolder.requireOutside(job, paths);
    OutputFolder.requireOurs(paths);
    OutputFolder.requireNoRunWithin(paths);
    FinishedOutput.at(paths).requireOwnSchema();
    if (job.corpus() == null || !job.corpus().append()) {
      new OutputVersions(paths).requireNone();
    }
    ListedInputs inputs = new ListedInputs(paths, rehash);
    try {
      return job.kind() == JobKind.FROM_SHARDS
          ? new ShardsPreparation(job, paths, inputs).prepare()
          : new CorpusPreparation(job, paths, inputs, replace, waiting, stage).prepare();
    } catch (CorpusException | RunException e) {
      throw MissingSources.explained(e, job, paths);
    }
  }
}
