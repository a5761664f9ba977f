package org.merganser.corpus.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.RangeDigest;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.SourceSettings;
import org.merganser.corpus.decode.DamagedStreamException;
import org.merganser.corpus.decode.DecodedInput;
import org.merganser.corpus.decode.StoredInput;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.RecordFields;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;
import org.merganser.store.FileStore;

/** Reads the documents that begin in a range of a file. Buffers are reused from range to range. */
final class RangeReader {
  /** Follows the limit in the detail of a part that is too large. */
  private static final String ADVICE = CutGrid.WHOLE_LIMIT_KEY + ", and it cannot be cut";

  private static final int MOST_LOOK_BACK = 1 << 28;

  private final CorpusSettings settings;

  /** The fields by the settings of an input, for formats without segments. */
  private final Map<SourceSettings, RecordFields> fields = new HashMap<>();

  /** The fields by the settings of an input, for formats that may have segments. */
  private final Map<SourceSettings, RecordFields> segmentFields = new HashMap<>();

  private final CutGrid grid;
  private final WholeDocumentMemory memory =
      new WholeDocumentMemory(Runtime.getRuntime().maxMemory());
  private final RangeDigest stored;
  private final ByteWindow window = new ByteWindow();

  /** Sums the bytes of dead letters that are not in memory. */
  private final MessageDigest parts = Sha256.newDigest();

  private final byte[] scratch = new byte[1 << 16];

