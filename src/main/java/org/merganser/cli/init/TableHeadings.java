package org.merganser.cli.init;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.merganser.cli.init.TableHeading.Kind;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.field.CsvHeader;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.read.CsvSample;
import org.merganser.corpus.read.CsvSample.Row;
import org.merganser.corpus.read.FileBeginning;
import org.merganser.message.Plural;

/**
 * Checks the first rows of tables. One that does not seem to be names by {@link TableHeading} ends
 * {@code init} with an error, since only a person knows; columns that share a name are reported.
 */
final class TableHeadings {
  /** The bytes that are read of a table. */
  private static final int BEGINNING = 1 << 16;

  /** The most files that a command of sed names. */
  private static final int MOST_NAMED = 5;

  private static final byte[] BYTE_ORDER_MARK = "\ufeff".getBytes(StandardCharsets.UTF_8);

  private TableHeadings() {}

  /**
   * Refuses tables without a row of names, by the first of them.
   *
   * @param inputs as the user named them, for messages
   * @param files of any format
   * @throws CorpusException if there is such a table, with commands that mend all of them
   */
  static void requireNames(String inputs, List<InputFile> files) throws IOException {
    Map<InputFile, TableHeading> withoutNames = new LinkedHashMap<>();
    for (InputFile file : files) {
      TableHeading heading = TableHeading.of(CsvSample.rows(file, BEGINNING));
      if (heading.kind() != Kind.NAMES) {
        withoutNames.put(file, heading);
      }
    }
    if (!withoutNames.isEmpty()) {
      Map.Entry<InputFile, TableHeading> first = withoutNames.entrySet().iterator().next();
      throw noNames(inputs, first.getKey(), first.getValue(), commands(withoutNames));
    }
  }

  /** The error for a table, with commands that mend it and those like it. */
  private static CorpusException noNames(
      String inputs, InputFile table, TableHeading heading, String commands) {
    if (heading.kind() == Kind.TITLE) {
      return new CorpusException(
          ("%s: the first row of %s does not name its columns: %s. This deletes what is before the"
                  + " names, and keeps the file as FILE.bak:\n%s")
              .formatted(inputs, table.path(), heading.evidence(), commands));
    }
    boolean isUnclear = heading.kind() == Kind.UNCLEAR;
    String text = FieldPath.named(heading.cells().get(heading.names().indexOf("text")));
    return new CorpusException(
        ("%s: the first row of %s %s: %s. The first row of a table names its columns, so this one"
                + " would be lost. If it is data, this adds a row of names, and keeps the file as"
                + " FILE.bak:\n%s\nIf it is the names, write a job with the column of the text as"
                + " corpus.textField%s")
            .formatted(
                inputs,
                table.path(),
                isUnclear ? "may be names or data" : "seems to be data, not names",
                heading.evidence(),
                commands,
                isUnclear ? ", such as textField: " + ProposedText.quoted(text) : ""));
  }

  /** A sentence for each table in which columns share a name, so that they are no fields. */
  static List<String> sharedNames(List<InputFile> files) throws IOException {
    List<String> sentences = new ArrayList<>();
    for (InputFile file : files) {
      List<Row> rows = CsvSample.rows(file, BEGINNING);
      List<String> shared =
          rows.isEmpty() ? List.of() : new CsvHeader(rows.get(0).cells()).sharedNameProblems();
      if (!shared.isEmpty()) {
        sentences.add(
            "%s: %s, so that no key of a job can name one of them; rename all but one"
                .formatted(file.path(), String.join("; ", shared)));
      }
    }
    return sentences;
  }

  /** The commands that mend tables, one for all files that need the same script of sed. */
  private static String commands(Map<InputFile, TableHeading> withoutNames) throws IOException {
    Map<String, List<InputFile>> byScript = new LinkedHashMap<>();
    for (Map.Entry<InputFile, TableHeading> table : withoutNames.entrySet()) {
      String script = script(table.getValue(), table.getKey());
      byScript.computeIfAbsent(script, s -> new ArrayList<>()).add(table.getKey());
    }
    List<String> commands = new ArrayList<>();
    byScript.forEach((script, files) -> commands.add(command(script, files)));
    return String.join("\n", commands);
  }

  /**
   * The script of sed that mends a file: it deletes the lines before the names, or adds a line of
   * names, and removes the byte order mark that would be after this line.
   */
  private static String script(TableHeading heading, InputFile file) throws IOException {
    if (heading.kind() == Kind.TITLE) {
      return "1," + heading.linesBefore() + "d";
    }
    Character character = Objects.requireNonNull(file.format().separator()); // a table has one
    String separator = character == '\t' ? "\\t" : character.toString();
    byte[] head = FileBeginning.bytes(file, BYTE_ORDER_MARK.length);
    boolean isMarked = Arrays.equals(head, BYTE_ORDER_MARK);
    String unmark = isMarked ? "1s/^\\xef\\xbb\\xbf//;" : "";
    return unmark + "1i " + String.join(separator, heading.names());
  }

  /** The command that runs a script on the first of some files. */
  private static String command(String script, List<InputFile> files) {
    String command = ShellCommand.ofSed(script, files.stream().limit(MOST_NAMED).toList());
    int more = files.size() - MOST_NAMED;
    return command
        + (more > 0 ? "\nand so for %s like these".formatted(Plural.of(more, "other file")) : "");
  }
}
