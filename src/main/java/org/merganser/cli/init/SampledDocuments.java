package org.merganser.cli.init;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;

/**
 * The beginnings of some documents as a job reads them, from the first, a middle and the last file,
 * so that a person sees what a document is. A file is read until it has given its share.
 */
final class SampledDocuments {
  /** The most documents of all files together. */
  private static final int MOST_DOCUMENTS = 3;

  /** The code points of a text that are shown. */
  private static final int SHOWN = 200;

  /** A larger document is read in parts of this size, of which the first is shown. */
  private static final int MOST_BYTES = 1 << 16;

  /**
   * The bytes that are decoded to show a text. A code point has at most four; there is one more
   * than are shown, so that an ellipsis follows these, and another that may be cut.
   */
  private static final int MOST_BYTES_SHOWN = 4 * (SHOWN + 2);

  private final List<String> lines = new ArrayList<>();

  private SampledDocuments() {}

  /**
   * Reads the documents.
   *
   * @param settings of the job
   * @param files that hold text
   */
  static SampledDocuments read(CorpusSettings settings, List<InputFile> files) throws IOException {
    SampledDocuments documents = new SampledDocuments();
    UnitReader reader =
        new UnitReader(
            settings.toBuilder().maxDocumentBytes(MOST_BYTES).build(),
            (text, from, to) -> to - 1); // cut anywhere
    Set<InputFile> chosen = choose(files);
    int filesLeft = chosen.size();
    for (InputFile file : chosen) { // no more files than documents, so that each has a share
      int documentsLeft = MOST_DOCUMENTS - documents.lines.size();
      int share = (documentsLeft + filesLeft - 1) / filesLeft; // rounded up
      documents.read(reader, file, share);
      filesLeft--;
    }
    return documents;
  }

  /** A line for each document: its id, and the first characters of its text. */
  List<String> lines() {
    return lines;
  }

  /**
   * What a document is, in a sentence without its end.
   *
   * @param formats that a run reads; at least one, each once
   * @param separator the line between documents of {@link InputFormat#SEPARATED}; null without them
   */
  static String heading(List<InputFormat> formats, @Nullable String separator) {
    if (formats.size() > 1) {
      return "The first documents";
    }
    return switch (formats.get(0)) {
      case TEXT -> "Each file is one document";
      case LINES -> "Each line is one document";
      case PARAGRAPHS -> "Each paragraph between blank lines is one document";
      case SEPARATED ->
          "What is between two lines "
              + ProposedText.quoted(String.valueOf(separator))
              + " is one document";
      case JSONL -> "Each line is a record, and each record is one document";
      case JSON -> "Each item of the array is one document";
      case PARQUET -> "Each row is one document";
      case WARC -> "Each record of text is one document";
      case CSV, TSV, CSV_WITH_TABS, CSV_WITH_SEMICOLONS, CSV_WITH_BARS ->
          "Each row of the table is one document";
      case AUTO, UNSUPPORTED -> throw new IllegalArgumentException("no run reads such files");
    };
  }

  /** The first, a middle and the last file, as far as they are different ones. */
  private static Set<InputFile> choose(List<InputFile> files) {
    Set<InputFile> chosen = new LinkedHashSet<>();
    if (!files.isEmpty()) {
      int last = files.size() - 1;
      chosen.add(files.get(0));
      chosen.add(files.get(last / 2));
      chosen.add(files.get(last));
    }
    return chosen;
  }

  /**
   * Adds the lines of the first documents of a file, at most {@code most}, which is not 0. If a
   * checksum fails, the reader repeats the attempt, and the lines of the first one are not added.
   */
  private void read(UnitReader reader, InputFile file, int most) throws IOException {
    WorkUnit unit = new WorkUnit(0, List.of(new FileRange(file, 0, file.size())));
    lines.addAll(
        reader.readOnce(
            () -> {
              List<String> found = new ArrayList<>();
              try {
                reader.read(unit, new Collector(found, most));
              } catch (Enough enough) {
                return found; // the rest of the file is not needed
              }
              return found;
            }));
  }

  /** Ends the reading of a file. */
  private static final class Enough extends IOException {}

  /** Collects lines, and ends the reading when there are {@code most}. */
  private record Collector(List<String> found, int most) implements DocumentHandler {
    @Override
    public void document(Document document) throws IOException {
      if (document.part > 0 || document.split == DatasetSplit.TEST) {
        return;
      }
      String text =
          new String(
              document.text, document.from, Math.min(document.length(), MOST_BYTES_SHOWN), UTF_8);
      if (text.isBlank()) {
        return;
      }
      found.add(ProposedText.path(document.id) + ": " + ProposedText.cut(text, SHOWN));
      if (found.size() == most) {
        throw new Enough();
      }
    }

    /** Does nothing: {@link UnreadFiles} reports dead letters. */
    @Override
    public void deadLetter(DeadLetter letter) {}
  }
}
