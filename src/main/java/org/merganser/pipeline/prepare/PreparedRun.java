package org.merganser.pipeline.prepare;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.output.Commit;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.deadletter.WaitingFile;
import org.merganser.pipeline.output.finished.InputFileVersions;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.select.ListedInputs;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerConfig;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.train.TokenizerPublication;
import org.merganser.tokenizer.Tokenizer;

/**
 * A run that is ready to begin.
 *
 * @param paths the output folder as the user wrote it, for messages and for files that this process
 *     writes
 * @param spec what workers receive
 * @param units the units to encode, or whose tokens to count, in order; empty if no corpus is
 *     encoded
 * @param trainingUnits the units to count; empty unless a tokenizer is learned from text
 * @param loaded the tokenizer that the job names, to be published before the run; null if it is
 *     learned, or that of the runs whose shards are read
 * @param fingerprint of job and input: a finished run with the same fingerprint has the same output
 * @param versions the sizes, times and sums of the input files
 * @param skipped what is not read of the inputs, and warnings about them
 * @param waiting new files that lost more than the job allows, and wait for the next run of {@code
 *     corpus.append}: paths with reasons
 * @param sources the versions of the outputs whose shards are read; empty for a run that reads text
 * @param before the sha256 of the manifest in place when the run was prepared; null for none
 * @param replacesVersions whether the versions of the output are deleted, since their files changed
 *     and the user typed --replace
 */
public record PreparedRun(
    OutputPaths paths,
    RunSpec spec,
    List<WorkUnit> units,
    List<WorkUnit> trainingUnits,
    @Nullable LoadedTokenizer loaded,
    String fingerprint,
    InputFileVersions versions,
    SkippedInputs skipped,
    SortedMap<String, WaitingFile> waiting,
    List<ReadVersion> sources,
    @Nullable String before,
    boolean replacesVersions) {

  /**
   * A tokenizer.json that the job names.
   *
   * @param json its bytes, in the version that the job asks for
   * @param config what the tokenizer_config.json beside it says
   */
  public record LoadedTokenizer(Tokenizer tokenizer, byte[] json, TokenizerConfig config) {}

  /**
   * A run that reads the shards of others: it has no units, tokenizer to publish or waiting files.
   *
   * @param sources the versions of the outputs whose shards are read
   */
  static PreparedRun fromShards(
      OutputPaths paths,
      RunSpec spec,
      String fingerprint,
      ListedInputs inputs,
      List<ReadVersion> sources)
      throws IOException {
    LoadedTokenizer loaded = null;
    String before = Commit.manifestInPlace(paths.root());
    boolean replacesVersions = false;
    return new PreparedRun(
        paths,
        spec,
        List.of(),
        List.of(),
        loaded,
        fingerprint,
        inputs.versions(),
        inputs.skipped(),
        Collections.emptySortedMap(),
        sources,
        before,
        replacesVersions);
  }

  /**
   * The text that the run reads, in bytes, of which what is both counted and encoded counts twice;
   * the largest long for a run that reads shards.
   */
  public long textBytes() {
    return spec.kind() instanceof RunKind.FromShards
        ? Long.MAX_VALUE
        : textBytes(units) + textBytes(trainingUnits);
  }

  /** The text of some units, in bytes. */
  public static long textBytes(List<WorkUnit> units) {
    return units.stream().mapToLong(WorkUnit::textBytes).sum();
  }

  /**
   * Checks that the outputs from which the run has read shards were not replaced meanwhile.
   *
   * @throws RunException naming the output and both manifests
   */
  public void requireSourcesUnchanged() throws IOException {
    ReadVersion.requireSame(sources);
  }

  /** Like {@link #requireSourcesUnchanged}, after a failure that a changed source may explain. */
  public void requireSourcesUnchangedAfter(Exception failure) throws IOException {
    ReadVersion.requireSameAfter(sources, failure);
  }

  /**
   * Marks the folder as an output, and writes the record of this run.
   *
   * @param command of the run, for its record
   */
  public void mark(String command) throws IOException {
    OutputFolder.mark(paths);
    RunRecord.of(spec, paths, skipped.warnings(), command).publish(spec.paths());
  }

  /**
   * Publishes the plans and a loaded tokenizer.
   *
   * @param allForms whether the tokenizer is also written in the formats of other tools
   */
  public void publish(boolean allForms) throws IOException {
    Map<String, List<WorkUnit>> plans = new LinkedHashMap<>(); // both plans may be the same
    if (spec.kind() instanceof RunKind.OfCorpus run) {
      plans.put(run.plan(), units);
    }
    if (spec.tokenizer() instanceof TokenizerSource.FromText text) {
      plans.put(text.plan(), trainingUnits);
    }
    for (Map.Entry<String, List<WorkUnit>> plan : plans.entrySet()) {
      PlanFile.write(plan.getKey(), plan.getValue());
    }
    if (loaded != null) {
      TokenizerPublication.publish(spec, loaded.tokenizer(), loaded.json(), allForms);
    }
  }
}
