package org.merganser.corpus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Kinds of files that could be taken for text but hold no plain text: archives, documents, markup,
 * text in another encoding. Dead letters name the kind. Files of further kinds are not UTF-8.
 */
public final class FileKind {
  /** How many bytes at the beginning of a file suffice to find its kind. */
  public static final int SAMPLE = 4096;

  /** What a file is that has all its records in one array. */
  public static final String ARRAY =
      "the file is one JSON array, and JSON is read an object a line: make lines of its items with"
          + " jq -c '.[]' FILE > FILE.jsonl and name that file in its place";

  /** A list whose first item is an object or a list, but no turn of a chat. */
  private static final Pattern RECORDS =
      Pattern.compile("(\u00ef\u00bb\u00bf)?\\s*\\[\\s*(\\[|\\{(?![^{}]*\"(role|from)\"\\s*:))");

  private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/v";
  private static final Pattern MARKUP_NAME = Pattern.compile("\\.(html|htm|xhtml|xml)$");

  /** No text has so many NULs in a row; tar archives, programs and databases have. */
  private static final String NULS = "\0".repeat(16);

  /** Kinds by the bytes at the beginning as Latin-1; the longer of two beginnings comes first. */
  private static final List<Map.Entry<String, String>> BEGINNINGS =
      List.of(
          Map.entry("PK\3\4", "a ZIP archive (also docx, xlsx, epub, jar)"),
          Map.entry("PK\5\6", "an empty ZIP archive"),
          Map.entry("%PDF-", "a PDF document"),
          Map.entry("{\\rtf", "an RTF document"),
          Map.entry("ARROW1", "an Arrow file"),
          Map.entry("\u00ff\u00ff\u00ff\u00ff", "an Arrow stream, as the cache of HF datasets is"),
          Map.entry("\0\0\u00fe\u00ff", "text in UTF-32BE"),
          Map.entry("\u00ff\u00fe\0\0", "text in UTF-32LE"),
          Map.entry("\u00fe\u00ff", "text in UTF-16BE"),
          Map.entry("\u00ff\u00fe", "text in UTF-16LE"));

  private FileKind() {}

  /** Whether a file, of any name, stands for one that Git LFS has. */
  public static boolean isPointer(byte[] bytes, int from, int to) {
    int length = Math.min(to - from, LFS_POINTER.length());
    return new String(bytes, from, length, ISO_8859_1).equals(LFS_POINTER);
  }

  /** The kind of a file by its first bytes alone; null where it may be text. */
  public static @Nullable String ofBytes(byte[] bytes, int from, int to) {
    if (isPointer(bytes, from, to)) {
      return "the file is a Git LFS pointer, and what it stands for is not here: type git lfs pull in"
          + " the folder of the file";
    }
    String head = new String(bytes, from, Math.min(to - from, 8), ISO_8859_1);
    for (Map.Entry<String, String> kind : BEGINNINGS) {
      if (head.startsWith(kind.getKey())) {
        return message(kind.getValue());
      }
    }
    return withoutMark(bytes, from, Math.min(to, from + SAMPLE));
  }

  /** The markup of a file by its name or its first characters; null where it may be text. */
  private static @Nullable String ofMarkup(String head, String path) {
    String begin =
        head.substring(0, Math.min(head.length(), 256))
            .replaceFirst("^\u00ef\u00bb\u00bf", "")
            .stripLeading()
            .toLowerCase(Locale.ROOT);
    if (begin.startsWith("<!doctype html") || begin.startsWith("<html")) {
      return message("HTML");
    }
    if (begin.startsWith("<?xml")) {
      return message("XML");
    }
    boolean named =
        MARKUP_NAME.matcher(Compression.withoutSuffix(path.toLowerCase(Locale.ROOT))).find();
    return named ? message("HTML or XML by its name") : null;
  }

  /**
   * The kind of a file, from its beginning alone.
   *
   * @param head the first bytes, uncompressed
   * @param hasTextName whether the name is the name of a text
   * @return null where it may be text
   */
  public static @Nullable String of(byte[] head, String path, boolean hasTextName) {
    String kind = ofBytes(head, 0, head.length);
    String latin1 = new String(head, ISO_8859_1);
    if (kind == null && latin1.contains(NULS)) {
      kind = message("binary data");
    }
    String name = Compression.withoutSuffix(path.toLowerCase(Locale.ROOT));
    if (kind == null && InputFormat.JSONL.hasName(name) && RECORDS.matcher(latin1).lookingAt()) {
      return ARRAY;
    }
    return kind == null && !hasTextName ? ofMarkup(latin1, path) : kind;
  }

  /** UTF-16 without a byte order mark: of each pair of bytes nearly always the same one is 0. */
  private static @Nullable String withoutMark(byte[] bytes, int from, int to) {
    int pairs = (to - from) / 2;
    int first = 0;
    int second = 0;
    for (int i = from; i + 1 < to; i += 2) {
      first += bytes[i] == 0 ? 1 : 0;
      second += bytes[i + 1] == 0 ? 1 : 0;
    }
    if (pairs < 8 || Math.max(first, second) < pairs - pairs / 4) {
      return null;
    }
    if (Math.min(first, second) > pairs / 16) {
      return null;
    }
    String order = first > second ? "UTF-16BE" : "UTF-16LE";
    return message("text in " + order + " without a byte order mark");
  }

  private static String message(String kind) {
    return "the file is "
        + kind
        + ", not a format that is read: convert it to UTF-8 text, JSON lines, CSV, TSV, Parquet or"
        + " WARC, or take it as it is with corpus.format: text";
  }
}
