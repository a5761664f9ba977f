package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.merganser.cli.init.TableHeading.Kind;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.read.CsvSample.Row;
import org.merganser.corpus.read.FileBeginning;
import org.merganser.corpus.read.JsonSample;

/**
 * Texts whose lines seem to be records: rows of a table, or JSON objects. Each is read as one
 * document all the same; a sentence reports it.
 */
final class TextTables {
  /** The bytes that are read of a text. */
  private static final int BEGINNING = 1 << 16;

  /** Texts of fewer lines may have equally many commas by chance. */
  private static final int LEAST_LINES = 10;

  /** A table has at least this many lines for each line with another number of cells. */
  private static final int LINES_PER_OTHER = 20;

  /** What separates the cells of a line, in the order in which {@link #sentence} tries it. */
  private enum Separator {
    TAB("\t", "tabs", "tsv"),
    COMMA(",", "commas", "csv"),
    /** Hive writes tables with it. */
    CONTROL_A("\u0001", "characters U+0001", "tsv");

    private final String character;

    /** The word for several of the characters. */
    private final String plural;

    /** The format that reads such a table, after a command has replaced the separator if needed. */
    private final String format;

    Separator(String character, String plural, String format) {
      this.character = character;
      this.plural = plural;
      this.format = format;
    }

    /** The cells of a line, without a look at quotes. */
    List<String> cells(String line) {
      return Arrays.asList(line.split(character, -1));
    }
  }

  private TextTables() {}

  /**
   * A sentence for each text that seems to hold records.
   *
   * @param files of any format
   */
  static List<String> sentences(List<InputFile> files) throws IOException {
    List<String> sentences = new ArrayList<>();
    for (InputFile file : files) {
      if (file.format() == InputFormat.TEXT) {
        String sentence = sentence(file, firstLines(file));
        if (!sentence.isEmpty()) {
          sentences.add(sentence);
        }
      }
    }
    return sentences;
  }

  /**
   * The lines at the beginning of a text that are not blank; without the last of several, if the
   * text may be cut within it.
   */
  private static List<String> firstLines(InputFile file) throws IOException {
    String text = FileBeginning.text(file, BEGINNING);
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    boolean mayBeCut = text.length() >= BEGINNING / 4; // a character has at most four bytes
    return mayBeCut && lines.size() > 1 ? lines.subList(0, lines.size() - 1) : lines;
  }

  /** The sentence for a text, by its first lines; "" if they do not look like records. */
  private static String sentence(InputFile file, List<String> lines) {
    String twoLines = lines.stream().limit(2).reduce("", (all, line) -> all + line + "\n");
    if (JsonSample.ofLines(twoLines).size() == 2) {
      return ("%s has a JSON object in each line, which is text here: corpus.format: jsonl reads"
              + " each as a record")
          .formatted(file.path());
    }
    for (Separator separator : Separator.values()) {
      int cells = lines.isEmpty() ? 0 : separator.cells(lines.get(0)).size();
      long others = lines.stream().filter(l -> separator.cells(l).size() != cells).count();
      boolean haveEqualCells = LINES_PER_OTHER * others <= lines.size();
      if (lines.size() >= LEAST_LINES && cells > 1 && haveEqualCells) {
        String sentence = tableSentence(file, lines, separator, cells);
        if (!sentence.isEmpty()) {
          return sentence;
        }
      }
    }
    return "";
  }

  /**
   * The sentence for a table; "" for two cells between commas without names, which prose may have,
   * too.
   */
  private static String tableSentence(
      InputFile file, List<String> lines, Separator separator, int cells) {
    List<Row> rows = new ArrayList<>();
    for (String line : lines) {
      rows.add(new Row(rows.size() + 1, separator.cells(line)));
    }
    TableHeading heading = TableHeading.of(rows);
    if (separator == Separator.COMMA && cells == 2 && heading.kind() != Kind.NAMES) {
      return "";
    }
    List<String> steps = new ArrayList<>();
    if (separator == Separator.CONTROL_A) {
      steps.add(ShellCommand.ofSed("y/\\x01/\\t/", List.of(file)));
    }
    if (heading.kind() != Kind.NAMES) {
      String names = String.join(separator == Separator.COMMA ? "," : "\\t", heading.names());
      steps.add(ShellCommand.ofSed("1i " + names, List.of(file)));
    }
    return ("%s has %s fields between %s in each line, like a table, and is one document here:"
            + " corpus.format: %s reads each row as one%s")
        .formatted(
            file.path(),
            cells,
            separator.plural,
            separator.format,
            steps.isEmpty() ? "" : ", after this: " + String.join(" && ", steps));
  }
}
