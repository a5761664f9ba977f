package org.merganser.pipeline.output.deadletter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.output.manifest.InputLine;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;

/**
 * The files of a corpus that are damaged, or from which no document was read.
 *
 * @param files their number
 * @param first the first of them, at most ten
 */
public record LostFiles(int files, List<InputLine> first) {
  /** A corpus without such files. */
  public static final LostFiles NONE = new LostFiles(0, List.of());

  /** The maximum number of files that are named. */
  private static final int NAMED = 10;

  /** Keeps the number of files and the first of them. */
  public static LostFiles of(List<InputLine> files) {
    return new LostFiles(
        files.size(), List.copyOf(files.subList(0, Math.min(NAMED, files.size()))));
  }

  /** The files among the inputs of a finished run. */
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

  /** Whether a file is truncated or damaged, or has dead letters and no document. */
  public static boolean isLost(InputLine file) {
    return !file.sums().deadLetters().isEmpty()
        && (kept(file) == 0 || DeadLetterLimits.lostUnknown(file.sums().deadLetters()));
  }

  /** The records that are neither blank nor dead letters. */
  private static long kept(InputLine file) {
    return file.sums().records() - file.sums().blank() - file.sums().dead();
  }

  /** A phrase for each named file, and one for the others. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (InputLine file : first) {
      String what = kept(file) > 0 ? "is cut or damaged" : "gave no document";
      sentences.add(
          "%s %s (%s)"
              .formatted(file.path(), what, DeadLetterLimits.counted(file.sums().deadLetters())));
    }
    if (files > NAMED) {
      sentences.add("and " + (files - NAMED) + " more files that are damaged or gave no document");
    }
    return sentences;
  }
}
