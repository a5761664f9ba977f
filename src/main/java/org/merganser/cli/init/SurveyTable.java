package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;

/** Writes what a {@link CorpusSurvey} found as lines for a person. */
final class SurveyTable {
  /**
   * What the files of one row have in common.
   *
   * @param cells the format and the ending of the names, as the row shows them
   * @param reason why a run would not read the files; "" if it would
   */
  private record RowKey(String cells, String reason) implements Comparable<RowKey> {
    @Override
    public int compareTo(RowKey other) {
      return Comparator.comparing(RowKey::cells).thenComparing(RowKey::reason).compare(this, other);
    }
  }

  /** The most code points of an example that are shown. */
  private static final int LONGEST_EXAMPLE = 40;

  /** The most rows of formats. */
  private static final int MOST_ROWS = 30;

  private final CorpusSurvey survey;

  /** The files that a run would not read, each with the reason. */
  private final Map<InputFile, String> lost;

  private final List<String> lines = new ArrayList<>();

  private SurveyTable(CorpusSurvey survey) {
    this.survey = survey;
    this.lost = survey.unread().lost();
  }

  /** The formats of files, what is left out, the fields of records, and what was not read. */
  static List<String> lines(CorpusSurvey survey) {
    SurveyTable table = new SurveyTable(survey);
    table.addFormats();
    survey.skipped().summary().forEach(line -> table.add("left out: %s", line));
    table.addFields();
    table.addLimits();
    return table.lines;
  }

  /** Adds a row for each format and ending of names, those of most files first. */
  private void addFormats() {
    List<InputFile> files = survey.files();
    String stored = TerminalText.bytes(CorpusSurvey.storedBytes(files));
    String text = TerminalText.bytes(survey.textBytes());
    add("%s, %s stored, about %s of text", Plural.of(files.size(), "file"), stored, text);
    add("%n%-10s %-10s %9s %10s  %s", "format", "names", "files", "bytes", "such as");
    Map<RowKey, List<InputFile>> rows = new TreeMap<>();
    for (InputFile file : files) {
      RowKey key = new RowKey(formatCells(file), lost.getOrDefault(file, ""));
      rows.computeIfAbsent(key, k -> new ArrayList<>()).add(file);
    }
    rows.entrySet().stream()
        .sorted(Comparator.comparingInt(row -> -row.getValue().size()))
        .limit(MOST_ROWS)
        .forEach(row -> addFormat(row.getKey(), row.getValue()));
    if (rows.size() > MOST_ROWS) {
      add("and %s more", Plural.of(rows.size() - MOST_ROWS, "kind of name"));
    }
  }

  /** Adds the row of files with one format and ending, and one reason if they are not read. */
  private void addFormat(RowKey key, List<InputFile> files) {
    add(
        "%s %,9d %10s  %s%s",
        key.cells(),
        files.size(),
        TerminalText.bytes(CorpusSurvey.storedBytes(files)),
        ProposedText.path(files.get(0).path()),
        key.reason().isEmpty() ? "" : ": " + key.reason());
  }

  /** The first two cells of the row of a file: its format and the ending of its name. */
  private String formatCells(InputFile file) {
    String ending = FormatSample.ending(file.path());
    return Phrase.of(
        "%-10s %-10s",
        lost.containsKey(file) ? "not read" : file.format().spelled(),
        ending.isEmpty() ? "-" : ending);
  }

  /** Adds a row for each field, with the share of records that have it. */
  private void addFields() {
    SampledFields fields = survey.sample().fields();
    if (!fields.fields().isEmpty()) {
      add("%n%-20s %7s  in %s", "field", "filled", Plural.of(fields.records(), "record"));
    }
    for (FieldSummary field : fields.fields()) {
      double filled = 100.0 * field.records() / fields.records();
      String content = field.isIndex() ? "no name, as the index of a pandas table" : content(field);
      add("%-20s %5.0f %%  %s", field.path(), filled, content);
    }
  }

  /** What a field holds, with an example or its most frequent values. */
  private static String content(FieldSummary field) {
    if (field.list().exists()) {
      return "list " + example(field.list().first().toString());
    }
    boolean hasOneValue = field.values().size() == 1 && field.records() > 1;
    if (hasOneValue || field.isGroup(FieldSummary.RECORDS_PER_GROUP)) {
      return mostFrequentValues(field);
    }
    String example = example(field.values().keySet().iterator().next());
    return field.isText()
        ? Phrase.of("text, %,.0f characters on average: %s", field.meanLength(), example)
        : example;
  }

  /** The most frequent values of a field, each with its share of the records. */
  private static String mostFrequentValues(FieldSummary field) {
    int shown = ProposedText.MOST_VALUES;
    return field.values().entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .limit(shown)
        .map(
            value ->
                Phrase.of(
                    "%s %.0f %%",
                    example(value.getKey()), 100.0 * value.getValue() / field.records()))
        .collect(Collectors.joining(", ", "", field.values().size() > shown ? ", …" : ""));
  }

  private static String example(String value) {
    return ProposedText.cut(value, LONGEST_EXAMPLE);
  }

  /** Adds sentences about what was not opened, or not read fully. */
  private void addLimits() {
    List<InputFile> files = survey.files();
    FormatSample formatSample = survey.formatSample();
    if (!formatSample.isComplete()) {
      List<InputFile> opened = files.stream().filter(formatSample::isOpened).toList();
      add(
          "%nFormats are those of %s: %s, evenly spread to %s. Others are taken to be like them.",
          Plural.of(opened.size(), "file"),
          ProposedText.path(opened.get(0).path()),
          ProposedText.path(opened.get(opened.size() - 1).path()));
    }
    String longRecords = survey.sample().longRecordsPhrase();
    if (!longRecords.isEmpty()) {
      add("%nThe fields above are not those of %s.", longRecords);
    }
    int filesRead = survey.filesRead();
    if (filesRead < files.size()) {
      String readFully =
          switch (filesRead) {
            case 0 -> "no file was";
            case 1 -> "only the smallest file was";
            default -> Phrase.of("only the %,d smallest files were", filesRead);
          };
      add("%nSizes are estimates: %s read fully; `count` reads all.", readFully);
    }
  }

  /** Adds the lines of a formatted text. */
  private void add(String format, Object... values) {
    Phrase.of(format, values).lines().forEach(lines::add);
  }
}
