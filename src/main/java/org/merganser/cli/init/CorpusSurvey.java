package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
 * files that a run would drop.
 *
 * <p>Cost: the first megabyte, or a row group of Parquet, of {@value #SAMPLED} files and of one
 * file of each folder, at most {@value #SAMPLED_WITH_FOLDERS} together; then {@value #MOST_READ}
 * bytes of text, smaller files first. Of many files, it is what {@link FormatSample} opens, of
 * which those up to {@value #SMALL} bytes are read.
 */
final class CorpusSurvey {
  private static final int SAMPLED = 16;
  private static final int SAMPLED_WITH_FOLDERS = 64;
  private static final long MOST_READ = 256_000_000;

  /** Of more files than a sample has, larger ones are not read. */
  private static final int SMALL = 1 << 16;

  /** The bytes of a sampled file that are read if all files are opened. */
  private static final int BEGINNING = 1 << 20;

  /** Rows of the table. */
  private static final int ROWS = 30;

  /** The files of the job that are not for validation. */
  private List<InputFile> files;

  private final Map<InputFile, List<Map<String, Object>>> samples = new LinkedHashMap<>();
  private final List<Map<String, Object>> records = new ArrayList<>();
  private final List<FieldSummary> fields;
  private final UnreadFiles unread = new UnreadFiles();

  /** Sampled files whose first record is longer than what is read of it. */
  private final List<InputFile> longRecords = new ArrayList<>();

  private final SkippedInputs skipped;
  private final FormatSample sample;

  /** The number of files that {@link #read} has read, or whose kind it knows. */
  private int filesRead;

  /**
   * Reads the first records of some files.
   *
   * @param files that are not for validation
   * @param skipped what the listing left out
   */
  CorpusSurvey(List<InputFile> files, SkippedInputs skipped, FormatSample sample)
      throws IOException {
    this.files = files;
    this.skipped = skipped;
    this.sample = sample;
    List<InputFile> structured = files.stream().filter(f -> f.format().hasTextField()).toList();
    for (InputFile file : sampled(structured)) {
      List<Map<String, Object>> some = RecordSample.of(file, beginningBytes(sample));
      FileKind whole = file.format() == InputFormat.JSONL ? kindOfWholeJson(file, some) : null;
      if (whole == null) {
        records.addAll(some);
        if (!some.isEmpty()) {
          samples.put(file, some);
        }
      } else {
        unread.add(file, whole);
      }
    }
    this.fields = FieldSummary.of(records);
  }

  /**
   * The bytes that are read of the beginning of a file: of many files few, since each takes time.
   */
  static int beginningBytes(FormatSample sample) {
    return sample.isComplete() ? BEGINNING : SMALL;
  }

  /** Some files from all parts of a listing, and the first of each folder. */
  static List<InputFile> sampled(List<InputFile> files) {
    Set<Integer> places = new TreeSet<>();
    int some = Math.min(SAMPLED, files.size());
    for (int i = 0; i < some; i++) {
      places.add((int) ((long) i * files.size() / some));
    }
    String last = "";
    for (int i = 0; i < files.size() && places.size() < SAMPLED_WITH_FOLDERS; i++) {
      String path = files.get(i).path();
      String folder = path.substring(0, path.lastIndexOf('/') + 1);
      if (!folder.equals(last)) {
        places.add(i);
      }
      last = folder;
    }
    return places.stream().map(files::get).toList();
  }

  /** The sum of the sizes of files, compressed as they are. */
  static long storedBytes(List<InputFile> files) {
    return files.stream().mapToLong(InputFile::size).sum();
  }

  /** The files that are not for validation. */
  List<InputFile> files() {
    return files;
  }

  /** The first records of the sampled files that have some. */
  Map<InputFile, List<Map<String, Object>>> samples() {
    return samples;
  }

  /** The fields of all these records. */
  List<FieldSummary> fields() {
    return fields;
  }

  /** The files that a run would not read, or not all of their records. */
  UnreadFiles unread() {
    return unread;
  }

  /** The files from which a run would read at least one document, as far as is known. */
  List<InputFile> readable() {
    Map<InputFile, String> lost = unread.lost();
    return files.stream().filter(file -> !lost.containsKey(file)).toList();
  }

  /** An estimate of the bytes of text in all {@link #readable} files. */
  long textBytes() {
    return readable().stream().mapToLong(CorpusSurvey::textBytes).sum();
  }

  /**
   * Finds the kinds of files that are not text, and reads small files as a run would, to find what
   * it would drop.
   *
   * @param all files of the job, with those for validation
   */
  void read(CorpusSettings settings, List<InputFile> all) throws IOException {
    files = all.stream().filter(file -> !file.validation()).toList();
    findKinds(all);
    UnitReader reader = new UnitReader(settings, null);
    long left = MOST_READ;
    List<InputFile> smallest =
        all.stream().sorted(Comparator.comparingLong(CorpusSurvey::textBytes)).toList();
    for (InputFile file : smallest) {
      if (unread.hasKind(file)) {
        filesRead++;
        continue;
      }
      if (!isSampled(file)) {
        continue;
      }
      left -= textBytes(file);
      if (left < 0) {
        break;
      }
      UnreadFiles.Loss loss = new UnreadFiles.Loss(file);
      reader.read(new WorkUnit(0, List.of(new FileRange(file, 0, file.size()))), loss);
      unread.add(loss);
      if (!file.validation()) {
        filesRead++;
      }
    }
  }

  /**
   * The kind of a file that is one JSON value and holds several records; null for lines. Adds a
   * file whose first record is too long to {@link #longRecords}.
   *
   * @param some the records in the lines that were read
   */
  private @Nullable FileKind kindOfWholeJson(InputFile file, List<Map<String, Object>> some)
      throws IOException {
    byte[] head = RecordSample.head(file, SMALL);
    FileKind ofRecords = WholeJson.wrapped(head);
    if (ofRecords != null || some.size() > 1) {
      return ofRecords;
    }
    boolean isCut = some.isEmpty() && head.length == SMALL;
    if (!isCut && (some.isEmpty() || FieldProposal.hasUsualText(some.get(0)))) {
      return null;
    }
    boolean mayHaveLines = isCut && !FormatSample.ending(file.path()).matches("\\.json(\\..*)?");
    FileKind ofOneLine = mayHaveLines ? null : WholeJson.ofOneLine(head);
    if (ofOneLine == null && isCut) {
      longRecords.add(file);
    }
    return ofOneLine;
  }

  /** An estimate of the bytes of text in a file. */
  private static long textBytes(InputFile file) {
    long ratio = file.format() == InputFormat.PARQUET ? 2 : 1; // pages of Parquet are compressed
    return ratio * file.compression().textBytes(file.size());
  }

  private boolean isSampled(InputFile file) {
    return sample.isComplete() || sample.isOpened(file) && file.size() <= SMALL;
  }

  /**
   * Finds the kinds of files in other formats. A file that was not opened has the kind of the last
   * file before it with the same ending.
   */
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

  /** What was found, as lines for a person. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    addFormats(lines);
    skipped.toString().lines().forEach(line -> add(lines, "left out: %s", line));
    addFields(lines);
    addLimits(lines);
    return lines;
  }

  /** Adds a row for each format and ending of names, those of most files first. */
  private void addFormats(List<String> lines) {
    String stored = TerminalText.bytes(storedBytes(files));
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
  }

  private void addFields(List<String> lines) {
    if (!fields.isEmpty()) {
      add(lines, "%n%-20s %7s  in %s", "field", "filled", Plural.of(records.size(), "record"));
    }
    for (FieldSummary field : fields) {
      double filled = 100.0 * field.records() / records.size();
      String kind = field.isIndex() ? "no name, as the index of a pandas table" : field.kind();
      add(lines, "%-20s %5.0f %%  %s", field.path(), filled, kind);
    }
  }

  /** Adds sentences about what was not opened, or not read fully. */
  private void addLimits(List<String> lines) {
    if (!sample.isComplete()) {
      List<InputFile> opened = files.stream().filter(sample::isOpened).toList();
      String sentences =
          "%nFormats are those of %s: %s, evenly spread to %s. Others are taken to be like them.";
      String first = ProposedText.path(opened.get(0).path());
      String last = ProposedText.path(opened.get(opened.size() - 1).path());
      add(lines, sentences, Plural.of(opened.size(), "file"), first, last);
    }
    if (!longRecords.isEmpty()) {
      add(lines, "%nThe fields above are not those of %s.", longRecords());
    }
    if (filesRead < files.size()) {
      String whole =
          filesRead == 0 ? "no file was" : Phrase.of("only the %,d smallest files were", filesRead);
      add(lines, "%nSizes are estimates: %s read fully; `count` reads all.", whole);
    }
  }

  /** The sampled files whose fields are unknown, with the reason; "" without any. */
  String longRecords() {
    return longRecords.isEmpty()
        ? ""
        : "%s, whose first record is longer than the %s that init reads"
            .formatted(UnreadFiles.named(longRecords), TerminalText.bytes(beginningBytes(sample)));
  }

  /** The advice how the first chat that a run would drop becomes text, or "". */
  String chats() {
    DeadLetter lost = unread.firstDeadLetter();
    return lost == null ? "" : CorpusLosses.chatAdvice(lost.raw());
  }

  /** The first two cells of the row of a file. */
  private static String format(InputFile file, Map<InputFile, String> lost) {
    String ending = FormatSample.ending(file.path());
    return Phrase.of(
        "%-10s %-10s",
        lost.containsKey(file) ? "not read" : file.format().spelled(),
        ending.isEmpty() ? "-" : ending);
  }

  private static String row(List<InputFile> files, Map<InputFile, String> lost) {
    InputFile first = files.get(0);
    String why = lost.get(first);
    return Phrase.of(
        "%s %,9d %10s  %s%s",
        format(first, lost),
        files.size(),
        TerminalText.bytes(storedBytes(files)),
        ProposedText.path(first.path()),
        why == null ? "" : ": " + why);
  }

  private static void add(List<String> lines, String format, Object... values) {
    Phrase.of(format, values).lines().forEach(lines::add);
  }
}
