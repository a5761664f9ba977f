package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.field.ByteOrderMark;
import org.merganser.text.unicode.Utf8;

/**
 * Detects the kinds of files that are not read as text, a closed list: those of media types, with
 * the name of each and the command that converts it ({@link KindTable}), text in other encodings
 * ({@link TextEncoding}), and files that are one JSON value ({@link WholeJson}). Any other UTF-8 is
 * text.
 *
 * <p>All bytes are compared with the few signatures of {@link Utf8Types}. For the kind of a file,
 * only bytes with control characters are passed to Apache Tika ({@link BinaryTypes}), whose start
 * takes a third of a second, and whose weaker signatures would call plain text a mailbox or a
 * script.
 */
public final class FileKindDetector {
  /** The bytes at the beginning of a file that suffice to detect its kind. */
  public static final int SAMPLE = 4096;

  /** Control characters that text may have. */
  static final String TEXT_CONTROLS = "\b\t\n\u000b\f\r\u001a\u001b";

  /** The names of HTML and XML, in lower case and without compression. */
  private static final Pattern MARKUP_NAME = Pattern.compile("\\.(html|htm|xhtml|xml)$");

  /**
   * The first bytes of HTML and XML, after a byte order mark and comments; group 1 is a tag of
   * HTML.
   */
  private static final Pattern MARKUP =
      Pattern.compile(
          "(?is)(?:"
              + ByteOrderMark.LATIN_1
              + ")?(?:\\s++|<!--.*?-->){0,9}+"
              + "<(?:(!doctype\\s+html|html|head|body)|\\?xml|!doctype|svg|rss|feed|tei|tmx)\\b");

  /** The first bytes in which a tag of markup is searched. */
  private static final int MARKUP_BYTES = 1024;

  /** So many NULs in a row are not text. */
  private static final int BINARY_NULS = 16;

  /** Fewer control characters do not make a short file of UTF-8 binary, whatever their share. */
  private static final int LEAST_CONTROLS = 16;

  /**
   * Fewer control characters do not make ill-formed UTF-8 binary, whatever their share: the sample
   * may be text in another encoding.
   */
  private static final int LEAST_CONTROLS_IF_ILL_FORMED = 4;

  /** The type in {@code kinds.json} of a file that is HTML or XML by its name alone. */
  private static final String MARKUP_BY_NAME = "application/xml+name";

  private FileKindDetector() {}

  /** Whether a file, of any name, is a pointer of Git LFS by its first bytes. */
  public static boolean isPointer(byte[] bytes) {
    return Utf8Types.isPointer(bytes, 0, bytes.length);
  }

  /**
   * The kind of a file by its beginning.
   *
   * @param bytes its first bytes, uncompressed, in {@code [from, to)}; {@link #SAMPLE} suffice
   * @param path of the file
   * @return null if it may be text
   */
  public static @Nullable FileKind of(byte[] bytes, int from, int to, String path) {
    int end = Math.min(to, from + SAMPLE);
    FileKind encoded = TextEncoding.unicode(bytes, from, end);
    if (encoded != null) {
      return encoded;
    }
    String type = Utf8Types.of(bytes, from, end, path);
    if (type != null) {
      return KindTable.ofUtf8(type);
    }
    FileKind escaped = TextEncoding.escaped(bytes, from, end);
    if (escaped != null) {
      return escaped;
    }
    int controls = countControls(bytes, from, end);
    return controls == 0 ? null : ofBinary(bytes, from, end, path, controls);
  }

  /** The kind of a file with control characters; null if it may be text. */
  private static @Nullable FileKind ofBinary(
      byte[] bytes, int from, int to, String path, int controls) {
    String type = BinaryTypes.of(bytes, from, to, path);
    FileKind kind = type == null ? null : KindTable.ofBinary(type);
    if (kind == null && isBinary(bytes, from, to, controls)) {
      return KindTable.ofBinary(BinaryTypes.UNKNOWN);
    }
    return kind;
  }

  /**
   * The kind of a file that was found not to be read; null if nothing is known about it. Unlike
   * {@link #of} it knows markup and files that are one JSON value.
   *
   * @param head the first bytes of the file, uncompressed
   */
  public static @Nullable FileKind ofUnread(byte[] head, String path) {
    FileKind kind = of(head, 0, head.length, path);
    if (kind != null) {
      return kind;
    }
    FileKind markup = markup(head, path);
    return markup == null ? WholeJson.wrapped(head) : markup;
  }

  /** The media type of a file by Apache Tika, such as {@code text/html}; for texts a guess. */
  public static String mediaType(byte[] head) {
    return BinaryTypes.byTika(head, 0, head.length);
  }

  /** The markup of a file by its first characters, else by its name; null if it may be text. */
  public static @Nullable FileKind markup(byte[] head, String path) {
    FileKind kind = markup(head);
    if (kind != null) {
      return kind;
    }
    String name = Compression.withoutSuffix(path.toLowerCase(Locale.ROOT));
    return MARKUP_NAME.matcher(name).find() ? KindTable.ofUtf8(MARKUP_BY_NAME) : null;
  }

  /** The markup of a file by its first characters; null if it may be text. */
  public static @Nullable FileKind markup(byte[] head) {
    String begin = new String(head, 0, Math.min(head.length, MARKUP_BYTES), ISO_8859_1);
    Matcher tag = MARKUP.matcher(begin);
    if (!tag.lookingAt()) {
      return null;
    }
    return KindTable.ofUtf8(tag.group(1) == null ? "application/xml" : "text/html");
  }

  /** The number of control characters that text does not have. */
  private static int countControls(byte[] bytes, int from, int to) {
    int controls = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ' && TEXT_CONTROLS.indexOf(bytes[i]) < 0) {
        controls++;
      }
    }
    return controls;
  }

  /**
   * Whether bytes without a known signature are not text: they have {@value #BINARY_NULS} NULs in a
   * row, a quarter of them are control characters, or they are ill-formed UTF-8 of which a 32nd is
   * control characters; a few of these are never enough.
   *
   * @param controls the number of control characters that text does not have
   */
  private static boolean isBinary(byte[] bytes, int from, int to, int controls) {
    int length = to - from;
    if (controls >= LEAST_CONTROLS && 4 * controls >= length) {
      return true;
    }
    int nuls = 0;
    for (int i = from; i < to; i++) {
      nuls = bytes[i] == 0 ? nuls + 1 : 0;
      if (nuls == BINARY_NULS) {
        return true;
      }
    }
    int bad = Utf8.firstIllFormed(bytes, from, to);
    boolean isIllFormed = bad >= 0 && bad < to - 3; // the sample may end within a character
    return isIllFormed && controls >= LEAST_CONTROLS_IF_ILL_FORMED && 32 * controls >= length;
  }
}
