package org.merganser.corpus.read;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.CorpusSettings.Format;
import org.merganser.corpus.DamagedStreamException;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.SourceSettings;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.field.FieldTemplate;
import org.merganser.corpus.field.RecordFields;
import org.merganser.store.FileStore;
import org.merganser.text.pretokenize.CutRule;

/**
 * Reads the documents of a work unit. For one thread; buffers are reused from unit to unit.
 *
 * <p>What a file's ranges give does not depend on where they lie: a record belongs to the range in
 * which it begins, and one without an id of its own is called {@code file#offset}, the offset of
 * its first byte in the uncompressed file ({@code file} alone where the file is the document;
 * {@code file#row} in Parquet, whose offsets are row numbers). Only the number of a record counts
 * within its range.
 *
 * <p>Memory: a document of {@code maxDocumentBytes} and half as much again, for JSON a line of
 * twice the limit and the text; a zstd window of at most 2^27 bytes. What is larger and holds no
 * place to cut it is held as a whole, up to {@code maxWholeDocumentBytes}, by one thread of a JVM
 * at a time.
 *
 * <p>A document above the limit is cut into parts as {@link CutGrid} has it. The parts of a file
 * that is one document, and of a line, are read without knowing the next ones, so that a part that
 * is not UTF-8, or too large because no cut is allowed in it, is a dead letter by itself. A text
 * from JSON or Parquet is a document or a dead letter as a whole.
 */
public final class UnitReader {
  /** Documents are handed on in one array. */
  public static final long MAX_DOCUMENT = 1L << 30;

  /** The limit of what is too large as a whole. */
  static final String WHOLE_LIMIT = " (corpus.maxWholeDocumentBytes, at most " + MAX_DOCUMENT + ")";

  private static final String ADVICE = WHOLE_LIMIT + ", and it cannot be cut";

  private final CorpusSettings settings;
  private final Map<SourceSettings, RecordFields> fields = new HashMap<>();
  private final Map<SourceSettings, RecordFields> segmentFields = new HashMap<>();
  private final CutGrid grid;
  private final WholeDocumentMemory memory =
      new WholeDocumentMemory(Runtime.getRuntime().maxMemory());
  private final LineStartSearch longLines;
  private final int windowLog;
  private final ByteWindow window = new ByteWindow();
  private final MessageDigest stored = Sha256.newDigest();
  private final MessageDigest letters = Sha256.newDigest();
  private final MessageDigest parts = Sha256.newDigest();
  private final byte[] scratch = new byte[1 << 16];

  /** Whether text is handed on before the checksums behind it are known. */
  private boolean trusting;

  /**
   * @param cutRule where a document above {@code maxDocumentBytes} may be cut; null: nowhere
   */
  public UnitReader(CorpusSettings settings, @Nullable CutRule cutRule) {
    this(settings, cutRule, DecodedInput.DEFAULT_WINDOW_LOG);
  }

  /**
   * @param zstdWindowLog the largest zstd window that is read is 2 to this power in bytes, 10 to
   *     31; 27 by default
   */
  UnitReader(CorpusSettings settings, @Nullable CutRule cutRule, int zstdWindowLog) {
    long limit = settings.maxDocumentBytes();
    if (limit < 1 || limit > MAX_DOCUMENT) {
      throw new CorpusException(
          "corpus.maxDocumentBytes is %s; allowed are 1 to %s (1 GiB)"
              .formatted(limit, MAX_DOCUMENT));
    }
    if (zstdWindowLog < 10 || zstdWindowLog > 31) {
      throw new IllegalArgumentException("zstd window log " + zstdWindowLog + ", not in 10..31");
    }
    this.settings = settings;
    this.grid = new CutGrid(cutRule, limit, Math.max(limit, settings.maxWholeDocumentBytes()));
    this.longLines = new LineStartSearch(limit);
    this.windowLog = zstdWindowLog;
  }

  /**
   * Whether a document that is above both of two {@code maxDocumentBytes} has the same parts with
   * either; so it is for any two from 16 MiB on.
   */
  public static boolean cutsAlike(long limit, long other) {
    return CutGrid.cell(limit) == CutGrid.cell(other);
  }

