package org.merganser.pipeline.finish;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.OutputFile;
import org.merganser.output.WrittenFile;

/**
 * What a commit changed in the published files. Figures ({@link OutputFile.Kind#FIGURES}) are not
 * counted, since they may change without the data.
 *
 * @param added the number of files with new paths
 * @param replaced the number of files with other bytes than before
 * @param deleted the number of files that the new version does not list
 * @param before the number of files of the version before
 */
public record PublishedChanges(long added, long replaced, long deleted, long before) {
  /**
   * Compares the files of two versions.
   *
   * @param earlier the files of the version before; empty for none
   * @param now the files of the new version
   */
  static PublishedChanges of(List<WrittenFile> earlier, List<WrittenFile> now) {
    Map<String, String> notFound = new HashMap<>(); // the sums of earlier files, by path
    earlier.stream()
        .filter(file -> !isFigures(file))
        .forEach(file -> notFound.put(file.path(), file.sha256()));
    long before = notFound.size();
    long added = 0;
    long replaced = 0;
    for (WrittenFile file : now) {
      if (!isFigures(file)) {
        String sha256 = notFound.remove(file.path());
        if (sha256 == null) {
          added++;
        } else if (!sha256.equals(file.sha256())) {
          replaced++;
        }
      }
    }
    long deleted = notFound.size();
    return new PublishedChanges(added, replaced, deleted, before);
  }

  /** Whether a file has figures about the data. */
  private static boolean isFigures(WrittenFile file) {
    OutputFile row = OutputFile.of(file.path());
    return row != null && row.kind() == OutputFile.Kind.FIGURES;
  }

  @Override
  public String toString() {
    return Phrase.of(
        "published: %s added, %,d replaced, %,d deleted",
        Plural.of(added, "file"), replaced, deleted);
  }
}
