package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.WholeJson;
import org.merganser.corpus.plan.FormatSample;
import org.merganser.corpus.read.FileBeginning;
import org.merganser.corpus.read.RecordSample;

/**
 * The first records of some files of a corpus, by which {@code init} chooses fields. {@link
 * SampledFiles} chooses the files and how far they are read; of a Parquet file it is a row group.
 */
final class CorpusSample {
  private final FormatSample formatSample;
  private final Map<InputFile, List<Map<String, Object>>> records = new LinkedHashMap<>();

  /** By location, the kind of each sampled file that is one JSON value, and not lines. */
  private final Map<String, FileKind> wholeJsonKinds = new LinkedHashMap<>();

  /** Sampled files whose first record is longer than what is read of it. */
  private final List<InputFile> longRecords = new ArrayList<>();

  private CorpusSample(FormatSample formatSample) {
    this.formatSample = formatSample;
  }

  /**
   * Reads the first records of some files.
   *
   * @param files that are trained on
   * @param formatSample the files that were opened for the listing
   */
  static CorpusSample read(List<InputFile> files, FormatSample formatSample) throws IOException {
    CorpusSample sample = new CorpusSample(formatSample);
    List<InputFile> structured =
        files.stream().filter(file -> file.format().hasTextField()).toList();
    for (InputFile file : SampledFiles.of(structured)) {
      sample.read(file);
    }
    return sample;
  }

  /** Adds the first records of a file; or its kind, if it is one JSON value. */
  private void read(InputFile file) throws IOException {
    List<Map<String, Object>> found =
        RecordSample.of(file, SampledFiles.beginningBytes(formatSample));
    FileKind kind = file.format() == InputFormat.JSONL ? kindOfWholeJson(file, found) : null;
    if (kind != null) {
      wholeJsonKinds.put(file.location(), kind);
    } else if (!found.isEmpty()) {
      records.put(file, found);
    }
  }

  /**
   * The kind of a file that is one JSON value, over several lines or with several records; null for
   * lines, and if it is unknown. Adds a file whose first record is too long to {@link
   * #longRecords}.
   *
   * @param found the records in the lines that were read
   */
  private @Nullable FileKind kindOfWholeJson(InputFile file, List<Map<String, Object>> found)
      throws IOException {
    byte[] head = FileBeginning.bytes(file, SampledFiles.SHORT_BEGINNING);
    FileKind ofWrapper = WholeJson.wrapped(head);
    if (ofWrapper != null || found.size() > 1) {
      return ofWrapper; // a file of several records, and without a wrapper, has lines
    }
    if (found.size() == 1) {
      return TextFieldProposal.hasUsualText(found.get(0)) ? null : WholeJson.ofOneLine(head);
    }
    boolean isCut = head.length == SampledFiles.SHORT_BEGINNING;
    if (!isCut) {
      return null; // all of the file was read
    }
    boolean isNamedJson = FormatSample.ending(file.path()).matches("\\.json(\\..*)?");
    FileKind ofOneLine = isNamedJson ? WholeJson.ofOneLine(head) : null; // else it may have lines
    if (ofOneLine == null) {
      longRecords.add(file);
    }
    return ofOneLine;
  }

  /** The files that were opened for the listing. */
  FormatSample formatSample() {
    return formatSample;
  }

  /** The first records of the sampled files that have some. */
  Map<InputFile, List<Map<String, Object>>> records() {
    return records;
  }

  /** Summarizes the fields of all these records. */
  SampledFields fields() {
    return SampledFields.of(records.values().stream().flatMap(List::stream).toList());
  }

  /**
   * The kind of a sampled file that seems to be JSON lines and is one JSON value; null for any
   * other file.
   */
  @Nullable FileKind wholeJsonKind(InputFile file) {
    return wholeJsonKinds.get(file.location());
  }

  /** The sampled files whose fields are unknown, with the reason; "" without any. */
  String longRecordsPhrase() {
    return longRecords.isEmpty()
        ? ""
        : "%s, whose first record is longer than the %s that init reads"
            .formatted(
                ProposedText.files(longRecords),
                TerminalText.bytes(SampledFiles.beginningBytes(formatSample)));
  }
}
