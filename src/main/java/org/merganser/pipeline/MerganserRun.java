package org.merganser.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.json.Json;
import org.merganser.output.Commit;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.engine.RunnerDefaults;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.finish.RunCommit;
import org.merganser.pipeline.finish.RunSummary;
import org.merganser.pipeline.finish.RunSummaryMaker;
import org.merganser.pipeline.finish.UpToDateOutput;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.pipeline.output.deadletter.AcceptedFiles;
import org.merganser.pipeline.output.deadletter.WaitingFile;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.output.version.RunLock;
import org.merganser.pipeline.prepare.Explanation;
import org.merganser.pipeline.prepare.PlannedWork;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.ReplacedResult;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.prepare.SpaceEstimate;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.RunTimes;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.progress.WorkerWatch;
import org.merganser.pipeline.request.RequestStatus;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.worker.NativeCodecs;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.store.FileStore;
import org.merganser.store.OpenDrafts;
import org.merganser.store.Scratch;

/**
 * A run of a job on the runner in Beam's flags.
 *
 * <p>The order of the calls: {@link #completeCut} ends the commit of an earlier run; {@link
 * #prepare} checks the job and plans the run. If the output is {@link #upToDate}, {@link
 * #rememberVersions} and {@link #summary} follow. If not, {@link #requireNothingReplaced} and
 * {@link #execute} follow.
 */
public final class MerganserRun {
  /**
   * How a run is started, besides its job and the runner's flags. These options do not change what
   * is written into an output folder that is kept.
   *
   * @param command the command line as typed, shown to users who ask how to continue the run
   * @param ignoreSpace whether the run begins although its output may not fit
   * @param warnings receives, once each, what the user should know although the run continues
   * @param temporary whether the output folder is deleted as soon as its counts are read; then the
   *     tokenizer is written as tokenizer.json only
   */
  public record Options(
      String command, boolean ignoreSpace, Consumer<String> warnings, boolean temporary) {}

  private final Job job;
  private final List<String> beamFlags;
  private final PreparationOptions preparation;
  private final RunProgress progress;

  /** The sha256 of each waiting file that the user accepts, by path. */
  private final SortedMap<String, String> accepted;

  /** Replaced if the run continues without files that have to wait. */
  private PreparedRun prepared;

  private MerganserRun(
      Job job,
      List<String> beamFlags,
      PreparationOptions preparation,
      PreparedRun prepared,
      RunProgress progress,
      SortedMap<String, String> accepted) {
    this.job = job;
    this.beamFlags = beamFlags;
    this.preparation = preparation;
    this.prepared = prepared;
    this.progress = progress;
    this.accepted = accepted;
  }

  /**
   * Lists the corpus, plans its units and checks all that can be checked before any text is read;
   * writes nothing.
   *
   * @param beamFlags flags for Beam and its runner, such as {@code --runner=FlinkRunner}
   * @param accept the names of waiting files whose dead letters are accepted
   * @throws RunException if the run cannot begin
   * @throws org.merganser.job.JobException for unknown flags of Beam, or an unsupported pattern or
   *     family
   */
  public static MerganserRun prepare(
      Job job, List<String> beamFlags, PreparationOptions options, List<String> accept)
      throws IOException {
    NativeCodecs.check();
    RunnerFlags.use(beamFlags);
    PreparedRun prepared = RunPreparation.prepare(job, options);
    RunProgress progress = RunProgress.ofDriver(prepared.spec().paths());
    PlannedWork.plan(prepared, progress);
    SortedMap<String, String> accepted = NamedWaitingFiles.sha256s(accept, prepared.paths());
    return new MerganserRun(job, beamFlags, options, prepared, progress, accepted);
  }

  /** Prepares a run that accepts no waiting file. */
  public static MerganserRun prepare(Job job, List<String> beamFlags, PreparationOptions options)
      throws IOException {
    return prepare(job, beamFlags, options, List.of());
  }

