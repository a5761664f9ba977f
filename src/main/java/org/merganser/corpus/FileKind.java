package org.merganser.corpus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.json.Json;
import org.merganser.text.unicode.Utf8;

/**
 * Kinds of files that look like text but are not plain text: archives, documents, markup, text in
 * another encoding. Dead letters name the kind. Other kinds of files are reported as not UTF-8.
 */
public final class FileKind {
  /** The bytes at the beginning of a file that suffice to detect its kind. */
  public static final int SAMPLE = 4096;

  /** The kind of a file with all records in one array, if lines of objects are expected. */
  public static final String ARRAY =
      "the file is one JSON array, and format jsonl reads an object a line: name the format json"
          + " for this file";

  /** A list whose first item is an object or a list, but not a turn of a chat. */
  private static final Pattern RECORDS =
      Pattern.compile("(\u00ef\u00bb\u00bf)?\\s*\\[\\s*(\\[|\\{(?![^{}]*\"(role|from)\"\\s*:))");

  /** An object over several lines whose first value is a list of records. */
  private static final Pattern WRAPPED =
      Pattern.compile("(\u00ef\u00bb\u00bf)?\\s*\\{\\s*\"([A-Za-z_]\\w*)\"\\s*:\\s*\\[\\s*\\{");

  private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/v";
  private static final Pattern MARKUP_NAME = Pattern.compile("\\.(html|htm|xhtml|xml)$");

  /** Text never has so many NULs in a row; tar archives, programs and databases have. */
  private static final String NULS = "\0".repeat(16);

  private static final String UTF_16 = "convert it with iconv -f UTF-16 -t UTF-8 OLD > NEW";
  private static final String AS_IT_IS =
      "extract its text, or use the markup as text with corpus.format: text";

  private record Kind(String beginning, String kind, String advice) {
    String message() {
      return FileKind.message(kind, advice);
    }
  }

  /** Of two beginnings with a common prefix the longer one comes first. */
  private static final List<Kind> BEGINNINGS =
      List.of(
          Json.read(
              WholeFile.resource(FileKind.class, "FileKind.json").getBytes(UTF_8),
              Kind[].class,
              "FileKind.json",
              IllegalStateException::new));

  private FileKind() {}

  /** Whether a file, of any name, is a pointer of Git LFS. */
  public static boolean isPointer(byte[] bytes, int from, int to) {
    int length = Math.min(to - from, LFS_POINTER.length());
    return new String(bytes, from, length, ISO_8859_1).equals(LFS_POINTER);
  }

  /** The kind of a file that is one object over several lines with its records in a list. */
  public static @Nullable String wrapped(byte[] head) {
    Matcher object = WRAPPED.matcher(new String(head, ISO_8859_1));
    if (!object.lookingAt() || object.group().indexOf('\n') < 0) {
      return null;
    }
    String list = object.group(2);
    return message(
        "one JSON object with its records in the list \"%s\"".formatted(list),
        "jq -c '.%s[]' FILE > FILE.jsonl makes a line of each".formatted(list));
  }

  /** The kind of a file by its first bytes; null if it may be text. */
  public static @Nullable String ofBytes(byte[] bytes, int from, int to) {
    if (isPointer(bytes, from, to)) {
      return "the file is a Git LFS pointer without its content: run git lfs pull"
          + " in the folder of the file";
    }
    String head = new String(bytes, from, Math.min(to - from, 8), ISO_8859_1);
    for (Kind kind : BEGINNINGS) {
      if (head.startsWith(kind.beginning)) {
        return kind.message();
      }
    }
    return withoutMark(bytes, from, Math.min(to, from + SAMPLE));
  }

  /** The markup of a file by its name or first characters; null if it may be text. */
  private static @Nullable String ofMarkup(String head, String path) {
    String begin =
        head.substring(0, Math.min(head.length(), 256))
            .replaceFirst("^\u00ef\u00bb\u00bf", "")
            .stripLeading()
            .toLowerCase(Locale.ROOT);
    if (begin.startsWith("<!doctype html") || begin.startsWith("<html")) {
      return message("HTML", AS_IT_IS);
    }
    if (begin.startsWith("<?xml")) {
      return message("XML", AS_IT_IS);
    }
    boolean named =
        MARKUP_NAME.matcher(Compression.withoutSuffix(path.toLowerCase(Locale.ROOT))).find();
    return named ? message("HTML or XML by its name", AS_IT_IS) : null;
  }

  /**
   * The kind of a file by its beginning.
   *
   * @param head the first bytes, uncompressed
   * @param hasTextName whether the name is that of a text file
   * @return null if it may be text
   */
  public static @Nullable String of(byte[] head, String path, boolean hasTextName) {
    String kind = ofBytes(head, 0, head.length);
    String latin1 = new String(head, ISO_8859_1);
    if (kind == null && latin1.contains(NULS)) {
      kind = message("binary data", "leave it out with corpus.exclude, or extract its text");
    }
    return kind == null && !hasTextName ? ofMarkup(latin1, path) : kind;
  }

  /** UTF-16 without a byte order mark: the same one of each pair of bytes is nearly always 0. */
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
    String kind = "text in " + order + " without a byte order mark";
    return message(kind, UTF_16.replace("UTF-16", order));
  }

  private static String message(String kind, String advice) {
    return "the file is " + kind + ", which is not read: " + advice;
  }

  /** Whether a file begins like an array of records, not like the turns of a chat. */
  public static boolean beginsWithRecords(byte[] bytes, int from, int to) {
    int length = Math.min(to - from, SAMPLE);
    return RECORDS.matcher(new String(bytes, from, length, ISO_8859_1)).lookingAt();
  }

  /**
   * The advice how to convert text that seems to be in a single-byte encoding, from some thousand
   * bytes around the first one that is not UTF-8; "" if it seems to be something else. Latin
   * letters between ASCII indicate ISO-8859-1, with typographic signs in 0x80 to 0x9F Windows-1252;
   * many bytes above ASCII indicate another alphabet.
   */
  public static String conversion(byte[] text, int from, int to, int bad) {
    int ascii = 0;
    int wellFormed = 0;
    int letters = 0;
    int signs = 0;
    int start = Math.max(from, bad - SAMPLE / 4);
    int end = Math.min(to, start + SAMPLE);
    for (int i = start; i < end; i++) {
      int b = text[i] & 0xFF;
      int length = b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
      if (b < ' ' && "\t\n\f\r".indexOf(b) < 0 || b == 0x7F) {
        return "";
      } else if (b < 0x80) {
        ascii += Character.isLetter(b) ? 1 : 0;
      } else if (length <= end - i && Utf8.firstIllFormed(text, i, i + length) < 0) {
        wellFormed++;
        i += length - 1;
      } else if ("\u0081\u008d\u008f\u0090\u009d".indexOf(b) >= 0) {
        return "";
      } else {
        letters += b < 0xA0 ? 0 : 1;
        signs += b < 0xA0 ? 1 : 0;
        i += Utf8.illFormedLength(text, i, end) - 1;
      }
    }
    if (wellFormed >= letters + signs || letters + signs > ascii) {
      return "";
    }
    String encoding = signs > 0 ? "WINDOWS-1252" : "ISO-8859-1";
    return "; the text seems to be in %s: convert it with iconv -f %s -t UTF-8 OLD > NEW"
        .formatted(encoding, encoding);
  }
}
