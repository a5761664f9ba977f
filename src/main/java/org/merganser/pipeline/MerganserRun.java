package org.merganser.pipeline;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.Manifest;
import org.merganser.job.Job;
import org.merganser.pipeline.encode.SmallCount;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.NoSpaceException;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.OutputLockedException;
import org.merganser.pipeline.output.OutputStates;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunLock;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.RunState;
import org.merganser.pipeline.step.RunTimes;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageAccount;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.step.WorkerWatch;
import org.merganser.pipeline.worker.NativeCodecs;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;

/** A run of a job: prepared and checked first, then executed on whatever runner Beam is told. */
public final class MerganserRun {
  /**
   * How a run is started, beside its job and the runner's flags: nothing of it changes what is
   * written into a folder that stays.
   *
   * @param command as it was typed, to be told to whoever asks how to go on
   * @param ignoreSpace whether to begin though the output may not fit
   * @param warnings hears, once each, what the user should know though the run goes on
   * @param temporary whether the output folder is deleted as soon as its figures are read, so that
   *     it needs the tokenizer in no other form than tokenizer.json
   */
  public record Options(
      String command, boolean ignoreSpace, Consumer<String> warnings, boolean temporary) {
    /** Of a run whose output stays. */
    public Options(String command, boolean ignoreSpace, Consumer<String> warnings) {
      this(command, ignoreSpace, warnings, false);
    }
  }

  private final PreparedRun prepared;
  private final List<String> beamFlags;
  private final RunState state;

  private MerganserRun(PreparedRun prepared, List<String> beamFlags) throws IOException {
    this.prepared = prepared;
    this.beamFlags = beamFlags;
    this.state = RunState.ofDriver(prepared.spec().layout());
    PlannedWork.plan(prepared, state);
  }

  /**
   * Lists the corpus, plans its units and checks all that can be checked before any text is read;
   * writes nothing.
   *
   * @param beamFlags flags for Beam and its runner, such as {@code --runner=FlinkRunner}
   * @throws RunException when the run cannot begin
   * @throws org.merganser.job.JobException for flags that Beam doesn't know, or a pattern or family
   *     that isn't supported
   */
  public static MerganserRun prepare(Job job, List<String> beamFlags) throws IOException {
    return prepare(job, beamFlags, false);
  }

  /**
   * As {@link #prepare(Job, List)}.
   *
   * @param rehash whether every input file is read, here, to find out which have changed since the
   *     last run that finished; else size and modification time tell
   */
  public static MerganserRun prepare(Job job, List<String> beamFlags, boolean rehash)
      throws IOException {
    NativeCodecs.check();
    RunnerFlags.use(beamFlags);
    PreparedRun prepared = RunPreparation.prepare(job, rehash);
    return new MerganserRun(prepared, beamFlags);
  }

  /** The resolved job and its plan, for a person. */
  public String explanation() throws IOException {
    return Explanation.of(prepared, accounts().keySet(), SpaceEstimate.of(prepared));
  }

  /** Whether the output is already the result of this job and input. */
  public boolean upToDate() throws IOException {
    return FinishedRun.matches(prepared);
  }

  /**
   * What this run would replace: the result of another job that lies in its output, in words; null
   * where there is none, or where the jobs differ in no more than inputs, formats, embeddings, the
   * report and limits of dead letters.
   */
  public @Nullable String replaced() throws IOException {
    return ReplacedRun.of(prepared);
  }

  /** Notes what was found out about input files; for an output that is up to date. */
  public void rememberVersions() throws IOException {
    prepared.versions().publish(prepared.layout());
  }

  /** What the last run that finished here made. */
  public RunSummary summary() throws IOException {
    return FinishedRun.summary(prepared.layout(), prepared.spec().job());
  }

  /**
   * The manifest of a finished run.
   *
   * @throws RunException when there is none
   */
  public static Manifest manifest(String output) throws IOException {
    return FinishedOutput.manifest(OutputLayout.of(output, false));
  }

