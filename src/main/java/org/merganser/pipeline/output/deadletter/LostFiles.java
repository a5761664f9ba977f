package org.merganser.pipeline.output.deadletter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.output.manifest.InputLine;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;

/**
 * The files of a corpus that lost an unknown number of records, or all of them.
 *
 * @param files their number
 * @param first the first of them, at most ten
 */
public record LostFiles(int files, List<InputLine> first) {
  /** A corpus without such files. */
  public static final LostFiles NONE = new LostFiles(0, List.of());

  /** The maximum number of files that are named. */
  private static final int MAX_NAMED = 10;

  /** The lost files of a corpus: their number, and the first of them. */
  public static LostFiles of(List<InputLine> files) {
    return new LostFiles(
        files.size(), List.copyOf(files.subList(0, Math.min(MAX_NAMED, files.size()))));
  }

  /** Finds the lost files among the inputs of a finished run. */
  public static LostFiles find(OutputPaths paths) throws IOException {
    List<InputLine> lost = new ArrayList<>();
    FinishedOutput.at(paths)
        .forEachInput(
            file -> {
              if (isLost(file)) {
                lost.add(file);
              }
            });
    return of(lost);
  }

  /**
   * Whether an unknown number of records of a file was lost, or it has dead letters and all its
   * other records are blank.
   */
  public static boolean isLost(InputLine file) {
    return !file.sums().deadLetters().isEmpty()
        && (countKept(file) == 0 || DeadLetterLimits.hasUnknownLoss(file.sums().deadLetters()));
  }

  /** A sentence for each named file, and one for the others. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (InputLine file : first) {
      String what = countKept(file) > 0 ? "is cut or damaged" : "gave no document";
      sentences.add(
          "%s %s (%s)"
              .formatted(file.path(), what, DeadLetterLimits.counted(file.sums().deadLetters())));
    }
    if (files > MAX_NAMED) {
      sentences.add(
          "and " + (files - MAX_NAMED) + " more files that are damaged or gave no document");
    }
    return sentences;
  }

  /** The records that are neither blank nor dead letters. */
  private static long countKept(InputLine file) {
    return file.sums().records() - file.sums().blank() - file.sums().dead();
  }
}
