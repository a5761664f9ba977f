package org.merganser.pipeline.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.job.JobChange;
import org.merganser.job.key.KeyRole;
import org.merganser.message.Phrase;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Request;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedField;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.store.FileStore;
import org.merganser.store.UnusableFileException;

/**
 * The finished result of another job in the output of a run: which keys differ, and whether the run
 * may replace its files.
 *
 * @param root the output folder
 * @param appends whether this run adds to a version of the folder
 * @param changes the keys in which this job differs
 * @param files a phrase about the files of the result, for messages; null if the run may replace
 *     them: there are none, they have no documents of the files that were read, or this job wrote
 *     them
 */
public record ReplacedResult(
    String root, boolean appends, List<JobChange> changes, @Nullable String files) {
  /** The changed keys that a message names; further ones are counted. */
  private static final int MAX_LISTED = 6;

  /**
   * The result in the folder of a run; without changes if none was ever published. If the manifest
   * is damaged or missing, the earlier job is that of the record beside it.
   */
  public static ReplacedResult of(PreparedRun run) throws IOException {
    OutputPaths paths = run.paths();
    if (!FinishedOutput.at(paths).wasPublished()) {
      return nothing(run);
    }
    if (FileStore.of(paths.root()).exists(paths.at(Manifest.FILE))) {
      try {
        return ofManifest(FinishedOutput.at(paths).manifest(), run);
      } catch (UnusableFileException damaged) {
        // The record of the run has the same job.
      }
    }
    return ofRecord(run);
  }

  /** The result that a manifest describes. */
  private static ReplacedResult ofManifest(Manifest manifest, PreparedRun run) throws IOException {
    String folder = folder(RunRecord.find(run.paths()));
    Request request = run.spec().requestBeforeReading();
    List<JobChange> changes =
        JobChange.between(manifest.job(), folder, run.spec().job()).stream()
            .filter(change -> !namesSameContent(change, manifest.request(), request))
            .toList();
    return new ReplacedResult(run.paths().root(), appends(run), changes, files(manifest));
  }

  /** The result of the run whose record is in the folder, if there is no readable manifest. */
  private static ReplacedResult ofRecord(PreparedRun run) throws IOException {
    if (FinishedField.FINGERPRINT.in(run.paths()).asText().equals(run.fingerprint())) {
      return nothing(run); // this job wrote it
    }
    RunRecord record = RunRecord.find(run.paths());
    JsonNode job = record == null ? MissingNode.getInstance() : record.job();
    List<JobChange> changes = JobChange.between(job, folder(record), run.spec().job());
    String files = "its files (" + Manifest.FILE + ", which lists them, is damaged or missing)";
    return new ReplacedResult(run.paths().root(), appends(run), changes, files);
  }

  /** The folder at which the relative paths of a recorded job begin; empty without a record. */
  private static String folder(@Nullable RunRecord record) {
    return record == null ? "" : record.folder();
  }

  /** No result of another job. */
  private static ReplacedResult nothing(PreparedRun run) {
    String files = null;
    return new ReplacedResult(run.paths().root(), appends(run), List.of(), files);
  }

  private static boolean appends(PreparedRun run) {
    return run.spec().addsTo() != null;
  }

  /**
   * Describes what the run would replace or delete, with the next step; null if it replaces nothing
   * that it may not. New, changed and missing files of unchanged inputs are not changes of a key. A
   * run that adds to a version verifies the version's shards when it encodes, so other inputs are
   * not changes either.
   *
   * @param replace whether the user allows it ({@code --replace}); files of a version are kept
   *     nevertheless
   */
  public @Nullable String refusal(boolean replace) {
    List<JobChange> replacing =
        changes.stream()
            .filter(JobChange::replaces)
            .filter(change -> !(appends && change.key().hasRole(Set.of(KeyRole.FILES))))
            .filter(change -> !replace || (appends && decidesFilesOfVersions(change)))
            .toList();
    if (files == null || replacing.isEmpty()) {
      return null;
    }
    if (replace) {
      return ("%s has versions of corpus.append, which list files that this run would replace or"
              + " delete: %s; --replace does not replace them: put the key back, or name another"
              + " output")
          .formatted(root, replacing.get(0));
    }
    String listed =
        replacing.stream()
            .limit(MAX_LISTED)
            .map(change -> change + ", which decides " + change.writtenAgain())
            .collect(Collectors.joining("; "));
    String more =
        replacing.size() > MAX_LISTED ? "; and " + (replacing.size() - MAX_LISTED) + " more" : "";
    return """
    %s holds the result of another job, which differs in %s%s
      this run would replace or delete those of %s that would differ
      add --replace to do so, or name another output\
    """
        .formatted(root, listed, more, files);
  }

  /** Whether no changed key decides the bytes of shards, so that those in place may be kept. */
  public boolean keepsShards() {
    return changes.stream()
        .allMatch(
            change ->
                change.key().hasRole(Set.of(KeyRole.FILES))
                    || Collections.disjoint(
                        change.key().rewritten(),
                        EnumSet.of(KeyRole.Result.TOKENIZER, KeyRole.Result.SHARDS)));
  }

  /** Whether a changed key names other files that have the same content as those before. */
  private static boolean namesSameContent(JobChange change, Request before, Request now) {
    SortedMap<String, String> contents = linesOf(change, before);
    return change.key().namesFiles()
        && !contents.isEmpty()
        && contents.equals(linesOf(change, now));
  }

  /** The lines of a request about the files that the changed key names. */
  private static SortedMap<String, String> linesOf(JobChange change, Request request) {
    SortedMap<String, String> lines = new TreeMap<>(request.keys());
    String path = change.path();
    lines.keySet().removeIf(key -> !key.equals(path) && !key.startsWith(path + "["));
    return lines;
  }

  /** Whether a key decides files that a version lists: the vocabulary, the shards or layouts. */
  private static boolean decidesFilesOfVersions(JobChange change) {
    return !Collections.disjoint(
        change.key().rewritten(),
        EnumSet.of(KeyRole.Result.TOKENIZER, KeyRole.Result.SHARDS, KeyRole.Result.LAYOUTS));
  }

  /** The files of a result, for messages; null if it read files and has no documents. */
  private static @Nullable String files(Manifest manifest) {
    RecordSums sums = manifest.totals().sums();
    boolean hasNoDocuments = sums.documents() == 0 && sums.validation().documents() == 0;
    return hasNoDocuments && manifest.totals().files() > 0
        ? null
        : Phrase.of(
            "its %,d files (%,d documents, %,d tokens)",
            manifest.outputs().lines(), sums.documents(), sums.tokens());
  }
}
