package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
import org.merganser.pipeline.output.CorpusAccounts;
import org.merganser.report.Phrase;
import org.merganser.report.Plural;

/**
 * What {@code init} finds in a corpus: formats, the fields of the first records of some files, and
 * files that a run would drop. Cost: a megabyte of at most {@value #SAMPLED} files, or a row group
 * of Parquet, and {@value #READ} bytes of text, smaller files first.
 */
final class CorpusSurvey {
  private static final int SAMPLED = 16;
  private static final long READ = 256_000_000;

  private static final int NAMED = 8;

  private static final class Loss implements DocumentHandler {
    private final InputFile file;
    private long documents;
    private long deadLetters;
    private @Nullable DeadLetter first;

    Loss(InputFile file) {
      this.file = file;
    }

    @Override
    public void document(Document document) {
      documents += document.part == 0 ? 1 : 0;
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      deadLetters += letter.records();
      first = first == null ? letter : first;
    }

    String reason() {
      return first == null ? "" : first.reason().label();
    }

    @Override
    public String toString() {
      return "%s: %s and %s, the first %s: %s"
          .formatted(
              file.path(),
              Plural.of(documents, "document"),
              Plural.of(deadLetters, "dead letter"),
              reason(),
              first == null ? "" : first.detail());
    }
  }

  final List<InputFile> files;
  final List<Map<String, Object>> records = new ArrayList<>();
  final List<FieldSummary> fields;

  private final List<Loss> losses = new ArrayList<>();
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

  static long stored(List<InputFile> files) {
    return files.stream().mapToLong(InputFile::size).sum();
  }

  Map<InputFile, String> lost() {
    Map<InputFile, String> lost = new LinkedHashMap<>();
    losses.stream().filter(l -> l.documents == 0).forEach(l -> lost.put(l.file, l.reason()));
    return lost;
  }

  /** An estimate of the bytes of text of all files that are not lost. */
  long textBytes() {
    Map<InputFile, String> lost = lost();
    return files.stream().filter(f -> !lost.containsKey(f)).mapToLong(CorpusSurvey::text).sum();
  }

  private static long text(InputFile file) {
    long pages = file.format() == InputFormat.PARQUET ? 2 : 1; // its pages are compressed
    return pages * file.compression().textBytes(file.size());
  }

  void read(CorpusSettings settings, List<InputFile> all) throws IOException {
    UnitReader reader = new UnitReader(settings, null);
    long left = READ;
    List<InputFile> smallest =
        all.stream().sorted(Comparator.comparingLong(CorpusSurvey::text)).toList();
    for (InputFile file : smallest) {
      left -= text(file);
      if (left < 0) {
        break;
      }
      Loss loss = new Loss(file);
      reader.read(new WorkUnit(0, List.of(new FileRange(file, 0, file.size()))), loss);
      if (loss.deadLetters > 0) {
        losses.add(loss);
      }
      read += file.validation() ? 0 : 1;
    }
  }

  List<String> table() {
    List<String> lines = new ArrayList<>();
    String stored = TerminalText.bytes(stored(files));
    String text = TerminalText.bytes(textBytes());
    add(lines, "%s, %s stored, about %s of text", Plural.of(files.size(), "file"), stored, text);
    Map<InputFile, String> lost = lost();
    Map<String, List<InputFile>> byFormat =
        files.stream()
            .collect(
                Collectors.groupingBy(
                    file -> lost.containsKey(file) ? "not read" : file.format().spelled(),
                    TreeMap::new,
                    Collectors.toList()));
    add(lines, "%n%-10s %9s %10s  %s", "format", "files", "bytes", "such as");
    byFormat.forEach(
        (format, of) -> {
          String first = JobProposal.cut(of.get(0).path(), 60);
          String bytes = TerminalText.bytes(stored(of));
          add(lines, "%-10s %,9d %10s  %s", format, of.size(), bytes, first);
        });
    leftOut.toString().lines().forEach(line -> add(lines, "left out: %s", line));
    if (!fields.isEmpty()) {
      add(lines, "%n%-20s %7s  in %s", "field", "filled", Plural.of(records.size(), "record"));
    }
    for (FieldSummary field : fields) {
      double filled = 100.0 * field.records() / records.size();
      String kind = field.isIndex() ? "no name, as the index of a pandas table" : field.kind();
      add(lines, "%-20s %5.0f %%  %s", field.path(), filled, kind);
    }
    if (files.stream().anyMatch(f -> f.format().hasTextField() && !f.format().hasSegments())) {
      String told =
          "%nThe first row looks like data: it names a column %s. Put a row of names before it.";
      fields.stream()
          .filter(f -> f.isNamedAsValue() || f.path().equals(FieldSummary.UNNAMED) && !f.isIndex())
          .findFirst()
          .ifPresent(f -> add(lines, told, JobProposal.cut(f.path(), 60)));
    }
    if (read < files.size()) {
      String whole =
          read == 0
              ? "no file was"
              : String.format(Locale.ROOT, "only the %,d smallest files were", read);
      add(lines, "%nSizes are estimates: %s read fully; `count` reads all.", whole);
    }
    return lines;
  }

  private static void add(List<String> lines, String format, Object... values) {
    Phrase.of(format, values).lines().forEach(lines::add);
  }

  /** The advice how the first chat that a run would drop becomes text, or "". */
  String chats() {
    DeadLetter lost = losses.isEmpty() ? null : losses.get(0).first;
    return lost == null ? "" : CorpusAccounts.chats(lost.raw());
  }

  List<String> warnings() {
    List<String> all = losses.stream().map(Loss::toString).collect(Collectors.toList());
    if (all.size() > NAMED) {
      all.subList(NAMED, all.size()).clear();
      all.add("%s have dead letters".formatted(Plural.of(losses.size(), "file")));
    }
    return all;
  }
}
