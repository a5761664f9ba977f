package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.LeftOut;
import org.merganser.corpus.read.RecordSample;
import org.merganser.corpus.read.UnitReader;
import org.merganser.report.Plural;

/**
 * What a look at a corpus finds: formats, the fields of the first records of some files, and files
 * that a run would lose. Cost: a megabyte of at most {@value #SAMPLED} files, or a row group of
 * Parquet, and {@value #READ} bytes of text that are read as a run reads them, smaller files first.
 */
final class CorpusSurvey {
  private static final int SAMPLED = 16;
  private static final long READ = 256_000_000;

  /** How many files a line names. */
  private static final int NAMED = 8;

  final List<InputFile> files;
  final List<Map<String, Object>> records = new ArrayList<>();
  final List<FieldSummary> fields;

  /** Files that give no document, with the reason. */
  final Map<InputFile, String> lost = new LinkedHashMap<>();

  /** Sentences about files that give some documents and lose others. */
  final List<String> damaged = new ArrayList<>();

  private final LeftOut leftOut;
  private int read;

  CorpusSurvey(List<InputFile> files, LeftOut leftOut) throws IOException {
    this.files = files;
    this.leftOut = leftOut;
    List<InputFile> structured = files.stream().filter(f -> f.format().hasTextField()).toList();
    int sampled = Math.min(SAMPLED, structured.size());
    for (int i = 0; i < sampled; i++) {
      int at = (int) ((long) i * structured.size() / sampled); // from all parts of the listing
      records.addAll(RecordSample.of(structured.get(at)));
    }
    this.fields = FieldSummary.of(records);
  }

  long stored() {
    return files.stream().mapToLong(InputFile::size).sum();
  }

  /** An estimate of the bytes of text of all files that are not lost. */
  long textBytes() {
    return files.stream().filter(f -> !lost.containsKey(f)).mapToLong(CorpusSurvey::text).sum();
  }

  private static long text(InputFile file) {
    return file.compression().textBytes(file.size());
  }

  /** Reads files as a run with these settings would, and notes what is lost. */
  void read(CorpusSettings settings) throws IOException {
    UnitReader reader = new UnitReader(settings, null);
    long left = READ;
    List<InputFile> smallest =
        files.stream().sorted(Comparator.comparingLong(CorpusSurvey::text)).toList();
    for (InputFile file : smallest) {
      left -= text(file);
      if (left < 0) {
        break;
      }
      note(file, reader);
      read++;
    }
  }

  private void note(InputFile file, UnitReader reader) throws IOException {
    long[] counts = new long[2];
    List<String> details = new ArrayList<>();
    DocumentHandler counting =
        new DocumentHandler() {
          @Override
          public void document(Document document) {
            counts[0] += document.part == 0 ? 1 : 0;
          }

          @Override
          public void deadLetter(DeadLetter letter) {
            counts[1] += letter.records();
            if (details.isEmpty()) {
              details.add(letter.reason().label() + ": " + letter.detail());
            }
          }
        };
    reader.read(new WorkUnit(0, List.of(new FileRange(file, 0, file.size()))), counting);
    if (counts[1] > 0 && counts[0] == 0) {
      lost.put(file, details.get(0));
    } else if (counts[1] > 0) {
      damaged.add(
          "%s: %s and %d dead letters, the first %s"
              .formatted(file.path(), Plural.of(counts[0], "document"), counts[1], details.get(0)));
    }
  }

  /** What was found, as lines for people. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    add(
        lines,
        "%s, %s stored, about %s of text",
        Plural.of(files.size(), "file"),
        TerminalText.bytes(stored()),
        TerminalText.bytes(textBytes()));
    Map<String, List<InputFile>> byFormat = new TreeMap<>();
    for (InputFile file : files) {
      String format =
          lost.containsKey(file) || file.format() == InputFormat.UNSUPPORTED
              ? "not read"
              : file.format().spelled();
      byFormat.computeIfAbsent(format, f -> new ArrayList<>()).add(file);
    }
    add(lines, "");
    add(lines, "%-10s %9s %10s  %s", "format", "files", "bytes", "such as");
    byFormat.forEach(
        (format, of) ->
            add(
                lines,
                "%-10s %,9d %10s  %s",
                format,
                of.size(),
                TerminalText.bytes(of.stream().mapToLong(InputFile::size).sum()),
                JobProposal.cut(of.get(0).path(), 60)));
    leftOut.toString().lines().forEach(line -> add(lines, "left out: %s", line));
    if (!fields.isEmpty()) {
      add(lines, "");
      add(
          lines,
          "%-20s %7s  %s",
          "field",
          "filled",
          "in " + Plural.of(records.size(), "record") + " that were looked at");
      for (FieldSummary field : fields) {
        add(
            lines,
            "%-20s %5.0f %%  %s",
            field.path(),
            100.0 * field.records() / records.size(),
            field.kind());
      }
    }
    if (read < files.size()) {
      add(lines, "");
      add(
          lines,
          "Read to the end: the %d smallest files. A run, or `count`, reads the others.",
          read);
    }
    return lines;
  }

  private static void add(List<String> lines, String format, Object... values) {
    lines.add(String.format(Locale.ROOT, format, values).stripTrailing());
  }

  /** What a run would lose, in sentences. */
  List<String> warnings() {
    List<String> all = new ArrayList<>(damaged);
    lost.forEach((file, why) -> all.add(file.path() + " gives no document (" + why + ")"));
    if (all.size() > NAMED) {
      all.set(NAMED, Plural.of(all.size() - NAMED, "more file") + " with dead letters");
    }
    return all.subList(0, Math.min(NAMED + 1, all.size()));
  }
}
