package org.merganser.pipeline.finish;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.figures.RecordSums;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.deadletter.AcceptedFiles;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.version.OutputVersions;

/**
 * What a run with {@code corpus.append} added to the output.
 *
 * @param waiting the number of new files that wait for a later run
 * @param allDocuments the documents of the output after the run
 * @param judged the records of the added files whose dead letters nobody has accepted; the limits
 *     of the job hold for these
 */
public record AppendSummary(
    long files,
    long documents,
    long tokens,
    int waiting,
    long allDocuments,
    @JsonIgnore RecordSums judged) {

  /**
   * @param version that the run adds to; null for none
   */
  static AppendSummary of(
      OutputPaths paths, @Nullable String version, int waiting, long allDocuments)
      throws IOException {
    Set<String> known = new OutputVersions(paths).files(version);
    AcceptedFiles accepted = AcceptedFiles.of(paths, version);
    long[] files = {0};
    RecordSums[] added = {RecordSums.ZERO, RecordSums.ZERO};
    FinishedOutput.at(paths)
        .forEachInput(
            line -> {
              if (!known.contains(line.path())) {
                files[0]++;
                added[0] = added[0].plus(line.sums());
                if (!accepted.contains(line)) {
                  added[1] = added[1].plus(line.sums());
                }
              }
            });
    return new AppendSummary(
        files[0], added[0].documents(), added[0].tokens(), waiting, allDocuments, added[1]);
  }

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
    String wait =
        waiting == 0 ? "" : "; " + Plural.of(waiting, "file") + (waiting == 1 ? " waits" : " wait");
    return added + wait + Phrase.of("; total %,d documents", allDocuments);
  }
}