  /**
   * Completes the publication of an earlier run in the output of a job, if it was cut. A command
   * that writes there does this before it prepares its run.
   *
   * @param command as {@link Options#command}
   * @param replace whether a journal that does not fit the folder is dropped
   * @param notes receives a sentence about each thing that was done
   */
  public static void completeCut(
      Job job, List<String> beamFlags, String command, boolean replace, Consumer<String> notes)
      throws IOException {
    RunnerFlags.use(beamFlags);
    RunCommit.completeCut(OutputPaths.of(job.at(job.output())), command, replace, notes);
  }

  /** Whether the publication of a version has begun in the output of a job, and not ended. */
  public static boolean isPublishing(Job job) {
    try {
      return Commit.state(job.at(job.output())) != Commit.State.NONE;
    } catch (IOException unreadable) {
      return false; // the next command that writes there says so
    }
  }

  /** The request of a job, and whether its output folder has the result. */
  public static RequestStatus request(Job job, List<String> beamFlags) throws IOException {
    RunnerFlags.use(beamFlags);
    PreparedRun prepared = RunPreparation.prepare(job);
    OutputPaths paths = prepared.paths();
    Manifest held = UpToDateOutput.isWhole(paths) ? FinishedOutput.at(paths).manifest() : null;
    return RequestStatus.of(
        prepared.spec(), paths, held, prepared.units(), prepared.trainingUnits());
  }

  /**
   * The manifest of a finished output.
   *
   * @throws RunException if there is no finished run
   */
  public static Manifest manifest(String output) throws IOException {
    return FinishedOutput.at(OutputPaths.of(output)).manifest();
  }

  /** The text of {@code --explain}. */
  public String explanation() throws IOException {
    ReplacedResult replaced = ReplacedResult.of(prepared);
    return Explanation.of(
        prepared,
        figures().keySet(),
        replaced.changes(),
        SpaceEstimate.of(prepared, replaced.keepsShards()));
  }

  /** Whether the output folder already has the result of this run. */
  public boolean upToDate() throws IOException {
    return UpToDateOutput.isOf(prepared);
  }

  /**
   * Refuses the run if its output folder has the result of another job, and a changed key would
   * replace or delete a published file of it, unless the user wants that; layouts that a version of
   * {@code corpus.append} lists are kept nevertheless.
   *
   * @throws JobException naming the keys, what they decide, and both ways to continue
   */
  public void requireNothingReplaced() throws IOException {
    String refusal = ReplacedResult.of(prepared).refusal(preparation.replace());
    if (refusal != null) {
      throw new JobException("output", List.of(refusal));
    }
  }

  /**
   * For an output that is up to date: saves the versions of the input files, and deletes what a run
   * of another job that never finished has staged.
   */
  public void rememberVersions(Options options) throws IOException {
    OutputPaths paths = prepared.paths();
    prepared.versions().publish(paths);
    prepared.skipped().publish(paths.at(OutputPaths.SKIPPED));
    if (!StagedFiles.runs(paths).isEmpty()) {
      RunLock lock = RunLock.acquire(paths, options.command(), options.warnings());
      try (lock) {
        StagedFiles.discard(paths);
      }
    }
  }

  /** The figures of the finished run in the output folder. */
  public RunSummary summary() throws IOException {
    return RunSummaryMaker.of(prepared);
  }

  /** The figures of each stage of this run, in the order in which the stages begin. */
  public Map<Stage, StageFigures> figures() {
    return progress.figures();
  }

  /**
   * Runs the pipeline to its end, once. An interrupted run continues where it stopped. The
   * published version stays as it is until a short commit at the end.
   *
   * @throws RunException if another run writes there, or, before anything new is written, if the
   *     output does not fit
   */
  public RunSummary execute(Options options) throws IOException {
    RunLock lock = RunLock.acquire(prepared.paths(), options.command(), options.warnings());
    try (lock) {
      return executeLocked(options);
    }
  }

