package org.merganser.corpus;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The format of a file of the corpus, as a job names it. To add a format, add a constant here,
 * choose its reader in {@code corpus/read/RangeReader}, and describe it in docs/corpus-formats.md;
 * the job file, its schema, the commands, the rules and the detection use the constants.
 */
@SuppressWarnings("ImmutableEnumChecker") // the list of extensions never changes
public enum InputFormat {
  /** The content and name of each file decide its format. */
  AUTO(Fields.SEGMENTS, Ranges.WHOLE, null),
  TEXT(Fields.NONE, Ranges.LARGE_TEXT, null, "txt", "text", "md"),
  LINES(Fields.NONE, Ranges.ANYWHERE, null),
  PARAGRAPHS(Fields.NONE, Ranges.ANYWHERE, null),
  JSONL(Fields.SEGMENTS, Ranges.ANYWHERE, null, "jsonl", "ndjson", "jsonlines", "json"),
  /** One array of all records, whose commas only reading from the start shows. */
  JSON(Fields.SEGMENTS, Ranges.WHOLE, null),
  /** A line end may be within a quoted field, which only reading from the start shows. */
  CSV(',', "csv", "csv"),
  TSV('\t', "tsv", "tsv"),
  PARQUET(Fields.SEGMENTS, Ranges.ROW_GROUPS, "PAR1", "parquet"),
  WARC(Fields.NONE, Ranges.WHOLE, "WARC/", "warc", "wet"),
  /** CSV of which the header has no comma, but another separator. Jobs cannot name these. */
  CSV_WITH_TABS('\t', "tabbed csv"),
  CSV_WITH_SEMICOLONS(';', "csv with ;"),
  CSV_WITH_BARS('|', "csv with |"),
  /** A file that AUTO finds is not text: it becomes one dead letter. Jobs cannot name this. */
  UNSUPPORTED(Fields.NONE, Ranges.WHOLE, null);

  /** Whether a record has its text in a field. */
  private enum Fields {
    NONE,
    ALL,
    /** All, and a list of segments in place of the text. */
    SEGMENTS
  }

  private static final long MIB = 1 << 20;

  /** Which parts of a file are read separately. */
  private enum Ranges {
    ANYWHERE(0, 0),
    /** A text up to the default document limit is one part; a larger one has cells of a grid. */
    LARGE_TEXT(64 * MIB, 32 * MIB),
    /** Row groups are larger than most targets, and every range reads the footer. */
    ROW_GROUPS(0, 64 * MIB),
    WHOLE(Long.MAX_VALUE, 0);

    private final long whole;
    private final long least;

    Ranges(long whole, long least) {
      this.whole = whole;
      this.least = least;
    }
  }

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

  /** CSV. */
  InputFormat(char separator, String spelled, String... extensions) {
    this.fields = Fields.ALL;
    this.ranges = Ranges.WHOLE;
    this.magic = null;
    this.separator = separator;
    this.spelled = spelled;
    this.extensions = List.of(extensions);
  }

  /** The formats that a job can name. */
  public static List<InputFormat> named() {
    return List.copyOf(EnumSet.range(AUTO, WARC));
  }

  /** The name in the job file, and for people. */
  public String spelled() {
    return spelled;
  }

  /** What separates the fields of a record; null in a format that is not CSV. */
  public @Nullable Character separator() {
    return separator;
  }

  /** Whether it is CSV whose header has another separator than a comma; only a plan has it. */
  public boolean isCsvWithoutCommas() {
    return separator != null && extensions.isEmpty();
  }

  /** Whether the text of a record is in a field. */
  public boolean hasTextField() {
    return fields == Fields.ALL || hasSegments();
  }

  /** Whether a record may have segments in place of a text. */
  public boolean hasSegments() {
    return fields == Fields.SEGMENTS;
  }

  /** The first bytes of a file; null where they do not decide the format. */
  public @Nullable String magic() {
    return magic;
  }

  /** Whether a name, in lower case and without its compression suffix, has this format. */
  public boolean hasName(String name) {
    return extensions.stream().anyMatch(extension -> name.endsWith("." + extension));
  }

  /** Whether a compressed file is decoded from its beginning to its end. */
  public boolean isStream() {
    return this != PARQUET && this != UNSUPPORTED;
  }

  /**
   * Bytes of a range of a file.
   *
   * @param target bytes of a unit
   */
  public long rangeBytes(long size, long target) {
    return size <= ranges.whole ? size : Math.max(target, ranges.least);
  }
}
