package org.merganser.corpus.read;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Objects;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.RangeDigest;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.decode.DecodedInput;
import org.merganser.corpus.decode.StoredInput;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;

/**
 * Reads the documents that begin in a range of a file, with the reader of its format. Buffers are
 * reused from range to range.
 */
final class RangeReader {
  /** Reads the records of the open window that begin before {@code to}; returns their bytes. */
  @FunctionalInterface
  private interface RecordsReader {
    long read(long to) throws IOException;
  }

  /** The bytes that a record may have besides twice its text, as {@link #recordLimit} says. */
  private static final long OTHER_FIELDS_BYTES = 1 << 16;

  /** Follows the limit in the detail of a part that is too large. */
  private static final String ADVICE = CutGrid.WHOLE_LIMIT_KEY + ", and it cannot be cut";

  private final CorpusSettings settings;
  private final InputFields fields;

  /** Where documents above the limit are cut. */
  private final CutGrid grid;

  private final WholeDocumentMemory memory =
      new WholeDocumentMemory(Runtime.getRuntime().maxMemory());

  /** Sums the stored bytes of the range that is read. */
  private final RangeDigest stored;

  private final ByteWindow window = new ByteWindow();

  /** Sums the bytes of dead letters that are not in memory. */
  private final MessageDigest letters = Sha256.newDigest();

  /** Receives bytes that are only read for the sum of a range. */
  private final byte[] scratch = new byte[1 << 16];

  /**
   * @param grid cuts documents above the limit
   * @param stored receives the stored bytes of each range; the caller begins and reads it
   */
  RangeReader(CorpusSettings settings, CutGrid grid, RangeDigest stored) {
    this.settings = settings;
    this.fields = new InputFields(settings);
    this.grid = grid;
    this.stored = stored;
  }

  /** The damage in the stream of the range that was read last; null if there is none. */
  @Nullable DamagedStreamException damage() {
    return window.damage();
  }

  /**
   * Reads the documents that begin in a range.
   *
   * @return the uncompressed bytes of their records; the stored bytes of the range for formats that
   *     are not a stream
   */
  long read(FileRange range, RecordSink sink) throws IOException {
    return switch (range.file().format()) {
      case TEXT -> readText(range, sink);
      case LINES -> readLines(range, sink);
      case PARAGRAPHS -> readParagraphs(range, sink);
      case SEPARATED -> readSeparated(range, sink);
      case JSONL -> readJsonLines(range, sink);
      case JSON -> readJson(range, sink);
      case CSV, TSV, CSV_WITH_TABS, CSV_WITH_SEMICOLONS, CSV_WITH_BARS ->
          readCsv(range, sink, Objects.requireNonNull(range.file().format().separator()));
      case WARC -> readWarc(range, sink);
      case PARQUET -> readParquet(range, sink);
      case UNSUPPORTED -> refuseUnsupported(range, sink);
      case AUTO -> throw new IllegalArgumentException(range + " was planned without its format");
    };
  }

  private long readLines(FileRange range, RecordSink sink) throws IOException {
    RecordSplitter splitter = textSplitter(new LineEnd(window), sink);
    return readRecords(range, Math.max(0, range.start() - 1), splitter);
  }

  private long readParagraphs(FileRange range, RecordSink sink) throws IOException {
    RecordSplitter splitter = textSplitter(new ParagraphEnd(window), sink);
    return readRecords(range, ParagraphEnd.placeBefore(range), splitter);
  }

  private long readSeparated(FileRange range, RecordSink sink) throws IOException {
    String own = range.file().source().separator();
    String named = own == null ? Objects.requireNonNull(settings.separator()) : own;
    byte[] separator = new DocumentSeparator(named).bytes();
    RecordSplitter splitter = textSplitter(new SeparatedDocumentEnd(window, separator), sink);
    return readRecords(range, SeparatedDocumentEnd.placeBefore(range, separator.length), splitter);
  }