  /**
   * Reads the unit's ranges in order.
   *
   * @throws IOException when a file cannot be read, has changed since it was planned (size,
   *     modification time), with file, place and next step; damage *inside* a file (a broken
   *     record, a truncated compressed stream) is a dead letter instead
   * @see #readOnce
   */
  public void read(WorkUnit unit, DocumentHandler handler) throws IOException {
    RecordSink sink =
        new RecordSink(settings.invalidUtf8(), handler, letters, settings.kept().size());
    for (FileRange range : unit.ranges()) {
      boolean whole = range.start() == 0 && range.end() == range.file().size();
      if (!whole && range.file().compression() != Compression.NONE) {
        throw new IllegalArgumentException(
            range + " is a part of a compressed file, which is read as a whole");
      }
      stored.reset();
      sink.begin(range);
      if (!trusting) {
        sink.expect(damageOf(range));
      }
      long rawBytes = readRange(range, sink);
      if (isDecoded(range.file()) && sink.accepted(window.damage())) {
        throw new UnprovedTextException(range.file().location());
      }
      requireUnchanged(range.file());
      sink.end(range, rawBytes, HexFormat.of().formatHex(stored.digest()));
    }
  }

  /** What reads units from the first to the last, as one attempt. */
  @FunctionalInterface
  public interface Attempt<T> {
    T read() throws IOException;
  }

  /**
   * Reads compressed files once instead of twice, where they are whole. {@link #read} alone decodes
   * each one twice, because a checksum stands behind the text that it proves. In an attempt it
   * hands on text at once; where a checksum fails then, all that the attempt has done is void, and
   * it begins anew, checking each compressed file first.
   *
   * @param attempt must be repeatable: nothing of the first one may count in the second
   */
  public <T> T readOnce(Attempt<T> attempt) throws IOException {
    trusting = true;
    try {
      return attempt.read();
    } catch (UnprovedTextException e) {
      trusting = false;
      return attempt.read();
    } finally {
      trusting = false;
    }
  }

  /** Text was handed on whose checksum has failed behind it. */
  private static final class UnprovedTextException extends IOException {
    UnprovedTextException(String location) {
      super("corpus file " + location + " is damaged behind text that was used already");
    }
  }

  /** What is wrong with a compressed file, found by decoding it; else null. */
  private @Nullable DamagedStreamException damageOf(FileRange range) throws IOException {
    if (!isDecoded(range.file())) {
      return null;
    }
    try (StoredInput in = StoredInput.open(range, 0, null);
        DecodedInput decoded = new DecodedInput(in, range.file().compression(), windowLog)) {
      return decoded.check(scratch);
    }
  }

  /** Whether a decoder stands between the file and its records. */
  private static boolean isDecoded(InputFile file) {
    return file.compression() != Compression.NONE
        && file.format() != Format.PARQUET
        && file.format() != Format.UNSUPPORTED;
  }

  private long readRange(FileRange range, RecordSink sink) throws IOException {
    return switch (range.file().format()) {
      case TEXT -> text(range, sink);
      case LINES -> lines(range, sink);
      case PARAGRAPHS -> paragraphs(range, sink);
      case JSONL -> jsonLines(range, sink);
      case CSV -> csv(range, sink, ',');
      case TSV -> csv(range, sink, '\t');
      case WARC -> warc(range, sink);
      case PARQUET -> parquet(range, sink);
      case UNSUPPORTED -> unsupported(range, sink);
      case AUTO -> throw new IllegalArgumentException(range + " was planned without its format");
    };
  }

  private long lines(FileRange range, RecordSink sink) throws IOException {
    LineReader.Content content =
        (offset, bytes, from, to) -> {
          if (from == to) {
            sink.blank();
          } else if (sink.accepts(bytes, from, to, offset, bytes, from, to)) {
            String id = RecordSink.id(sink.file(), offset);
            sink.document(id, null, offset, bytes, from, to);
          }
        };
    PartCutter cutter = new PartCutter(grid, window, sink, parts, memory, ADVICE);
    RecordEnd end = new RecordEnd.Line(window);
    boolean cuts = grid.allowsCuts() && range.file().compression() == Compression.NONE;
    LineReader reader = lineReader(end, sink, cutter, cuts, content);
    long before = Math.max(0, range.start() - 1);
    long start = range.start();
    long large = cuts && start > 0 ? longLines.beginOfLarge(range.file(), start) : -1;
    if (large < 0) {
      return readLines(range, before, to -> reader.read(range.start(), to, before));
    }
    long open = range.start() - (range.start() - large) % grid.cell();
    return readLines(range, open, to -> reader.readOn(large, range.start(), to, open));
  }

  /** Of records in memory; those with segments are not cut. */
  private MemoryCutter cutter(RecordFields taken, RecordSink sink) {
    CutGrid cuts = taken.segmented() ? new CutGrid(null, grid.limit(), grid.wholeLimit()) : grid;
    return new MemoryCutter(cuts, sink, memory);
  }

