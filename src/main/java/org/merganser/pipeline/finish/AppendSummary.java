package org.merganser.pipeline.finish;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.InputLine;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.deadletter.AcceptedFiles;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.version.OutputVersions;

/**
 * What a run with {@code corpus.append} added to the output.
 *
 * @param files that were added
 * @param documents for training in the added files
 * @param tokens of these documents
 * @param waiting the number of new files that wait for a later run
 * @param allDocuments the documents of the output after the run
 * @param underLimits the records of the added files whose dead letters nobody has accepted; the
 *     limits of the job hold for these
 */
public record AppendSummary(
    long files,
    long documents,
    long tokens,
    int waiting,
    long allDocuments,
    @JsonIgnore RecordSums underLimits) {

  /**
   * Compares the inputs of the finished output with those of the version that the run added to.
   *
   * @param version the sha256 of the manifest of that version; null for none
   * @param waiting as {@link #waiting}
   * @param allDocuments as {@link #allDocuments}
   */
  static AppendSummary of(
      OutputPaths paths, @Nullable String version, int waiting, long allDocuments)
      throws IOException {
    Set<String> known = new OutputVersions(paths).inputPaths(version);
    AcceptedFiles accepted = AcceptedFiles.of(paths, version);
    Added added = new Added();
    FinishedOutput.at(paths)
        .forEachInput(
            line -> {
              if (!known.contains(line.path())) {
                added.add(line, accepted.contains(line));
              }
            });
    return new AppendSummary(
        added.files,
        added.sums.documents(),
        added.sums.tokens(),
        waiting,
        allDocuments,
        added.underLimits);
  }

  /** The line of the summary: what was added, what waits, and the documents of the output. */
  @Override
  public String toString() {
    String added =
        files == 0
            ? "added nothing"
            : "added %s, %s, %s"
                .formatted(
                    Plural.of(files, "file"),
                    Plural.of(documents, "document"),
                    Plural.of(tokens, "token"));
    String left =
        waiting == 0 ? "" : "; " + Plural.of(waiting, "file") + (waiting == 1 ? " waits" : " wait");
    return added + left + Phrase.of("; total %,d documents", allDocuments);
  }

  /** The sums over the files that the version before does not have. */
  private static final class Added {
    private long files;
    private RecordSums sums = RecordSums.ZERO;

    /** The sums over the files whose dead letters nobody has accepted. */
    private RecordSums underLimits = RecordSums.ZERO;

    void add(InputLine file, boolean isAccepted) {
      files++;
      sums = sums.plus(file.sums());
      if (!isAccepted) {
        underLimits = underLimits.plus(file.sums());
      }
    }
  }
}