  /**
   * Reads the records that begin in a range.
   *
   * @param inside as of {@link RecordSplitter#read}
   */
  private long readRecords(FileRange range, long inside, RecordSplitter splitter)
      throws IOException {
    return readStream(range, inside, to -> splitter.read(range.start(), to, inside));
  }

  /** Splits a file into records that are their own text. */
  private RecordSplitter textSplitter(RecordEnd end, RecordSink sink) {
    IOConsumer<RawRecord> content =
        record -> {
          if (record.length() == 0) {
            sink.countBlank();
          } else {
            String noGroup = null;
            sink.passDocument(TextRecord.of(record, sink.id(record.offset()), noGroup));
          }
        };
    PartCutter cutter = partCutter(grid, sink, ADVICE);
    return new RecordSplitter(window, end, sink, cutter, memory, grid.limit(), content);
  }

  /**
   * A cutter of documents that are not completely in memory.
   *
   * @param advice follows the limit in the detail of a part that is too large
   */
  private PartCutter partCutter(CutGrid cuts, RecordSink sink, String advice) {
    return new PartCutter(cuts, window, sink, letters, memory, advice);
  }

  /** A cutter of texts in memory; texts with segments are not cut. */
  private MemoryCutter memoryCutter(RecordFields ofFile, RecordSink sink) {
    CutGrid cuts = ofFile.segmented() ? CutGrid.withoutCuts(grid.limit(), grid.wholeLimit()) : grid;
    return new MemoryCutter(cuts, sink, memory);
  }

  private long readJsonLines(FileRange range, RecordSink sink) throws IOException {
    JsonToDocument content = jsonToDocument("line", range.file(), sink);
    RecordSplitter splitter = recordSplitter(new LineEnd(window), sink, "a line of JSON", content);
    return readRecords(range, Math.max(0, range.start() - 1), splitter);
  }

  private long readJson(FileRange range, RecordSink sink) throws IOException {
    JsonItemEnd end = new JsonItemEnd(window);
    JsonToDocument items = jsonToDocument("item", range.file(), sink);
    JsonItemToDocument content = new JsonItemToDocument(items, end, sink);
    RecordSplitter splitter = recordSplitter(end, sink, "an item of JSON", content);
    return readStream(
        range,
        0,
        to -> {
          long first = JsonArrayStart.firstItem(window);
          if (first < 0) {
            JsonArrayStart.refuseFile(window, sink, new UnheldRecord(window, sink, letters));
            return window.limit();
          }
          long rawBytes = first + splitter.read(first, to, first);
          content.reportMissingEnd(window);
          return rawBytes;
        });
  }

  /**
   * Takes the records of a file of JSON.
   *
   * @param noun what a record of the file is called in messages
   */
  private JsonToDocument jsonToDocument(String noun, InputFile file, RecordSink sink) {
    RecordFields ofFile = fields.of(file);
    MemoryCutter cutter = memoryCutter(ofFile, sink);
    return new JsonToDocument(noun, ofFile, settings.invalidUtf8(), sink, cutter);
  }

  private long readCsv(FileRange range, RecordSink sink, char separator) throws IOException {
    if (range.start() > 0) {
      throw new IllegalArgumentException(
          range + " is a part of a CSV file, which one reader must read");
    }
    RecordFields ofFile = fields.of(range.file());
    CsvToDocument content = new CsvToDocument(ofFile, separator, sink, memoryCutter(ofFile, sink));
    RecordEnd end = new CsvRecordEnd(window, separator, grid.limit());
    RecordSplitter splitter = recordSplitter(end, sink, "a record of CSV", content);
    long rawBytes = readStream(range, 0, to -> splitter.read(0, to, 0));
    String problem = content.problemWithoutRecords();
    if (problem != null) {
      sink.refuseFile(Reason.MISSING_TEXT, problem);
    }
    return rawBytes;
  }

