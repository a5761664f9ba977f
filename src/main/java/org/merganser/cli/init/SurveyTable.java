package org.merganser.cli.init;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;

/** Writes what a {@link CorpusSurvey} found as lines for a person. */
final class SurveyTable {
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
    survey.skipped().toString().lines().forEach(line -> table.add("left out: %s", line));
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
    Map<String, List<InputFile>> rows = new TreeMap<>();
    for (InputFile file : files) {
      rows.computeIfAbsent(formatCells(file) + lost.get(file), r -> new ArrayList<>()).add(file);
    }
    rows.values().stream()
        .sorted(Comparator.comparingInt(row -> -row.size()))
        .limit(MOST_ROWS)
        .forEach(this::addFormat);
    if (rows.size() > MOST_ROWS) {
      add("and %s more", Plural.of(rows.size() - MOST_ROWS, "kind of name"));
    }
  }

  /** Adds the row of files with one format and ending, and one reason if they are not read. */
  private void addFormat(List<InputFile> files) {
    InputFile first = files.get(0);
    String reason = lost.get(first);
    add(
        "%s %,9d %10s  %s%s",
        formatCells(first),
        files.size(),
        TerminalText.bytes(CorpusSurvey.storedBytes(files)),
        ProposedText.path(first.path()),
        reason == null ? "" : ": " + reason);
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
    int records = survey.records();
    if (!survey.fields().isEmpty()) {
      add("%n%-20s %7s  in %s", "field", "filled", Plural.of(records, "record"));
    }
    for (FieldSummary field : survey.fields()) {
      double filled = 100.0 * field.records() / records;
      String content =
          field.isIndex() ? "no name, as the index of a pandas table" : field.content();
      add("%-20s %5.0f %%  %s", field.path(), filled, content);
    }
  }

  /** Adds sentences about what was not opened, or not read fully. */
  private void addLimits() {
    List<InputFile> files = survey.files();
    FormatSample formatSample = survey.formatSample();
    if (!formatSample.isComplete()) {
      List<InputFile> opened = files.stream().filter(formatSample::isOpened).toList();
      String sentences =
          "%nFormats are those of %s: %s, evenly spread to %s. Others are taken to be like them.";
      String first = ProposedText.path(opened.get(0).path());
      String last = ProposedText.path(opened.get(opened.size() - 1).path());
      add(sentences, Plural.of(opened.size(), "file"), first, last);
    }
    if (!survey.longRecords().isEmpty()) {
      add("%nThe fields above are not those of %s.", survey.longRecords());
    }
    int filesRead = survey.filesRead();
    if (filesRead < files.size()) {
      String readFully =
          filesRead == 0 ? "no file was" : Phrase.of("only the %,d smallest files were", filesRead);
      add("%nSizes are estimates: %s read fully; `count` reads all.", readFully);
    }
  }

  /** Adds the lines of a formatted text. */
  private void add(String format, Object... values) {
    Phrase.of(format, values).lines().forEach(lines::add);
  }
}
