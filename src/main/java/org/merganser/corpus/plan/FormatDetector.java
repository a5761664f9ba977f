package org.merganser.corpus.plan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.decode.DecodedInput;
import org.merganser.corpus.decode.StoredInput;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.corpus.field.JsonRecord;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;
import org.merganser.corpus.kind.WholeJson;
import org.merganser.store.FileStore;

/**
 * Detects the compression and format of a file. The compression follows from the first bytes, else
 * from the name. A format with a magic number (Parquet, WARC) follows from the first uncompressed
 * bytes or from the name. Any other follows from the name without its compression suffix, unless
 * the content shows another one ({@link #byContent}); without a known name the file is JSONL if its
 * first line is a JSON object, and text otherwise. The header of CSV decides its separator, even if
 * the job names the format.
 *
 * <p>A file that {@link FileKindDetector#of} knows is unsupported, also if the job names a format
 * without a magic number, unless {@code corpus.includeAll} reads it. Markup is unsupported unless
 * the job names the format, whatever {@code corpus.includeAll} says.
 */
final class FormatDetector {
  /** The most bytes that are read of a file, and that are decoded of them. */
  private static final int SAMPLE = FileKindDetector.SAMPLE;

  /** The bytes that are read of a file of the kernel, whose listed size is 0. */
  private static final int LEAST_SAMPLE = 16;

  /** CSV by separator; of equally frequent separators the first counts. */
  private static final List<InputFormat> CSV =
      List.of(
          InputFormat.CSV,
          InputFormat.CSV_WITH_TABS,
          InputFormat.CSV_WITH_SEMICOLONS,
          InputFormat.CSV_WITH_BARS);

  /**
   * What the job says of the files of an input.
   *
   * @param format that the job names, or AUTO
   * @param includeAll whether files of other formats that are UTF-8 are read as text, and with a
   *     named format all files
   * @param documentSeparator the line between the documents of a text; null: a text is one document
   * @param needsSegments whether the job reads the segments of records
   * @param needsFields whether the job reads the split of a record from one of its fields
   */
  record Wanted(
      InputFormat format,
      boolean includeAll,
      @Nullable String documentSeparator,
      boolean needsSegments,
      boolean needsFields) {
    /** Whether a format has no segments or fields although the job needs them. */
    boolean excludes(InputFormat detected) {
      return (needsSegments && !detected.hasSegments())
          || (needsFields && !detected.hasTextField());
    }
  }

  private FormatDetector() {}

  /**
   * The file with its format and compression.
   *
   * @param path of the file below its input, which has the name that decides
   * @throws FileSystemException if the file cannot be read
   */
  static InputFile detect(FileStore store, FileStore.Entry entry, String path, Wanted wanted)
      throws IOException {
    byte[] head = readHead(store, entry);
    if (FileKindDetector.isPointer(head)) { // its name is that of the file it points to
      return InputFile.listed(path, entry, InputFormat.UNSUPPORTED, Compression.NONE);
    }
    Compression compression = Compression.of(head, path.toLowerCase(Locale.ROOT));
    byte[] plain = compression == Compression.NONE ? head : decode(head, compression);
    return InputFile.listed(path, entry, format(path, plain, compression, wanted), compression);
  }

  /** The file of an entry that is not opened, with the format and compression of another one. */
  static InputFile like(InputFile other, FileStore.Entry entry, String path) {
    return InputFile.listed(path, entry, other.format(), other.compression());
  }

  /** Reads the first stored bytes of a file. */
  private static byte[] readHead(FileStore store, FileStore.Entry entry) throws IOException {
    try (InputStream in = store.open(entry.location(), 0)) {
      return in.readNBytes((int) Math.min(SAMPLE, Math.max(entry.size(), LEAST_SAMPLE)));
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new FileSystemException(entry.location(), null, "cannot be read: " + e.getMessage());
    }
  }

  /**
   * The format of a file.
   *
   * @param plain its first uncompressed bytes
   */
  private static InputFormat format(
      String path, byte[] plain, Compression compression, Wanted wanted) {
    boolean isAuto = wanted.format() == InputFormat.AUTO;
    InputFormat format =
        isAuto
            ? formatOfFile(path, plain, compression, wanted.includeAll())
            : formatOfJob(wanted, path, plain);
    if (format == InputFormat.CSV) {
      format = csvBySeparator(plain);
    }
    if (format == InputFormat.TEXT && wanted.documentSeparator() != null) {
      format = InputFormat.SEPARATED;
    }
    return isAuto && wanted.excludes(format) ? InputFormat.UNSUPPORTED : format;
  }

  /** The format that the job names, unless the file is of a kind that is not read. */
  private static InputFormat formatOfJob(Wanted wanted, String path, byte[] plain) {
    InputFormat format = wanted.format();
    boolean readerRefusesOthers = format.magic() != null;
    if (wanted.includeAll() || readerRefusesOthers) {
      return format;
    }
    FileKind kind = FileKindDetector.of(plain, 0, plain.length, path);
    return kind == null ? format : InputFormat.UNSUPPORTED;
  }

