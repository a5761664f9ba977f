package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;
import org.merganser.corpus.kind.WholeJson;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.corpus.read.RecordSample;
import org.merganser.corpus.read.UnitReader;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.pipeline.output.deadletter.CorpusLosses;

/**
 * What {@code init} finds in a corpus: formats, the fields of the first records of some files, and
 * files that a run would drop. Cost: a megabyte of at most {@value #SAMPLED} files, or a row group
 * of Parquet, and {@value #READ} bytes of text, smaller files first. Of many files, it is what
 * {@link FormatSample} opens, of which those up to {@value #SMALL} bytes are read.
 */
final class CorpusSurvey {
  private static final int SAMPLED = 16;
  private static final int FOLDERS = 64;
  private static final long READ = 256_000_000;

  /** Of more files than a sample has, larger ones are not read. */
  private static final int SMALL = 1 << 16;

  private static final int MOST = 1 << 20;

  /** Rows of the table. */
  private static final int ROWS = 30;

  /** Those of the job that are not for validation. */
  List<InputFile> files;

  final Map<InputFile, List<Map<String, Object>>> samples = new LinkedHashMap<>();
  final List<Map<String, Object>> records = new ArrayList<>();
  final List<FieldSummary> fields;

  final UnreadFiles unread = new UnreadFiles();

  /** Sampled files whose first record is longer than what is read of it. */
  private final List<InputFile> longRecords = new ArrayList<>();

  private final SkippedInputs skipped;
  private final FormatSample sample;
  private int read;

  CorpusSurvey(List<InputFile> files, SkippedInputs skipped, FormatSample sample)
      throws IOException {
    this.files = files;
    this.skipped = skipped;
    this.sample = sample;
    List<InputFile> structured = files.stream().filter(f -> f.format().hasTextField()).toList();
    for (InputFile file : sampled(structured)) {
      List<Map<String, Object>> some = RecordSample.of(file, bytes(sample));
      FileKind wrapped = file.format() == InputFormat.JSONL ? wrapped(file, some) : null;
      if (wrapped == null) {
        records.addAll(some);
        if (!some.isEmpty()) {
          samples.put(file, some);
        }
      } else {
        unread.add(file, wrapped);
      }
    }
    this.fields = FieldSummary.of(records);
  }

  /**
   * The bytes that are read of the beginning of a file: of many files few, since each takes time.
   */
  static int bytes(FormatSample sample) {
    return sample.isComplete() ? MOST : SMALL;
  }

  /**
   * The kind of a file that is one JSON value and holds several records; null for lines.
   *
   * @param some the records in the lines that were read
   */
  private @Nullable FileKind wrapped(InputFile file, List<Map<String, Object>> some)
      throws IOException {
    byte[] head = RecordSample.head(file, SMALL);
    FileKind kind = WholeJson.wrapped(head);
    if (kind != null || some.size() > 1) {
      return kind;
    }
    boolean cut = some.isEmpty() && head.length == SMALL;
    if (!cut && (some.isEmpty() || FieldProposal.hasUsualText(some.get(0)))) {
      return null;
    }
    boolean mayHaveLines = cut && !FormatSample.ending(file.path()).matches("\\.json(\\..*)?");
    kind = mayHaveLines ? null : WholeJson.ofOneLine(head);
    if (kind == null && cut) {
      longRecords.add(file);
    }
    return kind;
  }

  /** Some files from all parts of a listing, and one of each folder. */
  static List<InputFile> sampled(List<InputFile> structured) {
    Set<Integer> sampled = new TreeSet<>();
    int some = Math.min(SAMPLED, structured.size());
    for (int i = 0; i < some; i++) {
      sampled.add((int) ((long) i * structured.size() / some));
    }
    String last = "";
    for (int i = 0; i < structured.size() && sampled.size() < FOLDERS; i++) {
      String path = structured.get(i).path();
      String folder = path.substring(0, path.lastIndexOf('/') + 1);
      if (!folder.equals(last)) {
        sampled.add(i);
      }
      last = folder;
    }
    return sampled.stream().map(structured::get).toList();
  }

  static long stored(List<InputFile> files) {
    return files.stream().mapToLong(InputFile::size).sum();
  }

  /** The files that are not lost. */
  List<InputFile> read() {
    Map<InputFile, String> lost = unread.lost();
    return files.stream().filter(file -> !lost.containsKey(file)).toList();
  }

  /** An estimate of the bytes of text of all files that are not lost. */
  long textBytes() {
    return read().stream().mapToLong(CorpusSurvey::text).sum();
  }

  private static long text(InputFile file) {
    long pages = file.format() == InputFormat.PARQUET ? 2 : 1; // its pages are compressed
    return pages * file.compression().textBytes(file.size());
  }

