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
  private static final String ADVICE = CutGrid.WHOLE_LIMIT_KEY + ", and it cannot be cut";

  private final CorpusSettings settings;
  private final Map<SourceSettings, RecordFields> fields = new HashMap<>();
  private final Map<SourceSettings, RecordFields> segmentFields = new HashMap<>();
  private final CutGrid grid;
  private final WholeDocumentMemory memory =
      new WholeDocumentMemory(Runtime.getRuntime().maxMemory());
  private final RangeDigest stored;
  private final ByteWindow window = new ByteWindow();
  private final MessageDigest parts = Sha256.newDigest();
  private final byte[] scratch = new byte[1 << 16];

  RangeReader(CorpusSettings settings, CutGrid grid, RangeDigest stored) {
    this.settings = settings;
    this.grid = grid;
    this.stored = stored;
  }

  @Nullable DamagedStreamException damage() {
    return window.damage();
  }

  /** Returns how many bytes of the uncompressed file were read; for Parquet, how many rows. */
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
    RecordSplitter reader = textReader(new LineEnd(window), sink);
    long before = Math.max(0, range.start() - 1);
    return readLines(range, before, to -> reader.read(range.start(), to, before));
  }

  private long paragraphs(FileRange range, RecordSink sink) throws IOException {
    RecordSplitter reader = textReader(new ParagraphEnd(window), sink);
    long inside = range.start() == 0 ? 0 : lastNonBlank(range);
    return readLines(range, inside, to -> reader.read(range.start(), to, inside));
  }

  private long separated(FileRange range, RecordSink sink) throws IOException {
    String own = range.file().source().separator();
    String named = own == null ? Objects.requireNonNull(settings.separator()) : own;
    byte[] separator = new DocumentSeparator(named).bytes();
    RecordSplitter reader = textReader(new SeparatedDocument(window, separator), sink);
    long inside = SeparatedDocument.placeBefore(range, separator.length);
    return readLines(range, inside, to -> reader.read(range.start(), to, inside));
  }

  private RecordSplitter textReader(RecordEnd end, RecordSink sink) {
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

  private MemoryCutter cutter(RecordFields taken, RecordSink sink) {
    CutGrid cuts = taken.segmented() ? CutGrid.withoutCuts(grid.limit(), grid.wholeLimit()) : grid;
    return new MemoryCutter(cuts, sink, memory);
  }

  private long jsonLines(FileRange range, RecordSink sink) throws IOException {
    RecordFields taken = fields(range);
    IOConsumer<RawRecord> content =
        new JsonToDocument("line", taken, settings.invalidUtf8(), sink, cutter(taken, sink));
    RecordSplitter reader = recordReader(new LineEnd(window), sink, "a line of JSON", content);
    long before = Math.max(0, range.start() - 1);
    return readLines(range, before, to -> reader.read(range.start(), to, before));
  }

  private long json(FileRange range, RecordSink sink) throws IOException {
    RecordFields taken = fields(range);
    JsonItemEnd end = new JsonItemEnd(window);
    JsonToDocument items =
        new JsonToDocument("item", taken, settings.invalidUtf8(), sink, cutter(taken, sink));
    JsonItemToDocument content = new JsonItemToDocument(items, end, sink);
    RecordSplitter reader = recordReader(end, sink, "an item of JSON", content);
    return readLines(
        range,
        0,
        to -> {
          long first = JsonItemToDocument.begin(window);
          if (first < 0) {
            notAnArray(sink);
            return window.limit();
          }
          long rawBytes = first + reader.read(first, to, first);
          content.end(window);
          return rawBytes;
        });
  }

  private void notAnArray(RecordSink sink) throws IOException {
    DamagedStreamException damage = window.damage();
    PartCutter cutter = partCutter(grid, sink, "");
    if (damage != null) {
      cutter.deadRest(0, damage.reason(), damage.detail());
      return;
    }
    FileKind kind =
        FileKindDetector.of(
            window.bytes(), window.index(0), window.index(window.limit()), sink.file());
    cutter.deadRest(0, Reason.INVALID_JSON, kind == null ? notABracket() : kind.message());
  }

  /**
   * Whether the first line is a complete object, as in JSON lines, or the file is something else.
   */
  private String notABracket() {
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
    RecordSplitter reader = recordReader(end, sink, "a record of CSV", content);
    long rawBytes = readLines(range, 0, to -> reader.read(0, to, 0));
    String problem = content.withoutRecords();
    if (problem != null) {
      sink.deadFile(Reason.MISSING_TEXT, problem);
    }
    return rawBytes;
  }

  private RecordSplitter recordReader(
      RecordEnd end, RecordSink sink, String record, IOConsumer<RawRecord> content) {
    long most = lineLimit(grid.wholeLimit());
    String advice =
        " (twice corpus.maxWholeDocumentBytes and 64 KiB, at most 1 GiB), and "
            + record
            + " cannot be cut";
    PartCutter cutter = partCutter(CutGrid.withoutCuts(most, most), sink, advice);
    long unheld = lineLimit(grid.limit());
    return new RecordSplitter(window, end, sink, cutter, memory, unheld, content);
  }

  /** The maximum bytes of a record, which has other fields and escapes besides its text. */
  private static long lineLimit(long textLimit) {
    return Math.min(CorpusSettings.MAX_DOCUMENT_BYTES, 2 * textLimit + (1 << 16));
  }

  /** Reads the records that begin before {@code to} from the open window; returns their bytes. */
  @FunctionalInterface
  private interface Lines {
    long read(long to) throws IOException;
  }

  private long readLines(FileRange range, long open, Lines lines) throws IOException {
    try (StoredInput in = StoredInput.open(range, open, stored);
        DecodedInput decoded = new DecodedInput(in, range.file().compression())) {
      window.open(decoded, open);
      boolean last = range.end() == range.file().size();
      long rawBytes = lines.read(last ? Long.MAX_VALUE : range.end());
      in.finish(scratch);
      return rawBytes;
    }
  }

  /**
   * The last nonblank byte before a range: it decides whether the range begins in the middle of a
   * paragraph.
   */
  private static long lastNonBlank(FileRange range) throws IOException {
    FileStore store = FileStore.of(range.file().location());
    for (long back = 4096; ; back *= 4) {
      long from = Math.max(0, range.start() - Math.min(back, 1 << 28));
      byte[] before;
      try (var in = store.open(range.file().location(), from)) {
        before = in.readNBytes((int) (range.start() - from));
      }
      for (int i = before.length - 1; i >= 0; i--) {
        if (before[i] != '\n' && !ParagraphEnd.isBlank(before[i])) {
          return from + i;
        }
      }
      if (from == 0 || back >= 1 << 28) {
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
    return readLines(range, open, to -> nothingBegins ? 0 : text(range, sink, to));
  }

  private long text(FileRange range, RecordSink sink, long to) throws IOException {
    RecordEnd end = new StreamEnd(window);
    String id = sink.file();
    boolean surelyLarge =
        range.file().compression() == Compression.NONE && range.file().size() > grid.limit();
    if (range.start() == 0 && !surelyLarge) {
      while (!end.find() && window.limit() <= grid.limit()) {
        window.more();
      }
      DamagedStreamException damage = window.damage();
      if (window.limit() <= grid.limit()) {
        RawRecord whole = new RawRecord(0, window.bytes(), 0, window.index(window.limit()));
        if (damage != null) {
          sink.dead(whole, damage.reason(), damage.detail());
        } else if (isBlank(whole)) {
          sink.blank();
        } else {
          sink.document(TextRecord.of(whole, id, null));
        }
        return whole.length();
      }
    }
    PartCutter cutter = partCutter(grid, sink, ADVICE);
    PartCutter.Extent extent = cutter.read(id, null, 0, range.start(), to, end);
    return extent.stop() - extent.first();
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
    return readLines(range, 0, to -> reader.read());
  }

  private long parquet(FileRange range, RecordSink sink) throws IOException {
    RecordFields taken = fields(range);
    new ParquetRangeReader(taken, settings.invalidUtf8(), sink, cutter(taken, sink)).read(range);
    // Parquet is read column by column, so the bytes of the range are digested in a separate pass.
    try (StoredInput in = StoredInput.open(range, range.start(), stored)) {
      in.finish(scratch);
    }
    return range.end() - range.start();
  }

  private long unsupported(FileRange range, RecordSink sink) throws IOException {
    InputFile file = range.file();
    byte[] head;
    try (StoredInput in = StoredInput.open(range, 0, stored);
        DecodedInput decoded = new DecodedInput(in, file.compression())) {
      head = decoded.head(FileKindDetector.SAMPLE);
      in.finish(scratch);
    }
    FileKind kind = FileKindDetector.ofUnread(head, file.path());
    String other = "the file is no text";
    if (settings.segmentsField() != null) {
      other = "the file has no segments (corpus.segmentsField); JSON and Parquet have";
    } else if (settings.splitField() != null) {
      other =
          "the records of the file have no fields, of which one names their split"
              + " (corpus.splitField); leave it out with corpus.exclude";
    }
    // An image has no text that is lost: it counts like any record that is not UTF-8.
    boolean withoutText = kind != null && !kind.holdsText();
    Reason reason = withoutText ? Reason.INVALID_UTF8 : Reason.UNSUPPORTED;
    sink.deadFile(reason, kind == null ? other : kind.message());
    return range.end() - range.start();
  }

  private RecordFields fields(FileRange range) {
    boolean segments = range.file().format().hasSegments();
    return (segments ? segmentFields : fields)
        .computeIfAbsent(range.file().source(), source -> fields(source, segments));
  }

  private RecordFields fields(SourceSettings source, boolean mayHaveSegments) {
    String segments =
        mayHaveSegments && source.textField() == null ? settings.segmentsField() : null;
    String key = segments == null ? "corpus.textField" : "corpus.segmentsField";
    return new RecordFields(
        FieldTemplate.parse(
            segments == null ? or(source.textField(), settings.textField()) : segments),
        source.textField() == null ? key : "textField of its input",
        segments != null,
        FieldTemplate.parse(or(source.idField(), settings.idField())),
        settings.groupField() == null ? null : FieldTemplate.parse(settings.groupField()),
        settings.splitField() == null ? null : FieldTemplate.parse(settings.splitField()),
        settings.kept());
  }

  private static String or(@Nullable String own, String other) {
    return own == null ? other : own;
  }
}