  private long jsonLines(FileRange range, RecordSink sink) throws IOException {
    RecordFields taken = fields(range);
    LineReader.Content content =
        new JsonReader(taken, settings.invalidUtf8(), sink, cutter(taken, sink));
    long most = lineLimit(grid.wholeLimit());
    CutGrid line = new CutGrid(null, most, most);
    String advice = " (twice corpus.maxWholeDocumentBytes), and a line of JSON cannot be cut";
    PartCutter cutter = new PartCutter(line, window, sink, parts, memory, advice);
    RecordEnd end = new RecordEnd.Line(window);
    long unheld = lineLimit(grid.limit());
    LineReader reader =
        new LineReader(window, end, sink, cutter, most, memory, unheld, false, content);
    long before = Math.max(0, range.start() - 1);
    return readLines(range, before, to -> reader.read(range.start(), to, before));
  }

  private long csv(FileRange range, RecordSink sink, char separator) throws IOException {
    if (range.start() > 0) {
      throw new IllegalArgumentException(range + " is a part of a file of CSV, read as a whole");
    }
    CsvReader content =
        new CsvReader(fields(range), separator, sink, new MemoryCutter(grid, sink, memory));
    long most = lineLimit(grid.wholeLimit());
    CutGrid record = new CutGrid(null, most, most);
    String advice = " (twice corpus.maxWholeDocumentBytes), and a record of CSV cannot be cut";
    PartCutter cutter = new PartCutter(record, window, sink, parts, memory, advice);
    RecordEnd end = new RecordEnd.Csv(window, separator, grid.limit());
    long unheld = lineLimit(grid.limit());
    LineReader reader =
        new LineReader(window, end, sink, cutter, most, memory, unheld, false, content);
    return readLines(range, 0, to -> reader.read(0, to, 0));
  }

  /** Of a line of JSON: beside its text it holds other fields and escapes. */
  private static long lineLimit(long textLimit) {
    return Math.min(MAX_DOCUMENT, 2 * textLimit + (1 << 16));
  }

  private LineReader lineReader(
      RecordEnd end,
      RecordSink sink,
      PartCutter cutter,
      boolean partsOfRange,
      LineReader.Content content) {
    long most = grid.limit();
    return new LineReader(window, end, sink, cutter, most, memory, most, partsOfRange, content);
  }

  private long paragraphs(FileRange range, RecordSink sink) throws IOException {
    LineReader.Content content =
        (offset, bytes, from, to) -> {
          if (sink.accepts(bytes, from, to, offset, bytes, from, to)) {
            String id = RecordSink.id(sink.file(), offset);
            sink.document(id, null, offset, bytes, from, to);
          }
        };
    PartCutter cutter = new PartCutter(grid, window, sink, parts, memory, ADVICE);
    RecordEnd end = new RecordEnd.Paragraph(window);
    LineReader reader = lineReader(end, sink, cutter, false, content);
    long inside = range.start() == 0 ? 0 : lastInk(range);
    return readLines(range, inside, to -> reader.read(range.start(), to, inside));
  }

  /** Reads what begins before {@code to} from the open window; returns how many bytes that is. */
  @FunctionalInterface
  private interface Lines {
    long read(long to) throws IOException;
  }

  private long readLines(FileRange range, long open, Lines lines) throws IOException {
    try (StoredInput in = StoredInput.open(range, open, stored);
        DecodedInput decoded = new DecodedInput(in, range.file().compression(), windowLog)) {
      window.open(decoded, open);
      boolean last = range.end() == range.file().size();
      long rawBytes = lines.read(last ? Long.MAX_VALUE : range.end());
      in.finish(scratch);
      return rawBytes;
    }
  }