  /**
   * Splits a file into records with fields, of which each is held in memory.
   *
   * @param noun what a record is called in messages
   * @param content takes each record
   */
  private RecordSplitter recordSplitter(
      RecordEnd end, RecordSink sink, String noun, IOConsumer<RawRecord> content) {
    long most = recordLimit(grid.wholeLimit());
    String advice =
        " (twice corpus.maxWholeDocumentBytes and 64 KiB, at most 1 GiB), and "
            + noun
            + " cannot be cut";
    PartCutter cutter = partCutter(CutGrid.withoutCuts(most, most), sink, advice);
    long unreservedLimit = recordLimit(grid.limit());
    return new RecordSplitter(window, end, sink, cutter, memory, unreservedLimit, content);
  }

  /**
   * The most bytes of a record: twice those of its text, since escapes take more bytes than what
   * they mean, and {@link #OTHER_FIELDS_BYTES} for other fields; at most what one array may have.
   */
  private static long recordLimit(long textLimit) {
    return Math.min(CorpusSettings.MAX_DOCUMENT_BYTES, 2 * textLimit + OTHER_FIELDS_BYTES);
  }

  /**
   * Opens the window at a place of a file, reads records from it, and then the rest of the range
   * for its sum.
   *
   * @param begin the place; 0 in a compressed file
   */
  private long readStream(FileRange range, long begin, RecordsReader records) throws IOException {
    try (StoredInput in = StoredInput.open(range, begin, stored);
        DecodedInput decoded = new DecodedInput(in, range.file().compression())) {
      window.open(decoded, begin);
      boolean last = range.end() == range.file().size();
      long rawBytes = records.read(last ? Long.MAX_VALUE : range.end());
      in.finish(scratch);
      return rawBytes;
    }
  }

  private long readText(FileRange range, RecordSink sink) throws IOException {
    PartCutter cutter = partCutter(grid, sink, ADVICE);
    TextFileReader reader = new TextFileReader(grid, window, sink, cutter);
    return readStream(range, reader.placeBefore(range), to -> reader.read(range, to));
  }

  private long readWarc(FileRange range, RecordSink sink) throws IOException {
    PartCutter cutter = partCutter(grid, sink, ADVICE);
    UnheldRecord unheld = new UnheldRecord(window, sink, letters);
    RecordFields ofFile = fields.of(range.file());
    WarcReader reader = new WarcReader(ofFile, grid.limit(), window, sink, cutter, unheld);
    return readStream(range, 0, to -> reader.read());
  }

  private long readParquet(FileRange range, RecordSink sink) throws IOException {
    RecordFields ofFile = fields.of(range.file());
    MemoryCutter cutter = memoryCutter(ofFile, sink);
    new ParquetRangeReader(ofFile, settings.invalidUtf8(), sink, cutter).read(range);
    // Parquet is read column by column, so the bytes of the range are digested in a separate pass.
    try (StoredInput in = StoredInput.open(range, range.start(), stored)) {
      in.finish(scratch);
    }
    return range.end() - range.start();
  }

  /**
   * Reports one dead letter for a file that is not read, with what it is; returns the stored bytes
   * of the range.
   */
  private long refuseUnsupported(FileRange range, RecordSink sink) throws IOException {
    InputFile file = range.file();
    byte[] head;
    try (StoredInput in = StoredInput.open(range, 0, stored);
        DecodedInput decoded = new DecodedInput(in, file.compression())) {
      head = decoded.head(FileKindDetector.SAMPLE);
      in.finish(scratch);
    }
    FileKind kind = FileKindDetector.ofUnread(head, file.path());
    // An image has no text that is lost: it counts like any record that is not UTF-8.
    boolean withoutText = kind != null && !kind.holdsText();
    Reason reason = withoutText ? Reason.INVALID_UTF8 : Reason.UNSUPPORTED;
    sink.refuseFile(reason, kind == null ? unsupportedDetail() : kind.message());
    return range.end() - range.start();
  }

  /** Why a file of no known kind is not read. */
  private String unsupportedDetail() {
    if (settings.segmentsField() != null) {
      return "the file has no segments (corpus.segmentsField); JSON and Parquet have";
    }
    return settings.splitField() == null
        ? "the file is no text"
        : "the records of the file have no fields, of which one names their split"
            + " (corpus.splitField); leave it out with corpus.exclude";
  }
}
