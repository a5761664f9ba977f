package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.merganser.pipeline.output.deadletter.CorpusLosses;

/**
 * What {@code init} finds in a corpus: formats, the fields of the first records of some files, and
 * files that a run would drop. {@link SurveyTable} shows it.
 *
 * <p>Cost: the first megabyte, or a row group of Parquet, of {@value SampledFiles#SPREAD} files and
 * of one file of each folder, at most {@value SampledFiles#MOST} together; then {@value #MOST_READ}
 * bytes of text, smaller files first. Of many files, it is what {@link FormatSample} opens, of
 * which those up to {@value SampledFiles#SHORT_BEGINNING} bytes are read.
 */
final class CorpusSurvey {
  /** The most bytes of text that {@link #findUnread} reads. */
  private static final long MOST_READ = 256_000_000;

  /** The files of the job that are not for validation. */
  private List<InputFile> files;

  private final SkippedInputs skipped;
  private final FormatSample formatSample;
  private final Map<InputFile, List<Map<String, Object>>> samples = new LinkedHashMap<>();
  private final SampledFields sampledFields;
  private final UnreadFiles unread = new UnreadFiles();

  /** Sampled files whose first record is longer than what is read of it. */
  private final List<InputFile> longRecords = new ArrayList<>();

  /** Counts the files that {@link #findUnread} has read fully, or whose kind it knows. */
  private int filesRead;

  /**
   * Reads the first records of some files.
   *
   * @param files that are not for validation
   * @param skipped what the listing left out
   * @param formatSample the files that were opened for the listing
   */
  CorpusSurvey(List<InputFile> files, SkippedInputs skipped, FormatSample formatSample)
      throws IOException {
    this.files = files;
    this.skipped = skipped;
    this.formatSample = formatSample;
    List<InputFile> structured = files.stream().filter(f -> f.format().hasTextField()).toList();
    for (InputFile file : SampledFiles.of(structured)) {
      List<Map<String, Object>> records =
          RecordSample.of(file, SampledFiles.beginningBytes(formatSample));
      FileKind whole = file.format() == InputFormat.JSONL ? kindOfWholeJson(file, records) : null;
      if (whole != null) {
        unread.add(file, whole);
      } else if (!records.isEmpty()) {
        samples.put(file, records);
      }
    }
    sampledFields = SampledFields.of(samples.values().stream().flatMap(List::stream).toList());
  }

  /**
   * The kind of a file that is one JSON value and holds several records; null for lines. Adds a
   * file whose first record is too long to {@link #longRecords}.
   *
   * @param records those in the lines that were read
   */
  private @Nullable FileKind kindOfWholeJson(InputFile file, List<Map<String, Object>> records)
      throws IOException {
    byte[] head = RecordSample.head(file, SampledFiles.SHORT_BEGINNING);
    FileKind ofRecords = WholeJson.wrapped(head);
    if (ofRecords != null || records.size() > 1) {
      return ofRecords;
    }
    boolean isCut = records.isEmpty() && head.length == SampledFiles.SHORT_BEGINNING;
    if (!isCut && (records.isEmpty() || TextFieldProposal.hasUsualText(records.get(0)))) {
      return null;
    }
    boolean mayHaveLines = isCut && !FormatSample.ending(file.path()).matches("\\.json(\\..*)?");
    FileKind ofOneLine = mayHaveLines ? null : WholeJson.ofOneLine(head);
    if (ofOneLine == null && isCut) {
      longRecords.add(file);
    }
    return ofOneLine;
  }

  /**
   * Finds the files of which a run would not read all records: those whose kind is not text, and
   * small files with dead letters, which it reads as a run would.
   *
   * @param settings how the job reads the corpus
   * @param all files of the job, with those for validation
   */
  void findUnread(CorpusSettings settings, List<InputFile> all) throws IOException {
    files = all.stream().filter(file -> !file.validation()).toList();
    findKinds(all);
    UnitReader reader = new UnitReader(settings, null);
    List<InputFile> smallestFirst =
        all.stream().sorted(Comparator.comparingLong(CorpusSurvey::textBytes)).toList();
    long bytesLeft = MOST_READ;
    for (InputFile file : smallestFirst) {
      if (unread.hasKind(file)) {
        filesRead++;
      } else if (isReadFully(file)) {
        bytesLeft -= textBytes(file);
        if (bytesLeft < 0) {
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
  }

  /**
   * Finds the kinds of files in other formats. A file that was not opened has the kind of the last
   * file before it with the same ending.
   */
  private void findKinds(List<InputFile> all) throws IOException {
    Map<String, FileKind> lastOfEnding = new HashMap<>();
    for (InputFile file : all) {
      if (file.format() != InputFormat.UNSUPPORTED) {
        continue;
      }
      String ending = FormatSample.ending(file.path());
      FileKind kind = lastOfEnding.get(ending);
      if (kind == null || formatSample.isOpened(file)) {
        kind =
            FileKindDetector.ofUnread(
                RecordSample.head(file, FileKindDetector.SAMPLE), file.path());
      }
      if (kind != null) {
        lastOfEnding.put(ending, kind);
        unread.add(file, kind);
      }
    }
  }

  /** Whether a file is read to its end, if the files before it leave bytes for it. */
  private boolean isReadFully(InputFile file) {
    return formatSample.isComplete()
        || (formatSample.isOpened(file) && file.size() <= SampledFiles.SHORT_BEGINNING);
  }

  /** The files that are not for validation. */
  List<InputFile> files() {
    return files;
  }

  /** What the listing left out. */
  SkippedInputs skipped() {
    return skipped;
  }

  /** The files that were opened for the listing. */
  FormatSample formatSample() {
    return formatSample;
  }

  /** The first records of the sampled files that have some. */
  Map<InputFile, List<Map<String, Object>>> samples() {
    return samples;
  }

  /** The fields of all these records. */
  List<FieldSummary> fields() {
    return sampledFields.fields();
  }

  /** The number of these records. */
  int records() {
    return sampledFields.records();
  }

  /** The files that a run would not read, or not all of their records. */
  UnreadFiles unread() {
    return unread;
  }

  /** The number of files that {@link #findUnread} has read fully, or whose kind it knows. */
  int filesRead() {
    return filesRead;
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

  /** An estimate of the bytes of text in a file. */
  private static long textBytes(InputFile file) {
    long ratio = file.format() == InputFormat.PARQUET ? 2 : 1; // pages of Parquet are compressed
    return ratio * file.compression().textBytes(file.size());
  }

  /** The sum of the sizes of files, compressed as they are. */
  static long storedBytes(List<InputFile> files) {
    return files.stream().mapToLong(InputFile::size).sum();
  }

  /** The sampled files whose fields are unknown, with the reason; "" without any. */
  String longRecords() {
    return longRecords.isEmpty()
        ? ""
        : "%s, whose first record is longer than the %s that init reads"
            .formatted(
                ProposedText.files(longRecords),
                TerminalText.bytes(SampledFiles.beginningBytes(formatSample)));
  }

  /** The advice how the first chat that a run would drop becomes text; "" without a chat. */
  String chatAdvice() {
    DeadLetter lost = unread.firstDeadLetter();
    return lost == null ? "" : CorpusLosses.chatAdvice(lost.raw());
  }
}
