package org.merganser.pipeline.select;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.io.function.Uncheck;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.select.ExcludedIds;
import org.merganser.corpus.select.IdLines;
import org.merganser.job.Job;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.store.Scratch;

/**
 * The ids of documents that a job leaves out, read once in each JVM. The driver calls {@link
 * #prepare} before the run; the steps on all workers call {@link #of}.
 */
public final class WorkerExcludedIds {
  private static final String KEY = "corpus.excludeIds";

  /** The ids that this JVM has read, by {@link ExcludedIds#sha256}. */
  private static final Map<String, ExcludedIds> BY_SHA256 = new ConcurrentHashMap<>();

  private WorkerExcludedIds() {}

  /**
   * Reads the ids of a job before any text is read, and keeps them for the steps of this JVM.
   *
   * @param output the output folder, which must not contain the files
   * @return null if the job leaves out no ids
   * @throws RunException if there is no such file, or it is damaged or in the output folder
   */
  public static RunSpec.@Nullable ExcludedIdFiles prepare(Job job, String output)
      throws IOException {
    if (job.corpus() == null || job.corpus().excludeIds().isEmpty()) {
      return null;
    }
    CorpusSettings settings = linesOf(job.corpus().excludeIds().stream().map(job::at).toList());
    try {
      List<InputFile> files = CorpusPlanner.list(settings);
      CorpusPlanner.requireApart(settings, files, output);
      ExcludedIds ids = read(files);
      BY_SHA256.putIfAbsent(ids.sha256(), ids);
      return new RunSpec.ExcludedIdFiles(files, ids.sha256());
    } catch (CorpusException e) {
      throw wrong(e);
    }
  }

  /** An error of the files as one of the key that names them. */
  private static RunException wrong(CorpusException e) {
    return RunException.wrong("%s: %s", KEY, e.getMessage()).causedBy(e);
  }

  /** The ids that the run leaves out; null if it leaves out none. */
  public static @Nullable ExcludedIds of(RunSpec spec) {
    RunSpec.ExcludedIdFiles excluded = spec.excludedIds();
    return excluded == null
        ? null
        : BY_SHA256.computeIfAbsent(
            excluded.sha256(), sha256 -> readUnchanged(excluded.files(), sha256));
  }

  /** Reads the ids; fails if the files changed since the run was prepared. */
  private static ExcludedIds readUnchanged(List<InputFile> files, String expected) {
    ExcludedIds ids;
    try {
      ids = Uncheck.get(() -> read(files), () -> KEY + ": the ids cannot be read");
    } catch (CorpusException e) {
      throw wrong(e);
    }
    if (!ids.sha256().equals(expected)) {
      throw RunException.of(
          "%s: %s was changed while the run was active; start the run again",
          KEY, files.get(0).location());
    }
    return ids;
  }

  /** Reads the ids. Their files are in the folder of this process, see {@link Scratch}. */
  private static ExcludedIds read(List<InputFile> files) throws IOException {
    Path folder = Files.createTempDirectory(Scratch.processFolder(), "excluded-ids-");
    return ExcludedIds.of(
        ids -> {
          for (InputFile file : files) {
            IdLines.read(file, ids);
          }
        },
        folder);
  }

  /** The settings by which the files are listed, as a corpus of lines. */
  private static CorpusSettings linesOf(List<String> locations) {
    return CorpusSettings.builder(CorpusInput.of(locations)).format(InputFormat.LINES).build();
  }
}
