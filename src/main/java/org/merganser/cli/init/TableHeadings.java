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
 * Tables whose first row seems to be data, which only their owner knows, so that this ends {@code
 * init}; and those in whose first row a name occurs twice.
 */
final class TableHeadings {
  /** The first bytes of a table, which are read. */
  private static final int BYTES = 1 << 16;

  private static final int NAMED = 5;

  private static final byte[] MARK = "\ufeff".getBytes(StandardCharsets.UTF_8);

  private TableHeadings() {}

  /**
   * @param inputs as the user named them, for messages
   * @param files of any format
   * @throws CorpusException for tables without a row of names, with the command that adds one
   */
  static void require(String inputs, List<InputFile> files) throws IOException {
    Map<String, List<InputFile>> byCommand = new LinkedHashMap<>();
    InputFile example = null;
    TableHeading found = null;
    for (InputFile file : files) {
      TableHeading heading = TableHeading.of(RecordSample.rows(file, BYTES));
      if (heading.kind() != Kind.NAMES) {
        if (found == null) {
          example = file;
          found = heading;
        }
        byCommand.computeIfAbsent(command(heading, file), c -> new ArrayList<>()).add(file);
      }
    }
    if (found == null || example == null) {
      return;
    }
    List<String> commands = new ArrayList<>();
    byCommand.forEach((command, of) -> commands.add(commands(command, of)));
    String edits = String.join("\n", commands);
    if (found.kind() == Kind.TITLE) {
      throw new CorpusException(
          ("%s: the first row of %s does not name its columns: %s. This deletes what is before the"
                  + " names, and keeps the file as FILE.bak:\n%s")
              .formatted(inputs, example.path(), found.evidence(), edits));
    }
    boolean unclear = found.kind() == Kind.UNCLEAR;
    String text = FieldPath.named(found.cells().get(found.names().indexOf("text")));
    throw new CorpusException(
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
                unclear ? ", such as textField: " + JobProposal.quoted(text) : ""));
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

  /** The script of sed for a file. */
  private static String command(TableHeading heading, InputFile file) throws IOException {
    if (heading.kind() == Kind.TITLE) {
      return "1," + heading.before() + "d";
    }
    String separator = ("" + file.format().separator()).replace("\t", "\\t");
    byte[] head = RecordSample.head(file, MARK.length);
    String mark = Arrays.equals(head, MARK) ? "1s/^\\xef\\xbb\\xbf//;" : "";
    return mark + "1i " + String.join(separator, heading.names());
  }

  private static String commands(String script, List<InputFile> files) {
    String command = ShellCommand.edited(script, files.stream().limit(NAMED).toList());
    int more = files.size() - NAMED;
    return command
        + (more > 0 ? "\nand so for %s like these".formatted(Plural.of(more, "other file")) : "");
  }
}
