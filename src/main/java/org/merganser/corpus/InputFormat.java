package org.merganser.corpus;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The format of a file of the corpus. To add a format, add a constant here, choose its reader in
 * {@code corpus/read/RangeReader}, and describe it in docs/corpus-formats.md; the job file, its
 * schema, the commands, the rules and the detection use the constants.
 */
@SuppressWarnings("ImmutableEnumChecker") // the list of extensions is immutable
public enum InputFormat {
  /** The content and name of each file decide its format; no planned file has this one. */
  AUTO(Fields.TEXT_OR_SEGMENTS, Ranges.WHOLE),
  /** A file is one document. */
  TEXT(Fields.NONE, Ranges.LARGE_TEXT, "txt", "text", "md"),
  /** A line is a document. */
  LINES(Fields.NONE, Ranges.ANYWHERE),
  /** What is between blank lines is a document. */
  PARAGRAPHS(Fields.NONE, Ranges.ANYWHERE),
  /** A line is a JSON object. Its names include {@code .json}: an array shows in the content. */
  JSONL(Fields.TEXT_OR_SEGMENTS, Ranges.ANYWHERE, "jsonl", "ndjson", "jsonlines", "json"),
  /** One array of all records, whose commas are only found by reading from the start. */
  JSON(Fields.TEXT_OR_SEGMENTS, Ranges.WHOLE),
  /** A quoted field may contain a line end, which is only found by reading from the start. */
  CSV(',', "csv", "csv"),
  /** CSV with tabs. */
  TSV('\t', "tsv", "tsv"),
  /** A row is a record. */
  PARQUET(Fields.TEXT_OR_SEGMENTS, Ranges.ROW_GROUPS, "parquet"),
  /** Web archives, whose {@code conversion} records are documents. */
  WARC(Fields.NONE, Ranges.WHOLE, "warc", "wet"),
  /** CSV whose header has tabs in place of commas. Jobs cannot name it. */
  CSV_WITH_TABS('\t', "tabbed csv"),
  /** CSV whose header has semicolons in place of commas. Jobs cannot name it. */
  CSV_WITH_SEMICOLONS(';', "csv with ;"),
  /** CSV whose header has vertical bars in place of commas. Jobs cannot name it. */
  CSV_WITH_BARS('|', "csv with |"),
  /** Text whose documents end with the line of a {@link DocumentSeparator}. Jobs cannot name it. */
  SEPARATED(Fields.NONE, Ranges.ANYWHERE),
  /** A file that AUTO finds not to be text: it becomes one dead letter. Jobs cannot name this. */
  UNSUPPORTED(Fields.NONE, Ranges.WHOLE);

  /** The formats that only a plan has. */
  private static final Set<InputFormat> UNNAMED =
      Set.of(CSV_WITH_TABS, CSV_WITH_SEMICOLONS, CSV_WITH_BARS, SEPARATED, UNSUPPORTED);

  private static final long MIB = 1 << 20;

  private final Fields fields;
  private final Ranges ranges;
  private final @Nullable Character separator;
  private final String spelled;
  private final List<String> extensions;

  InputFormat(Fields fields, Ranges ranges, String... extensions) {
    this.fields = fields;
    this.ranges = ranges;
    this.separator = null;
    this.spelled = name().toLowerCase(Locale.ROOT);
    this.extensions = List.of(extensions);
  }

  /** A format of CSV: one reader reads a file from its beginning. */
  InputFormat(char separator, String spelled, String... extensions) {
    this.fields = Fields.TEXT;
    this.ranges = Ranges.WHOLE;
    this.separator = separator;
    this.spelled = spelled;
    this.extensions = List.of(extensions);
  }

  /** The formats that a job may name. */
  public static List<InputFormat> named() {
    return Arrays.stream(values()).filter(format -> !UNNAMED.contains(format)).toList();
  }

  /** The name in job files and messages. */
  public String spelled() {
    return spelled;
  }

  /** The separator of fields in CSV and TSV; null in another format. */
  public @Nullable Character separator() {
    return separator;
  }

  /** Whether this is CSV with another separator than a comma, found in the header of the file. */
  public boolean isCsvWithoutCommas() {
    return separator != null && UNNAMED.contains(this);
  }

  /** Whether a record has fields, of which one is the text. */
  public boolean hasTextField() {
    return fields != Fields.NONE;
  }

  /** Whether files of a format that a job names may have a {@link DocumentSeparator}. */
  public boolean maySeparate() {
    return this == TEXT || this == AUTO;
  }

  /** Whether a record may have a list of segments in place of a text. */
  public boolean hasSegments() {
    return fields == Fields.TEXT_OR_SEGMENTS;
  }

  /** The magic number: the first bytes of each file, in ASCII; null if the format has none. */
  public @Nullable String magic() {
    return switch (this) {
      case PARQUET -> "PAR1";
      case WARC -> "WARC/";
      default -> null;
    };
  }

  /** Whether a name, in lower case and without its compression, has an extension of this format. */
  public boolean hasName(String name) {
    return extensions.stream().anyMatch(extension -> name.endsWith("." + extension));
  }

  /** Whether a compressed file is decoded sequentially from its beginning. */
  public boolean isStream() {
    return this != PARQUET && this != UNSUPPORTED;
  }

  /**
   * The stored bytes that a range of a file should have.
   *
   * @param size of the file, in stored bytes
   * @param target the bytes that a work unit should have
   */
  public long rangeBytes(long size, long target) {
    return size <= ranges.mostUndivided ? size : Math.max(target, ranges.leastRange);
  }

  /** Which fields a record has. */
  private enum Fields {
    NONE,
    /** Fields, of which one is the text. */
    TEXT,
    /** Fields, of which one is the text or a list of segments. */
    TEXT_OR_SEGMENTS
  }

  /** How a file is divided into ranges. */
  private enum Ranges {
    /** A range may begin at any byte: its reader finds the first record after it. */
    ANYWHERE(0, 0),
    /** A text up to the default document limit is one range, since it is read as one part. */
    LARGE_TEXT(CorpusSettings.DEFAULT_DOCUMENT_BYTES, 32 * MIB),
    /** Row groups are larger than most targets, and every range reads the footer. */
    ROW_GROUPS(0, 64 * MIB),
    /** A file is one range. */
    WHOLE(Long.MAX_VALUE, 0);

    /** A file of up to this many bytes is one range. */
    private final long mostUndivided;

    /** The least bytes of a range of a larger file, but the last one. */
    private final long leastRange;

    Ranges(long mostUndivided, long leastRange) {
      this.mostUndivided = mostUndivided;
      this.leastRange = leastRange;
    }
  }
}