  /** What was done of each stage that this run has, in the order in which they begin. */
  public Map<Stage, StageAccount> accounts() {
    return state.accounts();
  }

  /** The last stage that has begun; null before the first. */
  public @Nullable Stage lastStage() {
    Stage last = null;
    for (Map.Entry<Stage, StageAccount> stage : accounts().entrySet()) {
      if (stage.getValue().started()) {
        last = stage.getKey();
      }
    }
    return last;
  }

  /**
   * Runs the pipeline to its end, once; a run that was cut short goes on where it stopped. Until
   * the end there is no manifest: what an earlier job left in the folder is no dataset any more.
   *
   * @throws OutputLockedException when another run writes there
   * @throws NoSpaceException when the output can't fit, before anything is changed
   */
  public RunSummary execute(Options options) throws IOException {
    OutputLayout layout = prepared.layout();
    RunLock lock = RunLock.acquire(layout, options.command(), options.warnings());
    state.begin();
    Instant began = Instant.now();
    long start = System.nanoTime();
    try {
      claim(options);
      plan(options);
      runStages(options);
      publish(RunTimes.of(began, (System.nanoTime() - start) / 1e9, accounts()));
      return summary();
    } finally {
      state.close();
      FileStore.abandonDrafts(layout.root()); // none is open unless the run has failed
      lock.close();
    }
  }

  /** Makes the folder this run's own, once it is known that the output fits. */
  private void claim(Options options) throws IOException {
    OutputLayout layout = prepared.layout();
    FinishedRun.sweepTemporary(layout);
    Scratch.sweep();
    if (!options.ignoreSpace()) {
      SpaceEstimate.of(prepared).require();
    }
    prepared.mark(options.command());
    if (prepared.spec().appends()) {
      OutputStates.keep(layout);
    }
    FinishedRun.withdraw(layout);
  }

  /** Writes what the workers read, and sets aside what units of an earlier run can give. */
  private void plan(Options options) throws IOException {
    OutputLayout layout = prepared.layout();
    prepared.versions().publish(layout);
    WorkerWatch.deleteReports(layout);
    prepared.publish(!options.temporary());
    if (prepared.spec().tokenizer() instanceof TokenizerSource.Ready tokenizer
        && prepared.loaded() != null) {
      // Read of the very bytes that were published: the steps that run here need not read them.
      WorkerTokenizers.keep(tokenizer.file().sha256(), prepared.loaded().tokenizer());
    }
  }

  /** Runs all stages, the manifest last. */
  private void runStages(Options options) throws IOException {
    if (prepared.spec().tokenizer() instanceof TokenizerSource.Ready tokenizer
        && SmallCount.suits(prepared.spec(), prepared.textBytes(), beamFlags)) {
      count(tokenizer.file());
      return;
    }
    List<String> flags = RunnerFlags.forText(beamFlags, prepared.textBytes());
    Pipeline pipeline = Pipeline.create(RunnerFlags.options(flags));
    MerganserPipeline.build(pipeline, prepared.spec());
    WorkerWatch.await(pipeline, beamFlags, state, options.warnings());
  }

  /** Runs the stages of a small count, without a graph. */
  private void count(FileRef tokenizer) throws IOException {
    RunSpec spec = prepared.spec();
    List<String> receipts = SmallCount.count(spec, prepared.units(), tokenizer);
    StageMeter.Work busy = state.meter(Stage.MANIFEST).begin();
    try {
      new ManifestPublication(spec, tokenizer).publish(receipts);
    } finally {
      busy.close();
    }
  }

  /** Notes that the run has finished, deletes what no job can use again, and writes the page. */
  private void publish(RunTimes times) throws IOException {
    OutputLayout layout = prepared.layout();
    times.publish(layout);
    FinishedRun.publish(prepared, state.meter(Stage.ENCODE).account());
    if (prepared.spec().measures()) {
      ReportPublication.publish(layout);
    }
  }
}
