package org.merganser.cli.init;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merganser.cli.init.TableHeading.Kind;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.field.CsvHeader;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.read.RecordSample;
import org.merganser.corpus.read.RecordSample.Row;
import org.merganser.message.Plural;

/**
 * Checks the first rows of tables: one that seems to be data ends {@code init} with an error, since
 * only a person knows; a name that occurs twice in it is reported.
 */
final class TableHeadings {
  /** The bytes that are read of a table. */
  private static final int BYTES = 1 << 16;

  /** The files that a command names. */
  private static final int NAMED = 5;

  private static final byte[] BYTE_ORDER_MARK = "\ufeff".getBytes(StandardCharsets.UTF_8);

  private TableHeadings() {}

  /**
   * @param inputs as the user named them, for messages
   * @param files of any format
   * @throws CorpusException for tables without a row of names, with the command that adds one
   */
  static void require(String inputs, List<InputFile> files) throws IOException {
    Map<String, List<InputFile>> byScript = new LinkedHashMap<>();
    InputFile example = null;
    TableHeading found = null;
    for (InputFile file : files) {
      TableHeading heading = TableHeading.of(RecordSample.rows(file, BYTES));
      if (heading.kind() != Kind.NAMES) {
        if (found == null) {
          example = file;
          found = heading;
        }
        byScript.computeIfAbsent(script(heading, file), s -> new ArrayList<>()).add(file);
      }
    }
    if (found == null || example == null) {
      return;
    }
    List<String> commands = new ArrayList<>();
    byScript.forEach((script, edited) -> commands.add(command(script, edited)));
    throw noNames(inputs, example, found, String.join("\n", commands));
  }

  /** The error for a table, with commands that mend it and those like it. */
  private static CorpusException noNames(
      String inputs, InputFile example, TableHeading found, String edits) {
    if (found.kind() == Kind.TITLE) {
      return new CorpusException(
          ("%s: the first row of %s does not name its columns: %s. This deletes what is before the"
                  + " names, and keeps the file as FILE.bak:\n%s")
              .formatted(inputs, example.path(), found.evidence(), edits));
    }
    boolean unclear = found.kind() == Kind.UNCLEAR;
    String text = FieldPath.named(found.cells().get(found.names().indexOf("text")));
    return new CorpusException(
        ("%s: the first row of %s %s: %s. The first row of a table names its columns, so this one"
                + " would be lost. If it is data, this adds a row of names, and keeps the file as"
                + " FILE.bak:\n%s\nIf it is the names, write a job with the column of the text as"
                + " corpus.textField%s")
            .formatted(
                inputs,
                example.path(),
                unclear ? "may be names or data" : "seems to be data, not names",
                found.evidence(),
                edits,
                unclear ? ", such as textField: " + ProposedText.quoted(text) : ""));
  }

  /** A sentence for each table in which columns share a name, so that they are no fields. */
  static List<String> sharedNames(List<InputFile> files) throws IOException {
    List<String> sentences = new ArrayList<>();
    for (InputFile file : files) {
      List<Row> rows = RecordSample.rows(file, BYTES);
      List<String> shared =
          rows.isEmpty() ? List.of() : new CsvHeader(rows.get(0).cells()).allSharing();
      if (!shared.isEmpty()) {
        sentences.add(
            "%s: %s, so that no key of a job can name one of them; rename all but one"
                .formatted(file.path(), String.join("; ", shared)));
      }
    }
    return sentences;
  }

  /** The script of sed that mends a file. */
  private static String script(TableHeading heading, InputFile file) throws IOException {
    if (heading.kind() == Kind.TITLE) {
      return "1," + heading.before() + "d";
    }
    String separator = ("" + file.format().separator()).replace("\t", "\\t");
    byte[] head = RecordSample.head(file, BYTE_ORDER_MARK.length);
    boolean marked = Arrays.equals(head, BYTE_ORDER_MARK);
    String unmark = marked ? "1s/^\\xef\\xbb\\xbf//;" : "";
    return unmark + "1i " + String.join(separator, heading.names());
  }

  /** The command that runs a script on the first of some files. */
  private static String command(String script, List<InputFile> files) {
    String command = ShellCommand.edited(script, files.stream().limit(NAMED).toList());
    int more = files.size() - NAMED;
    return command
        + (more > 0 ? "\nand so for %s like these".formatted(Plural.of(more, "other file")) : "");
  }
}
