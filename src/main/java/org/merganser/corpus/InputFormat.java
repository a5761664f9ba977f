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
  AUTO(Fields.SEGMENTS, Ranges.WHOLE, null),
  /** A file is one document. */
  TEXT(Fields.NONE, Ranges.LARGE_TEXT, null, "txt", "text", "md"),
  /** A line is a document. */
  LINES(Fields.NONE, Ranges.ANYWHERE, null),
  /** What is between blank lines is a document. */
  PARAGRAPHS(Fields.NONE, Ranges.ANYWHERE, null),
  /** A line is a JSON object. */
  JSONL(Fields.SEGMENTS, Ranges.ANYWHERE, null, "jsonl", "ndjson", "jsonlines", "json"),
  /** One array of all records, whose commas are only found by reading from the start. */
  JSON(Fields.SEGMENTS, Ranges.WHOLE, null),
  /** A quoted field may contain a line end, which is only found by reading from the start. */
  CSV(',', "csv", "csv"),
  /** CSV with tabs. */
  TSV('\t', "tsv", "tsv"),
  /** A row is a record. */
  PARQUET(Fields.SEGMENTS, Ranges.ROW_GROUPS, "PAR1", "parquet"),
  /** Web archives, whose {@code conversion} records are documents. */
  WARC(Fields.NONE, Ranges.WHOLE, "WARC/", "warc", "wet"),
  /** CSV whose header has another separator than a comma. Jobs cannot name these. */
  CSV_WITH_TABS('\t', "tabbed csv"),
  CSV_WITH_SEMICOLONS(';', "csv with ;"),
  CSV_WITH_BARS('|', "csv with |"),
  /** Text whose documents end with the line of a {@link DocumentSeparator}. Jobs cannot name it. */
  SEPARATED(Fields.NONE, Ranges.ANYWHERE, null),
  /** A file that AUTO finds not to be text: it becomes one dead letter. Jobs cannot name this. */
  UNSUPPORTED(Fields.NONE, Ranges.WHOLE, null);

  /** The formats that only a plan has. */
  private static final Set<InputFormat> UNNAMED =
      Set.of(CSV_WITH_TABS, CSV_WITH_SEMICOLONS, CSV_WITH_BARS, SEPARATED, UNSUPPORTED);

  private static final long MIB = 1 << 20;

  private final Fields fields;
  private final Ranges ranges;
  private final @Nullable String magic;
  private final @Nullable Character separator;
  private final String spelled;
  private final List<String> extensions;

  InputFormat(Fields fields, Ranges ranges, @Nullable String magic, String... extensions) {
    this.fields = fields;
    this.ranges = ranges;
    this.magic = magic;
    this.separator = null;
    this.spelled = name().toLowerCase(Locale.ROOT);
    this.extensions = List.of(extensions);
  }

  /** A format of CSV: one reader reads a file from its beginning. */
  InputFormat(char separator, String spelled, String... extensions) {
    this.fields = Fields.ALL;
    this.ranges = Ranges.WHOLE;
    this.magic = null;
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

  /** The separator of fields; null in a format other than CSV. */
  public @Nullable Character separator() {
    return separator;
  }

  /** Whether this is CSV with another separator than a comma, found in the header of the file. */
  public boolean isCsvWithoutCommas() {
    return separator != null && UNNAMED.contains(this);
  }

  /** Whether a record has fields, of which one is the text. */
  public boolean hasTextField() {
    return fields == Fields.ALL || hasSegments();
  }

  /** Whether files of a format that a job names may have a {@link DocumentSeparator}. */
  public boolean maySeparate() {
    return this == TEXT || this == AUTO;
  }

  /** Whether a record may have a list of segments in place of a text. */
  public boolean hasSegments() {
    return fields == Fields.SEGMENTS;
  }

  /** The first bytes of a file; null if they do not decide the format. */
  public @Nullable String magic() {
    return magic;
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
   * The stored bytes of a range of a file, if units have {@code target} bytes.
   *
   * @param size of the file
   */
  public long rangeBytes(long size, long target) {
    return size <= ranges.whole ? size : Math.max(target, ranges.least);
  }

  /** Which fields a record has. */
  private enum Fields {
    NONE,
    /** Fields with strings, of which one is the text. */
    ALL,
    /** Fields, of which one is the text or a list of segments. */
    SEGMENTS
  }

  /** How a file is divided into ranges. */
  private enum Ranges {
    ANYWHERE(0, 0),
    /** A text up to the default document limit is one part; a larger one is read in fixed parts. */
    LARGE_TEXT(64 * MIB, 32 * MIB),
    /** Row groups are larger than most targets, and every range reads the footer. */
    ROW_GROUPS(0, 64 * MIB),
    /** A file is one range. */
    WHOLE(Long.MAX_VALUE, 0);

    /** A file of up to this many bytes is one range. */
    private final long whole;

    /** The least bytes of a range of a larger file. */
    private final long least;

    Ranges(long whole, long least) {
      this.whole = whole;
      this.least = least;
    }
  }
}
