package org.merganser.cli.init;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.corpus.read.FileBeginning;
import org.merganser.corpus.read.UnitReader;
import org.merganser.pipeline.output.deadletter.CorpusLosses;
import org.merganser.text.scan.CutRule;

/**
 * What {@code init} finds in a corpus: the formats of its files, the {@link CorpusSample}, and the
 * files of which a run would not read all records. {@link SurveyTable} shows it.
 *
 * <p>Cost: {@value #MOST_READ} bytes of text, smaller files first. Of many files, it is what {@link
 * FormatSample} opens, of which those up to {@value SampledFiles#SHORT_BEGINNING} bytes are read.
 */
final class CorpusSurvey {
  /** The most bytes of text that are read to find dead letters. */
  private static final long MOST_READ = 256_000_000;

  private final CorpusSample sample;
  private final List<InputFile> files;
  private final SkippedInputs skipped;
  private final UnreadFiles unread = new UnreadFiles();
  private int filesRead;

  private CorpusSurvey(CorpusSample sample, List<InputFile> files, SkippedInputs skipped) {
    this.sample = sample;
    this.files = files;
    this.skipped = skipped;
  }

  /**
   * Finds the kinds of files that are not text, and reads small files as a run would.
   *
   * @param sample of the files that are trained on
   * @param settings how the job reads the corpus
   * @param all files of the job, with those for validation
   * @param skipped what the listing left out
   */
  static CorpusSurvey read(
      CorpusSample sample, CorpusSettings settings, List<InputFile> all, SkippedInputs skipped)
      throws IOException {
    List<InputFile> files = all.stream().filter(file -> !file.validation()).toList();
    CorpusSurvey survey = new CorpusSurvey(sample, files, skipped);
    survey.addKindsOfWholeJson();
    survey.addKindsOfUnsupported(all);
    survey.filesRead = survey.readSmallest(settings, all);
    return survey;
  }

  /** Adds the sampled files that are one JSON value to {@link #unread}. */
  private void addKindsOfWholeJson() {
    for (InputFile file : files) {
      FileKind kind = sample.wholeJsonKind(file);
      if (kind != null) {
        unread.add(file, kind);
      }
    }
  }

  /**
   * Adds the files of formats that no run reads to {@link #unread}. A file that was not opened has
   * the kind of the last file before it with the same ending.
   */
  private void addKindsOfUnsupported(List<InputFile> all) throws IOException {
    Map<String, FileKind> lastOfEnding = new HashMap<>();
    for (InputFile file : all) {
      if (file.format() != InputFormat.UNSUPPORTED) {
        continue;
      }
      String ending = FormatSample.ending(file.path());
      FileKind kind = lastOfEnding.get(ending);
      if (kind == null || formatSample().isOpened(file)) {
        kind =
            FileKindDetector.ofUnread(
                FileBeginning.bytes(file, FileKindDetector.SAMPLE), file.path());
      }
      if (kind != null) {
        lastOfEnding.put(ending, kind);
        unread.add(file, kind);
      }
    }
  }

  /**
   * Reads the smallest files to their ends as a run would, and adds those with dead letters to
   * {@link #unread}.
   *
   * @return see {@link #filesRead()}
   */
  private int readSmallest(CorpusSettings settings, List<InputFile> all) throws IOException {
    CutRule cutNowhere = null;
    UnitReader reader = new UnitReader(settings, cutNowhere);
    List<InputFile> smallestFirst =
        all.stream().sorted(Comparator.comparingLong(CorpusSurvey::textBytes)).toList();
    int knownFiles = 0;
    long bytesLeft = MOST_READ;
    for (InputFile file : smallestFirst) {
      if (!unread.hasKind(file)) {
        if (!mayBeRead(file)) {
          continue;
        }
        bytesLeft -= textBytes(file);
        if (bytesLeft < 0) {
          break;
        }
        unread.add(losses(file, reader));
      }
      if (!file.validation()) {
        knownFiles++;
      }
    }
    return knownFiles;
  }

  /** Reads a file to its end. */
  private static FileLosses losses(InputFile file, UnitReader reader) throws IOException {
    FileLosses losses = new FileLosses(file);
    reader.read(new WorkUnit(0, List.of(new FileRange(file, 0, file.size()))), losses);
    return losses;
  }

  /** Whether a file is read to its end, if the files before it leave bytes for it. */
  private boolean mayBeRead(InputFile file) {
    return formatSample().isComplete()
        || (formatSample().isOpened(file) && file.size() <= SampledFiles.SHORT_BEGINNING);
  }

  /** The files that are trained on. */
  List<InputFile> files() {
    return files;
  }

  /** What the listing left out. */
  SkippedInputs skipped() {
    return skipped;
  }

  /** The files that were opened for the listing. */
  FormatSample formatSample() {
    return sample.formatSample();
  }

  /** The first records of some files. */
  CorpusSample sample() {
    return sample;
  }

  /** The files that a run would not read, or not all of their records. */
  UnreadFiles unread() {
    return unread;
  }

  /**
   * The number of {@link #files} that were read to their ends, or are of a kind that no run reads,
   * up to the size of the first file for which no bytes were left.
   */
  int filesRead() {
    return filesRead;
  }

  /** The {@link #files} from which a run would read at least one document, as far as is known. */
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

  /** The advice how the first dead letter becomes text if it is a chat; else "". */
  String chatAdvice() {
    DeadLetter lost = unread.firstDeadLetter();
    return lost == null ? "" : CorpusLosses.chatAdvice(lost.raw());
  }
}
