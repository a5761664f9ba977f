package org.merganser.pipeline.select;

import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.job.JobException;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.InputFileVersions;

/** The input files of a run. Each corpus is listed once, even for both training and encoding. */
public final class ListedInputs {
  private final OutputPaths paths;
  private final InputFileVersions versions;

  /** The files of each corpus that was listed so far. */
  private final Map<CorpusSettings, List<InputFile>> listed = new HashMap<>();

  private final SkippedInputs skipped = new SkippedInputs();

  /** The fingerprint of each list of units: by list, not by its content, which is large. */
  private final IdentityHashMap<List<WorkUnit>, String> fingerprints = new IdentityHashMap<>();

  /**
   * @param rehash whether every file is read to find out whether it has changed
   */
  public ListedInputs(OutputPaths paths, boolean rehash) throws IOException {
    this.paths = paths;
    this.versions = InputFileVersions.read(paths, rehash);
  }

  /** The versions of the files that were listed so far. */
  public InputFileVersions versions() {
    return versions;
  }

  /** The files that were found so far but are not read. */
  public SkippedInputs skipped() {
    return skipped;
  }

  /**
   * The files of a corpus, in order.
   *
   * @throws JobException if the output folder is among them
   */
  public List<InputFile> list(CorpusSettings settings) throws IOException {
    List<InputFile> known = listed.get(settings);
    if (known != null) {
      return known;
    }
    OutputFolder.requireNoInput(settings, paths.root());
    List<InputFile> found = CorpusPlanner.list(settings, skipped);
    try {
      CorpusPlanner.requireApart(settings, found, paths.root());
    } catch (CorpusException overlap) {
      throw new JobException("output", List.of(String.valueOf(overlap.getMessage())));
    }
    List<InputFile> files = versions.withVersions(found);
    listed.put(settings, files);
    return files;
  }

  /** The work units of a corpus. */
  public List<WorkUnit> units(CorpusSettings settings) throws IOException {
    return CorpusPlanner.plan(list(settings));
  }

  /** The fingerprint of work units, computed once for each list. */
  public String fingerprint(List<WorkUnit> units) {
    return fingerprints.computeIfAbsent(units, Fingerprint::of);
  }
}