  /** The format that a file's name and content show. */
  private static InputFormat formatOfFile(
      String path, byte[] plain, Compression compression, boolean includeAll) {
    String name = path.toLowerCase(Locale.ROOT);
    if (compression != Compression.NONE) {
      name = Compression.withoutSuffix(name);
    }
    InputFormat withMagic = byMagic(plain, name);
    if (withMagic != null) {
      return withMagic;
    }
    InputFormat named = byName(name);
    boolean isUnread =
        unreadKind(plain, path, includeAll) != null || markup(plain, path, named) != null;
    return isUnread ? InputFormat.UNSUPPORTED : byContent(plain, named);
  }

  /** The format with a magic number that a file or its name has; null for none. */
  private static @Nullable InputFormat byMagic(byte[] plain, String name) {
    for (InputFormat format : InputFormat.values()) {
      String magic = format.magic();
      if (magic != null && (beginsWith(plain, magic) || format.hasName(name))) {
        return format;
      }
    }
    return null;
  }

  /** The format of which a name has an extension; null for none. */
  private static @Nullable InputFormat byName(String name) {
    for (InputFormat format : InputFormat.values()) {
      if (format.hasName(name)) {
        return format;
      }
    }
    return null;
  }

  /** The kind of a file that is not read; null for one that is. */
  private static @Nullable FileKind unreadKind(byte[] plain, String path, boolean includeAll) {
    FileKind kind = FileKindDetector.of(plain, 0, plain.length, path);
    return kind != null && includeAll && kind.isUtf8() ? null : kind;
  }

  /**
   * The markup that a file consists of; null for a file that is named as text, or has none.
   *
   * @param named the format by the name; null for none
   */
  private static @Nullable FileKind markup(byte[] plain, String path, @Nullable InputFormat named) {
    if (named == null) {
      return FileKindDetector.markup(plain, path);
    }
    // A file named as records may be the error page of a failed download.
    return named == InputFormat.TEXT ? null : FileKindDetector.markup(plain);
  }

  /**
   * The format of UTF-8 that is not markup, which may differ from the one that its name suggests.
   *
   * @param named the format by the name; null for none
   */
  private static InputFormat byContent(byte[] plain, @Nullable InputFormat named) {
    if (named == null) {
      return beginsWithObject(plain) ? InputFormat.JSONL : InputFormat.TEXT;
    }
    if (named == InputFormat.JSONL && WholeJson.wrapped(plain) != null) {
      return InputFormat.UNSUPPORTED;
    }
    if (named == InputFormat.JSONL && WholeJson.beginsWithRecords(plain, 0, plain.length)) {
      return InputFormat.JSON;
    }
    // Lines of objects may be in a file that is named as a table.
    return named.separator() != null && beginsWithObject(plain) ? InputFormat.JSONL : named;
  }

  /** The decoded bytes of the sample; the reader reports damage later. */
  private static byte[] decode(byte[] head, Compression compression) throws IOException {
    try (DecodedInput in = new DecodedInput(StoredInput.of(head), compression)) {
      return in.head(SAMPLE);
    }
  }

  /**
   * CSV by the separator of its header: a comma if it has one outside of quotes, else the most
   * frequent one.
   */
  private static InputFormat csvBySeparator(byte[] plain) {
    int[] counts = countSeparators(plain);
    int comma = CSV.indexOf(InputFormat.CSV);
    if (counts[comma] > 0) {
      return InputFormat.CSV;
    }
    int most = comma; // also if no separator occurs
    for (int f = 0; f < counts.length; f++) {
      if (counts[f] > counts[most]) {
        most = f;
      }
    }
    return CSV.get(most);
  }

  /** How often the header has the separator of each format of {@link #CSV} outside of quotes. */
  private static int[] countSeparators(byte[] plain) {
    int[] counts = new int[CSV.size()];
    boolean quoted = false;
    for (int i = 0; i < plain.length && (quoted || plain[i] != '\n'); i++) {
      quoted ^= plain[i] == '"';
      if (!quoted) {
        for (int f = 0; f < counts.length; f++) {
          if (Objects.equals(CSV.get(f).separator(), (char) plain[i])) {
            counts[f]++;
          }
        }
      }
    }
    return counts;
  }

  /**
   * Whether the first line is a JSON object, or begins like one if the sample has no complete line.
   */
  private static boolean beginsWithObject(byte[] plain) {
    String sample = new String(plain, ISO_8859_1);
    int newline = sample.indexOf('\n');
    if (newline < 0) {
      return sample.matches(
          "(?s)(" + ByteOrderMark.LATIN_1 + ")?[ \t]*\\{[ \t]*\"[^\"\\\\]*\"[ \t]*:.*");
    }
    JsonRecord record = new JsonRecord(List.of(), 0);
    int from = ByteOrderMark.begins(plain, 0, plain.length) ? ByteOrderMark.LENGTH : 0;
    return record.parse(plain, from, newline) && record.isObject();
  }

  /** Whether a file begins with a magic number of ASCII characters. */
  private static boolean beginsWith(byte[] head, String magic) {
    return new String(head, 0, Math.min(head.length, magic.length()), ISO_8859_1).equals(magic);
  }
}
