package org.merganser.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.file.PathUtils;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.BeamArguments;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.EndReason;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.job.Setting;
import org.merganser.output.ListedFolders;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.finish.RunSummary;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.Scratch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command {@code count}: a job without shards, in a temporary folder unless one is named. */
@Command(
    name = "count",
    customSynopsis =
        "${ROOT-COMMAND-NAME} count (JOB.yaml | --tokenizer FILE --input GLOB...) [OPTION]...",
    description =
        "Count the tokens of a corpus by file and by group. Options or a job file "
            + "name the corpus. No shards are written; the figures are those of the shards "
            + "that encode would write.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} count --tokenizer target/my-tokenizer --input sample-data/corpus \\
                   --group-by lang
                 ${ROOT-COMMAND-NAME} count pipelines/sample.yaml --tokenizer target/my-tokenizer --json
        Progress goes to standard error. Without --output the run uses a temporary folder, which
        is deleted unless it has dead letters.
        """)
final class CountCommand extends JobCommand {
  /** Settings that turn off everything except the counts. */
  private static final List<String> COUNTS_ONLY =
      List.of(
          "shards.formats=[]",
          "shards.pack=null",
          "shards.shuffle=null",
          "embeddings=null",
          "learn=null",
          "report={enabled: false}");

  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key of the job: --set corpus.invalidUtf8=replace. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FOLDER",
      description = "Write this folder; with it, the same command continues a stopped count.")
  private @Nullable String output;

  /** The job file; null if options name the corpus. */
  private @Nullable Path jobFile;

  /** The summary of the run, once it has printed its counts; null before. */
  private @Nullable RunSummary printed;

  @Override
  public List<KeyOption> keyOptions() {
    return List.of(
        KeyOption.of("--tokenizer TOKENIZER", "tokenizer.load")
            .withDescription(
                "Count with this tokenizer.json, or that of the output folder of a run; "
                    + "required unless the job loads one."),
        KeyOption.of("--exclude-ids FILE", "corpus.excludeIds"),
        KeyOption.of("--begin-token TOKEN", "shards.beginOfDocument"),
        KeyOption.of("--end-of-document TOKEN", "shards.endOfDocument"),
        KeyOption.of("--group-by FIELD", "shards.groupBy"),
        KeyOption.onlyInFullHelp("--special-text MODE", "tokenizer.specialText"));
  }

  @Override
  public Integer call() throws Exception {
    List<String> arguments = unmatchedArguments();
    takeJobFile(arguments);
    List<String> beamFlags = BeamArguments.of(arguments, spec);
    if (output != null) {
      boolean temporary = false;
      return run(job(output), beamFlags, typedCommand(), temporary);
    }
    if (!RunnerFlags.runsHere(beamFlags)) {
      throw wrongUsage("--output is missing: on a cluster, name a folder that every worker sees");
    }
    return runInTemporaryFolder(beamFlags);
  }

  /**
   * Removes the first argument that is no flag, which names the job file. The arguments have each
   * flag of Beam in one string with its value; a parameter of picocli would also take a value that
   * follows its flag after a space.
   */
  private void takeJobFile(List<String> arguments) {
    for (String argument : arguments) {
      if (!argument.startsWith("-")) {
        jobFile = FileArgument.localPath(argument);
        arguments.remove(argument);
        return;
      }
    }
  }

  /**
   * Runs the job in a folder that is deleted afterwards, and keeps its dead letters elsewhere;
   * returns the exit code.
   *
   * @throws RunException if the run fails; its message names the place of the kept dead letters
   */
  private int runInTemporaryFolder(List<String> beamFlags) throws IOException {
    Path folder = Files.createTempDirectory(Scratch.processFolder(), "count-");
    String continueCommand = typedCommand() + " --output " + folder;
    boolean temporary = true;
    try {
      int exitCode = run(job(folder.toString()), beamFlags, continueCommand, temporary);
      Path kept = hasPublishedDeadLetters(folder) ? keep(folder) : null;
      PrintWriter err = spec.commandLine().getErr();
      if (kept != null && exitCode == ExitCode.LOST_RECORDS.code() && printed != null) {
        EndReason.print(printed, kept.toString(), continueCommand, err);
      } else if (kept != null) {
        err.println("merganser: note: the dead letters are in " + kept);
      }
      return exitCode;
    } catch (RunException e) {
      if (!hasDeadLetters(folder, e)) {
        throw e;
      }
      Path kept = keep(folder);
      String message = String.valueOf(e.getMessage());
      throw new RunException(e.kind(), message.replace(folder.toString(), kept.toString()))
          .causedBy(e);
    } finally {
      PathUtils.deleteDirectory(folder);
    }
  }

  @Override
  protected PrintWriter writerForPeople() {
    return runOptions.unlessQuiet(spec.commandLine().getErr());
  }

  /** The job, with counts only, that writes to a folder. */
  private Job job(String folder) {
    return jobFile == null ? jobOfOptions(folder) : jobOfFile(jobFile, folder);
  }

  /**
   * The job that the options describe.
   *
   * @throws ParameterException without a tokenizer
   */
  private Job jobOfOptions(String folder) {
    List<String> settings = new ArrayList<>(corpus.jobSettings());
    if (!isGiven("--tokenizer")) {
      throw wrongUsage(
          "--tokenizer is missing: a tokenizer.json, or the output folder of a run; or name a job"
              + " file");
    }
    settings.addAll(countSettings(folder));
    return JobReader.of(settings, spec.name());
  }

  /**
   * The job of a file, with counts only.
   *
   * @throws ParameterException for options of a corpus, and a job that learns its tokenizer
   */
  private Job jobOfFile(Path file, String folder) {
    String whyNoEffect = "beside " + file + ", which names its corpus; use --set corpus.…=VALUE";
    if (corpus.hasInput()) {
      throw wrongUsage("--input has no effect " + whyNoEffect);
    }
    corpus.refuseOthers(whyNoEffect);
    refuse(whyNoEffect, "--exclude-ids");
    Job job = JobReader.read(file, countSettings(folder));
    Job.TokenizerChoice choice = job.tokenizer();
    if (choice != null && choice.train() != null) {
      throw wrongUsage(
          file
              + " learns its tokenizer, and count needs an existing one: name it with"
              + " --tokenizer, such as the output folder of a run of that job");
    }
    return job;
  }

  /** The settings of the options, which come after those of the corpus. */
  private List<String> countSettings(String folder) {
    List<String> settings = new ArrayList<>();
    if (isGiven("--tokenizer")) {
      settings.add("tokenizer.train=null");
    }
    settings.addAll(givenSettings());
    settings.addAll(overrides);
    settings.addAll(COUNTS_ONLY);
    settings.add(Setting.of("output", folder));
    return settings;
  }

  @Override
  protected void printResult(RunSummary summary, boolean upToDate, int exitCode)
      throws IOException {
    printed = summary;
    PrintWriter out = "-".equals(runOptions.events()) ? spec.commandLine().getErr() : out();
    TokenCounts counts = TokenCounts.of(summary);
    if (runOptions.json()) {
      counts.printJson(out);
    } else {
      counts.print(out);
    }
  }

  /** Whether a failed run has dead letters: published ones, or staged ones if it kept nothing. */
  private static boolean hasDeadLetters(Path output, RunException failure) throws IOException {
    boolean hasStaged =
        failure.kind() == RunException.Kind.NOTHING_KEPT
            && !DeadLetterListing.stagedFiles(output).isEmpty();
    return hasStaged || hasPublishedDeadLetters(output);
  }

  private static boolean hasPublishedDeadLetters(Path output) {
    return Files.exists(output.resolve(ListedFolders.DEAD_LETTERS));
  }

  /**
   * Moves an output to a folder that outlives this process, and leaves an empty folder; returns the
   * new place.
   */
  private static Path keep(Path output) throws IOException {
    Path kept = Files.createTempDirectory(Scratch.folder(), "count-");
    Files.move(output, kept, StandardCopyOption.REPLACE_EXISTING);
    Files.createDirectory(output);
    return kept;
  }
}
