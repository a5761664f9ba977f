package org.merganser.pipeline.output.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetterFile;
import org.merganser.message.Phrase;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;

/**
 * The first dead letter of a finished run, or of a file that waits: a record that is not a
 * document.
 *
 * @param file the path of the input file
 * @param record the number of the record in its file range, from 0
 * @param offset the place of the record in the uncompressed file, in bytes
 * @param reason the label of a {@link org.merganser.corpus.DeadLetter.Reason}
 * @param detail the problem in words
 */
public record FirstDeadLetter(String file, long record, long offset, String reason, String detail) {
  /**
   * The first range of a file has at least this many bytes, or all of them: {@link
   * org.merganser.corpus.plan.CorpusPlanner} makes no range smaller than two thirds of 4 MiB. The
   * number of a record that begins in it, plus 1, is the number of its line.
   */
  private static final long FIRST_RANGE = 2L << 20;

  /** The names of files in which each line is a record. */
  private static final Pattern JSON_LINES = Pattern.compile("(?i).*\\.(jsonl|ndjson)(\\.\\w+)?");

  /**
   * Finds the first dead letter of some input files.
   *
   * @param takes whether the dead letters of a file count, by its path
   * @return null if there is none
   */
  public static @Nullable FirstDeadLetter find(OutputPaths paths, Predicate<String> takes)
      throws IOException {
    for (WrittenFile written : FinishedOutput.at(paths).outputs()) {
      if (written.path().startsWith(ListedFolders.DEAD_LETTERS + "/")) {
        FirstDeadLetter first = firstOf(paths.at(written.path()), takes);
        if (first != null) {
          return first;
        }
      }
    }
    return null;
  }

  /** The first dead letter, in a file of dead letters, of some input files; null for none. */
  private static @Nullable FirstDeadLetter firstOf(String location, Predicate<String> takes)
      throws IOException {
    try (var letters = DeadLetterFile.read(location)) {
      while (letters.hasNextValue()) {
        FirstDeadLetter letter = of(letters.nextValue());
        if (takes.test(letter.file)) {
          return letter;
        }
      }
    }
    return null;
  }

  /**
   * Reads a dead letter.
   *
   * @param letter in the form of {@link DeadLetterFile}
   */
  public static FirstDeadLetter of(JsonNode letter) {
    return new FirstDeadLetter(
        letter.path("file").asText(),
        letter.path("record").asLong(),
        letter.path("offset").asLong(),
        letter.path("reason").asText(),
        letter.path("detail").asText());
  }

  /** The place and the problem in a phrase, with the number of the line if a record is a line. */
  @Override
  public String toString() {
    boolean recordIsLine = offset < FIRST_RANGE && JSON_LINES.matcher(file).matches();
    String number = recordIsLine ? Phrase.of(" line %,d,", record + 1) : "";
    return Phrase.of("%s,%s byte %,d: %s: %s", file, number, offset, reason, detail);
  }
}