  /** Runs the pipeline in a folder that this run has locked. */
  private RunSummary executeLocked(Options options) throws IOException {
    progress.begin();
    Instant began = Instant.now();
    long start = System.nanoTime();
    try {
      beginInFolder(options);
      publishPlan(options);
      runStages(options);
      while (prepareWithoutWaitingFiles()) {
        prepared.mark(options.command());
        publishPlan(options);
        runStages(options);
      }
      prepared.requireSourcesUnchanged();
      RunTimes times = RunTimes.of(began, (System.nanoTime() - start) / 1e9, figures());
      new RunCommit(prepared).publish(times, progress.meter(Stage.ENCODE).figures());
      return summary();
    } catch (IOException | RuntimeException e) {
      prepared.requireSourcesUnchangedAfter(e); // a shard of the earlier version may be missing now
      throw e;
    } finally {
      progress.close();
      OpenDrafts.abandon(prepared.paths().root()); // none is open unless the run has failed
    }
  }

  /**
   * Prepares the run without the new files that its encoding postponed; false if there are none.
   */
  private boolean prepareWithoutWaitingFiles() throws IOException {
    JsonNode found = OutputJson.fields(prepared.paths(), OutputPaths.WAITING);
    if (found.isMissingNode()) {
      return false;
    }
    SortedMap<String, WaitingFile> waiting = new TreeMap<>(prepared.waiting());
    for (Map.Entry<String, JsonNode> file : found.properties()) {
      waiting.put(file.getKey(), Json.MAPPER.treeToValue(file.getValue(), WaitingFile.class));
    }
    prepared =
        RunPreparation.prepareAgain(job, preparation, waiting, prepared.spec().paths().stage());
    return true;
  }

  /**
   * Begins to write into the folder: deletes half-written files of earlier runs, checks that the
   * output fits, records this run, and withdraws a version that the run may replace in place.
   */
  private void beginInFolder(Options options) throws IOException {
    prepared.skipped().warnings().forEach(options.warnings());
    OutputPaths paths = prepared.paths();
    new OutputCleaning(paths).deleteDrafts();
    Scratch.sweep();
    if (!options.ignoreSpace()) {
      SpaceEstimate.of(prepared, ReplacedResult.of(prepared).keepsShards()).requireRoom();
    }
    RunCommit commit = new RunCommit(prepared);
    commit.begin(options.warnings());
    AcceptedFiles.note(paths, accepted);
    prepared.mark(options.command());
    commit.withdraw();
  }

  /** Publishes what the steps read: the plans and a loaded tokenizer. */
  private void publishPlan(Options options) throws IOException {
    OutputPaths paths = prepared.paths();
    FileStore.of(paths.root()).delete(paths.at(OutputPaths.WAITING));
    prepared.versions().publish(paths);
    prepared.skipped().publish(prepared.spec().paths().at(OutputPaths.SKIPPED));
    WorkerWatch.deleteReports(paths);
    prepared.publish(!options.temporary());
    if (prepared.spec().tokenizer() instanceof TokenizerSource.Ready tokenizer
        && prepared.loaded() != null) {
      // Parsed from the published bytes, so the steps in this JVM need not read them.
      WorkerTokenizers.keep(tokenizer.file().sha256(), prepared.loaded().tokenizer());
    }
  }

  /** Runs all stages, on the runner in the flags or, for a small count, in this thread. */
  private void runStages(Options options) throws IOException {
    if (SmallCount.fits(prepared, beamFlags)) {
      SmallCount.run(prepared, progress);
      return;
    }
    int units = Math.max(prepared.units().size(), prepared.trainingUnits().size());
    List<String> flags = RunnerDefaults.forText(beamFlags, prepared.textBytes(), units);
    Pipeline pipeline = Pipeline.create(RunnerFlags.options(flags));
    MerganserPipeline.build(pipeline, prepared.spec());
    WorkerWatch.await(pipeline, beamFlags, progress, options.warnings());
  }
}