  /**
   * The last byte before a range that is not blank: it tells whether the range begins in the middle
   * of a paragraph.
   */
  private static long lastInk(FileRange range) throws IOException {
    FileStore store = FileStore.of(range.file().location());
    for (long back = 4096; ; back *= 4) {
      long from = Math.max(0, range.start() - Math.min(back, 1 << 28));
      byte[] before;
      try (var in = store.open(range.file().location(), from)) {
        before = in.readNBytes((int) (range.start() - from));
      }
      for (int i = before.length - 1; i >= 0; i--) {
        if (before[i] != '\n' && !RecordEnd.Paragraph.isBlank(before[i])) {
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
    boolean nothingBegins = plain && (file.size() <= grid.limit() || !grid.allowsCuts());
    // The cell that holds the range's start: its cut may be the first one that begins a part.
    long open = range.start() - range.start() % grid.cell();
    try (StoredInput in = StoredInput.open(range, open, stored);
        DecodedInput decoded = new DecodedInput(in, file.compression(), windowLog)) {
      long rawBytes = 0;
      if (range.start() == 0 || !nothingBegins) {
        window.open(decoded, open);
        rawBytes = text(range, sink, new RecordEnd.Stream(window));
      }
      in.finish(scratch);
      return rawBytes;
    }
  }

  private long text(FileRange range, RecordSink sink, RecordEnd end) throws IOException {
    String id = sink.file();
    boolean surelyLarge =
        range.file().compression() == Compression.NONE && range.file().size() > grid.limit();
    if (range.start() == 0 && !surelyLarge) {
      while (!end.find() && window.limit() <= grid.limit()) {
        window.more();
      }
      DamagedStreamException damage = window.damage();
      if (window.limit() <= grid.limit()) {
        byte[] bytes = window.bytes();
        int to = window.index(window.limit());
        if (damage != null) {
          sink.dead(0, damage.reason(), damage.detail(), bytes, 0, to);
        } else if (to == 0) {
          sink.blank();
        } else if (sink.accepts(bytes, 0, to, 0, bytes, 0, to)) {
          sink.document(id, null, 0, bytes, 0, to);
        }
        return to;
      }
    }
    PartCutter cutter = new PartCutter(grid, window, sink, parts, memory, ADVICE);
    boolean last = range.end() == range.file().size();
    long to = last ? Long.MAX_VALUE : range.end();
    PartCutter.Extent extent = cutter.read(id, null, 0, range.start(), to, end);
    return extent.stop() - extent.first();
  }

  private long warc(FileRange range, RecordSink sink) throws IOException {
    try (StoredInput in = StoredInput.open(range, 0, stored);
        DecodedInput decoded = new DecodedInput(in, range.file().compression(), windowLog)) {
      window.open(decoded, 0);
      PartCutter cutter = new PartCutter(grid, window, sink, parts, memory, ADVICE);
      return new WarcReader(fields(range), grid.limit(), window, sink, cutter).read();
    }
  }

  private long parquet(FileRange range, RecordSink sink) throws IOException {
    RecordFields taken = fields(range);
    new ParquetRangeReader(taken, settings.invalidUtf8(), sink, cutter(taken, sink)).read(range);
    // Parquet is read column by column: the bytes of the range are digested in a pass of their own.
    try (StoredInput in = StoredInput.open(range, range.start(), stored)) {
      in.finish(scratch);
    }
    return range.end() - range.start();
  }

  /** The file is no text: it becomes one dead letter that says what it is. */
  private long unsupported(FileRange range, RecordSink sink) throws IOException {
    InputFile file = range.file();
    byte[] head;
    try (StoredInput in = StoredInput.open(range, 0, stored);
        DecodedInput decoded = new DecodedInput(in, file.compression(), windowLog)) {
      head = decoded.head(FileKind.SAMPLE);
      in.finish(scratch);
    }
    String kind = FileKind.of(head, file.path(), false);
    deadFile(range, sink, Reason.UNSUPPORTED, kind == null ? "the file is no text" : kind);
    return range.end() - range.start();
  }

  /** The whole file is one dead letter, of the range that begins it. */
  static void deadFile(FileRange range, RecordSink sink, Reason reason, String detail)
      throws IOException {
    if (range.start() > 0) {
      return;
    }
    InputFile file = range.file();
    MessageDigest digest = Sha256.newDigest();
    byte[] head;
    FileRange whole = new FileRange(file, 0, file.size());
    try (StoredInput in = StoredInput.open(whole, 0, digest)) {
      head = in.readNBytes((int) Math.min(DeadLetter.RAW_LIMIT, file.size()));
      in.finish(new byte[1 << 16]);
    }
    sink.dead(0, file.size(), digest.digest(), reason, detail, head, null);
  }

  /** What is taken of the records of a file. */
  private RecordFields fields(FileRange range) {
    Format format = range.file().format();
    boolean segments = format == Format.JSONL || format == Format.PARQUET;
    return (segments ? segmentFields : fields)
        .computeIfAbsent(range.file().source(), source -> fields(source, segments));
  }

  /**
   * @param mayHaveSegments whether records of the format may have segments
   */
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
        settings.kept());
  }

  private static String or(@Nullable String own, String other) {
    return own == null ? other : own;
  }

  private static void requireUnchanged(InputFile file) throws IOException {
    FileStore.Entry now = FileStore.of(file.location()).stat(file.location());
    if (now.size() != file.size() || now.modified() != file.modified()) {
      throw new IOException(
          ("corpus file %s changed while the job ran (planned with %s bytes, modified"
                  + " at %s; now %s bytes, modified at %s): run again once nothing writes to it")
              .formatted(
                  file.location(),
                  file.size(),
                  Instant.ofEpochMilli(file.modified()),
                  now.size(),
                  Instant.ofEpochMilli(now.modified())));
    }
  }
}