  /** Looks at the kinds of files that are not text, and reads small files as a run would. */
  void read(CorpusSettings settings, List<InputFile> all) throws IOException {
    files = all.stream().filter(file -> !file.validation()).toList();
    findKinds(all);
    UnitReader reader = new UnitReader(settings, null);
    long left = READ;
    List<InputFile> smallest =
        all.stream().sorted(Comparator.comparingLong(CorpusSurvey::text)).toList();
    for (InputFile file : smallest) {
      if (unread.has(file)) {
        read++;
        continue;
      }
      if (!isSampled(file)) {
        continue;
      }
      left -= text(file);
      if (left < 0) {
        break;
      }
      UnreadFiles.Loss loss = new UnreadFiles.Loss(file);
      reader.read(new WorkUnit(0, List.of(new FileRange(file, 0, file.size()))), loss);
      unread.add(loss);
      if (!file.validation()) {
        read++;
      }
    }
  }

  private boolean isSampled(InputFile file) {
    return sample.isComplete() || sample.isOpened(file) && file.size() <= SMALL;
  }

  /** A file that was not opened is taken to be of the kind before it with its ending. */
  private void findKinds(List<InputFile> all) throws IOException {
    Map<String, FileKind> last = new HashMap<>();
    for (InputFile file : all) {
      if (file.format() != InputFormat.UNSUPPORTED) {
        continue;
      }
      String ending = FormatSample.ending(file.path());
      FileKind kind = last.get(ending);
      if (kind == null || sample.isOpened(file)) {
        kind =
            FileKindDetector.ofUnread(
                RecordSample.head(file, FileKindDetector.SAMPLE), file.path());
      }
      if (kind != null) {
        last.put(ending, kind);
        unread.add(file, kind);
      }
    }
  }

  List<String> table() {
    List<String> lines = new ArrayList<>();
    String stored = TerminalText.bytes(stored(files));
    String text = TerminalText.bytes(textBytes());
    add(lines, "%s, %s stored, about %s of text", Plural.of(files.size(), "file"), stored, text);
    Map<InputFile, String> lost = unread.lost();
    add(lines, "%n%-10s %-10s %9s %10s  %s", "format", "names", "files", "bytes", "such as");
    Map<String, List<InputFile>> rows = new TreeMap<>();
    for (InputFile file : files) {
      rows.computeIfAbsent(format(file, lost) + lost.get(file), r -> new ArrayList<>()).add(file);
    }
    rows.entrySet().stream()
        .sorted(Comparator.comparingInt(row -> -row.getValue().size()))
        .limit(ROWS)
        .forEach(row -> add(lines, "%s", row(row.getValue(), lost)));
    if (rows.size() > ROWS) {
      add(lines, "and %s more", Plural.of(rows.size() - ROWS, "kind of name"));
    }
    skipped.toString().lines().forEach(line -> add(lines, "left out: %s", line));
    if (!fields.isEmpty()) {
      add(lines, "%n%-20s %7s  in %s", "field", "filled", Plural.of(records.size(), "record"));
    }
    for (FieldSummary field : fields) {
      double filled = 100.0 * field.records() / records.size();
      String kind = field.isIndex() ? "no name, as the index of a pandas table" : field.kind();
      add(lines, "%-20s %5.0f %%  %s", field.path(), filled, kind);
    }
    if (!sample.isComplete()) {
      List<InputFile> opened = files.stream().filter(sample::isOpened).toList();
      String told =
          "%nFormats are those of %s: %s, evenly spread to %s. Others are taken to be like them.";
      String first = JobProposal.cut(opened.get(0).path(), 60);
      String last = JobProposal.cut(opened.get(opened.size() - 1).path(), 60);
      add(lines, told, Plural.of(opened.size(), "file"), first, last);
    }
    if (!longRecords.isEmpty()) {
      add(lines, "%nThe fields above are not those of %s.", longRecords());
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

  /** The sampled files whose fields are unknown, with the reason; "" without any. */
  String longRecords() {
    return longRecords.isEmpty()
        ? ""
        : "%s, whose first record is longer than the %s that init reads"
            .formatted(UnreadFiles.named(longRecords), TerminalText.bytes(bytes(sample)));
  }

  private static String format(InputFile file, Map<InputFile, String> lost) {
    String ending = FormatSample.ending(file.path());
    return Phrase.of(
        "%-10s %-10s",
        lost.containsKey(file) ? "not read" : file.format().spelled(),
        ending.isEmpty() ? "-" : ending);
  }

  private static String row(List<InputFile> of, Map<InputFile, String> lost) {
    InputFile first = of.get(0);
    String why = lost.get(first);
    return Phrase.of(
        "%s %,9d %10s  %s%s",
        format(first, lost),
        of.size(),
        TerminalText.bytes(stored(of)),
        JobProposal.cut(first.path(), 60),
        why == null ? "" : ": " + why);
  }

  private static void add(List<String> lines, String format, Object... values) {
    Phrase.of(format, values).lines().forEach(lines::add);
  }

  /** The advice how the first chat that a run would drop becomes text, or "". */
  String chats() {
    DeadLetter lost = unread.first();
    return lost == null ? "" : CorpusLosses.chatAdvice(lost.raw());
  }
}