  /**
   * @param stored receives the stored bytes of each range
   */
  RangeReader(CorpusSettings settings, CutGrid grid, RangeDigest stored) {
    this.settings = settings;
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
      case TEXT -> text(range, sink);
      case LINES -> lines(range, sink);
      case PARAGRAPHS -> paragraphs(range, sink);
      case SEPARATED -> separated(range, sink);
      case JSONL -> jsonLines(range, sink);
      case JSON -> json(range, sink);
      case CSV, TSV, CSV_WITH_TABS, CSV_WITH_SEMICOLONS, CSV_WITH_BARS ->
          csv(range, sink, Objects.requireNonNull(range.file().format().separator()));
      case WARC -> warc(range, sink);
      case PARQUET -> parquet(range, sink);
      case UNSUPPORTED -> unsupported(range, sink);
      case AUTO -> throw new IllegalArgumentException(range + " was planned without its format");
    };
  }

  private long lines(FileRange range, RecordSink sink) throws IOException {
    RecordSplitter splitter = textSplitter(new LineEnd(window), sink);
    long before = Math.max(0, range.start() - 1);
    return readStream(range, before, to -> splitter.read(range.start(), to, before));
  }

  private long paragraphs(FileRange range, RecordSink sink) throws IOException {
    RecordSplitter splitter = textSplitter(new ParagraphEnd(window), sink);
    long inside = range.start() == 0 ? 0 : lastNonBlank(range);
    return readStream(range, inside, to -> splitter.read(range.start(), to, inside));
  }

  private long separated(FileRange range, RecordSink sink) throws IOException {
    String own = range.file().source().separator();
    String named = own == null ? Objects.requireNonNull(settings.separator()) : own;
    byte[] separator = new DocumentSeparator(named).bytes();
    RecordSplitter splitter = textSplitter(new SeparatedDocument(window, separator), sink);
    long inside = SeparatedDocument.placeBefore(range, separator.length);
    return readStream(range, inside, to -> splitter.read(range.start(), to, inside));
  }

  /** Splits text into records that are documents. */
  private RecordSplitter textSplitter(RecordEnd end, RecordSink sink) {
    IOConsumer<RawRecord> content =
        record -> {
          if (record.length() == 0) {
            sink.blank();
          } else {
            sink.document(TextRecord.of(record, sink.id(record.offset()), null));
          }
        };
    PartCutter cutter = partCutter(grid, sink, ADVICE);
    return new RecordSplitter(window, end, sink, cutter, memory, grid.limit(), content);
  }

  private PartCutter partCutter(CutGrid cuts, RecordSink sink, String advice) {
    return new PartCutter(cuts, window, sink, parts, memory, advice);
  }

  private MemoryCutter memoryCutter(RecordFields taken, RecordSink sink) {
    CutGrid cuts = taken.segmented() ? CutGrid.withoutCuts(grid.limit(), grid.wholeLimit()) : grid;
    return new MemoryCutter(cuts, sink, memory);
  }

  private long jsonLines(FileRange range, RecordSink sink) throws IOException {
    RecordFields taken = fields(range);
    IOConsumer<RawRecord> content =
        new JsonToDocument("line", taken, settings.invalidUtf8(), sink, memoryCutter(taken, sink));
    RecordSplitter splitter = recordSplitter(new LineEnd(window), sink, "a line of JSON", content);
    long before = Math.max(0, range.start() - 1);
    return readStream(range, before, to -> splitter.read(range.start(), to, before));
  }

  private long json(FileRange range, RecordSink sink) throws IOException {
    RecordFields taken = fields(range);
    JsonItemEnd end = new JsonItemEnd(window);
    JsonToDocument items =
        new JsonToDocument("item", taken, settings.invalidUtf8(), sink, memoryCutter(taken, sink));
    JsonItemToDocument content = new JsonItemToDocument(items, end, sink);
    RecordSplitter splitter = recordSplitter(end, sink, "an item of JSON", content);
    return readStream(
        range,
        0,
        to -> {
          long first = JsonItemToDocument.begin(window);
          if (first < 0) {
            refuseAsNoArray(sink);
            return window.limit();
          }
          long rawBytes = first + splitter.read(first, to, first);
          content.reportMissingEnd(window);
          return rawBytes;
        });
  }

  /** Reports one dead letter for a file that is not one JSON array. */
  private void refuseAsNoArray(RecordSink sink) throws IOException {
    DamagedStreamException damage = window.damage();
    PartCutter cutter = partCutter(grid, sink, "");
    if (damage != null) {
      cutter.deadRest(0, damage.reason(), damage.detail());
      return;
    }
    FileKind kind =
        FileKindDetector.of(
            window.bytes(), window.index(0), window.index(window.limit()), sink.file());
    cutter.deadRest(0, Reason.INVALID_JSON, kind == null ? noArrayDetail() : kind.message());
  }

  /**
   * Says that the file is JSON lines, if its first line is a complete object, or that it is no
   * array.
   */
  private String noArrayDetail() {
    byte[] bytes = window.bytes();
    int from = window.index(0);
    int end = from;
    int to = window.index(window.limit());
    while (end < to && bytes[end] != '\n') {
      end++;
    }
    String line = new String(bytes, from, end - from, StandardCharsets.UTF_8).strip();
    return line.startsWith("{") && line.endsWith("}")
        ? "these are JSON lines: use format: jsonl (--format jsonl)"
        : "the file does not begin with [, as one JSON array does; format jsonl reads an object a"
            + " line, and jq -c . FILE > FILE.jsonl makes lines of objects that have several";
  }

  private long csv(FileRange range, RecordSink sink, char separator) throws IOException {
    if (range.start() > 0) {
      throw new IllegalArgumentException(
          range + " is a part of a CSV file, which one reader must read");
    }
    CsvToDocument content =
        new CsvToDocument(fields(range), separator, sink, new MemoryCutter(grid, sink, memory));
    RecordEnd end = new CsvRecordEnd(window, separator, grid.limit());
    RecordSplitter splitter = recordSplitter(end, sink, "a record of CSV", content);
    long rawBytes = readStream(range, 0, to -> splitter.read(0, to, 0));
    String problem = content.problemWithoutRecords();
    if (problem != null) {
      sink.deadFile(Reason.MISSING_TEXT, problem);
    }
    return rawBytes;
  }

  /**
   * Splits a file into records with fields, of which each is held in memory.
   *
   * @param record what a record is called in messages
   */
  private RecordSplitter recordSplitter(
      RecordEnd end, RecordSink sink, String record, IOConsumer<RawRecord> content) {
    long most = recordLimit(grid.wholeLimit());
    String advice =
        " (twice corpus.maxWholeDocumentBytes and 64 KiB, at most 1 GiB), and "
            + record
            + " cannot be cut";
    PartCutter cutter = partCutter(CutGrid.withoutCuts(most, most), sink, advice);
    long unheld = recordLimit(grid.limit());
    return new RecordSplitter(window, end, sink, cutter, memory, unheld, content);
  }

  /** The maximum bytes of a record, which has other fields and escapes besides its text. */
  private static long recordLimit(long textLimit) {
    return Math.min(CorpusSettings.MAX_DOCUMENT_BYTES, 2 * textLimit + (1 << 16));
  }

  /** Reads the records that begin before {@code to} from the open window; returns their bytes. */
  @FunctionalInterface
  private interface RecordsReader {
    long read(long to) throws IOException;
  }

  /**
   * Opens the window at a place of a file, reads records from it, and then the rest of the range
   * for its sum.
   *
   * @param open the place; 0 in a compressed file
   */
  private long readStream(FileRange range, long open, RecordsReader records) throws IOException {
    try (StoredInput in = StoredInput.open(range, open, stored);
        DecodedInput decoded = new DecodedInput(in, range.file().compression())) {
      window.open(decoded, open);
      boolean last = range.end() == range.file().size();
      long rawBytes = records.read(last ? Long.MAX_VALUE : range.end());
      in.finish(scratch);
      return rawBytes;
    }
  }

  /**
   * The place of the last nonblank byte before a range, from which on the reader finds out whether
   * the range begins within a paragraph. If all of the last {@value #MOST_LOOK_BACK} bytes are
   * blank, the first of these.
   */
  private static long lastNonBlank(FileRange range) throws IOException {
    FileStore store = FileStore.of(range.file().location());
    for (long back = 4096; ; back *= 4) {
      long from = Math.max(0, range.start() - Math.min(back, MOST_LOOK_BACK));
      byte[] before;
      try (var in = store.open(range.file().location(), from)) {
        before = in.readNBytes((int) (range.start() - from));
      }
      for (int i = before.length - 1; i >= 0; i--) {
        if (before[i] != '\n' && !ParagraphEnd.isBlank(before[i])) {
          return from + i;
        }
      }
      if (from == 0 || back >= MOST_LOOK_BACK) {
        return from;
      }
    }
  }

  private long text(FileRange range, RecordSink sink) throws IOException {
    InputFile file = range.file();
    boolean plain = file.compression() == Compression.NONE;
    boolean nothingBegins =
        range.start() > 0 && plain && (file.size() <= grid.limit() || !grid.allowsCuts());
    // The cell of the range's start: its cut may be the first one that begins a part.
    long open = range.start() - range.start() % grid.cell();
    return readStream(range, open, to -> nothingBegins ? 0 : textParts(range, sink, to));
  }

  /** Reads the parts of a text that begin in a range; a small text is one part. */
  private long textParts(FileRange range, RecordSink sink, long to) throws IOException {
    RecordEnd end = new StreamEnd(window);
    boolean surelyLarge =
        range.file().compression() == Compression.NONE && range.file().size() > grid.limit();
    if (range.start() == 0 && !surelyLarge) {
      while (!end.find() && window.limit() <= grid.limit()) {
        window.more();
      }
      if (window.limit() <= grid.limit()) {
        return wholeText(sink);
      }
    }
    PartCutter cutter = partCutter(grid, sink, ADVICE);
    PartCutter.Extent extent = cutter.read(sink.file(), null, 0, range.start(), to, end);
    return extent.stop() - extent.first();
  }

  /** Passes on a text that is completely in the window; returns its bytes. */
  private long wholeText(RecordSink sink) throws IOException {
    RawRecord whole = new RawRecord(0, window.bytes(), 0, window.index(window.limit()));
    DamagedStreamException damage = window.damage();
    if (damage != null) {
      sink.dead(whole, damage.reason(), damage.detail());
    } else if (isBlank(whole)) {
      sink.blank();
    } else {
      sink.document(TextRecord.of(whole, sink.file(), null));
    }
    return whole.length();
  }

  /** Whether a text has nothing but line ends. */
  private static boolean isBlank(RawRecord text) {
    int at = text.from();
    while (at < text.to() && (text.bytes()[at] == '\n' || text.bytes()[at] == '\r')) {
      at++;
    }
    return at == text.to();
  }

  private long warc(FileRange range, RecordSink sink) throws IOException {
    PartCutter cutter = partCutter(grid, sink, ADVICE);
    WarcReader reader = new WarcReader(fields(range), grid.limit(), window, sink, cutter);
    return readStream(range, 0, to -> reader.read());
  }

  private long parquet(FileRange range, RecordSink sink) throws IOException {
    RecordFields taken = fields(range);
    MemoryCutter cutter = memoryCutter(taken, sink);
    new ParquetRangeReader(taken, settings.invalidUtf8(), sink, cutter).read(range);
    // Parquet is read column by column, so the bytes of the range are digested in a separate pass.
    try (StoredInput in = StoredInput.open(range, range.start(), stored)) {
      in.finish(scratch);
    }
    return range.end() - range.start();
  }

  /** Reports one dead letter for a file that is not read, with what it is. */
  private long unsupported(FileRange range, RecordSink sink) throws IOException {
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
    sink.deadFile(reason, kind == null ? unsupportedDetail() : kind.message());
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

  /** The fields of the records of a file, by the settings of its input. */
  private RecordFields fields(FileRange range) {
    boolean segments = range.file().format().hasSegments();
    return (segments ? segmentFields : fields)
        .computeIfAbsent(range.file().source(), source -> newFields(source, segments));
  }

  private RecordFields newFields(SourceSettings source, boolean mayHaveSegments) {
    String segments =
        mayHaveSegments && source.textField() == null ? settings.segmentsField() : null;
    String key = segments == null ? "corpus.textField" : "corpus.segmentsField";
    String text = segments == null ? settings.textField() : segments;
    return new RecordFields(
        FieldTemplate.parse(Objects.requireNonNullElse(source.textField(), text)),
        source.textField() == null ? key : "textField of its input",
        segments != null,
        FieldTemplate.parse(Objects.requireNonNullElse(source.idField(), settings.idField())),
        templateOrNull(settings.groupField()),
        templateOrNull(settings.splitField()),
        settings.kept());
  }

  private static @Nullable FieldTemplate templateOrNull(@Nullable String field) {
    return field == null ? null : FieldTemplate.parse(field);
  }
}
