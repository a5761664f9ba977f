package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * Guesses the encoding of text that is not UTF-8, and names the command that converts it. A guess
 * is only printed: no document is decoded by it.
 */
public final class TextEncoding {
  /** How the result of {@link #conversion} begins, unless it is empty. */
  public static final String CONVERSION = "; the text seems to be in ";

  /** The most bytes that are examined for a guess. */
  private static final int SAMPLE = 1 << 16;

  /** The most of them that come before the first byte that is not UTF-8. */
  private static final int BEFORE = 1024;

  /** With fewer bytes above ASCII, the frequencies of letters say nothing. */
  private static final int LEAST_OF_ALPHABET = 12;

  /** The largest higher byte of a UTF-16 unit below U+0800. */
  private static final int MOST_HIGHER_BYTE = 7;

  /** Fewer pairs of bytes are not taken for UTF-16 without a byte order mark. */
  private static final int LEAST_PAIRS = 8;

  private static final String WINDOWS_1252 = "WINDOWS-1252";

  private TextEncoding() {}

  /**
   * The kind of a file in UTF-16 or UTF-32 with a byte order mark, or in UTF-16 of an alphabet
   * below U+0800; null for any other.
   */
  static @Nullable FileKind unicode(byte[] bytes, int from, int to) {
    String head = new String(bytes, from, Math.min(4, to - from), ISO_8859_1);
    if (head.startsWith("\u00ff\u00fe\0\0")) {
      return kind("UTF-32LE", "UTF-32");
    }
    if (head.startsWith("\0\0\u00fe\u00ff")) {
      return kind("UTF-32BE", "UTF-32");
    }
    if (head.startsWith("\u00ff\u00fe")) {
      return kind("UTF-16LE", "UTF-16");
    }
    if (head.startsWith("\u00fe\u00ff")) {
      return kind("UTF-16BE", "UTF-16");
    }
    return utf16WithoutMark(bytes, from, to);
  }

  /**
   * UTF-16 without a byte order mark, if the same byte of each pair is 0 to 7 in three quarters of
   * the pairs, and the other one in a 16th at most, as in Latin, Greek, Cyrillic and Arabic text;
   * else null.
   */
  private static @Nullable FileKind utf16WithoutMark(byte[] bytes, int from, int to) {
    int pairs = (to - from) / 2;
    int first = 0; // how often the first byte of a pair may be the higher one of a unit
    int second = 0; // how often the second one may be
    for (int i = from; i + 1 < to; i += 2) {
      if (bytes[i] >= 0 && bytes[i] <= MOST_HIGHER_BYTE) {
        first++;
      }
      if (bytes[i + 1] >= 0 && bytes[i + 1] <= MOST_HIGHER_BYTE) {
        second++;
      }
    }
    boolean oneMostly = pairs >= LEAST_PAIRS && Math.max(first, second) >= pairs - pairs / 4;
    boolean otherRarely = Math.min(first, second) <= pairs / 16;
    if (!oneMostly || !otherRarely) {
      return null;
    }
    String order = first > second ? "UTF-16BE" : "UTF-16LE";
    return kind(order + " without a byte order mark", order);
  }

  /**
   * The kind of a file in ISO-2022, an encoding of 7 bits with escapes, which passes as UTF-8; null
   * for any other.
   */
  static @Nullable FileKind escaped(byte[] bytes, int from, int to) {
    for (int i = from; i + 2 < to; i++) {
      if (bytes[i] == 0x1b && bytes[i + 1] == '$') {
        String name = detectedName(bytes, from, to);
        return name != null && name.startsWith("ISO-2022") ? kind(name, name) : null;
      }
    }
    return null;
  }

  /**
   * The kind of text in an encoding.
   *
   * @param iconv the name of the encoding for iconv
   */
  private static FileKind kind(String name, String iconv) {
    boolean holdsText = true;
    boolean decodes = false;
    boolean isUtf8 = false;
    return new FileKind(
        "text in " + name, "convert it with " + iconv(iconv), holdsText, decodes, isUtf8);
  }

  /** The command that converts a file. */
  private static String iconv(String name) {
    return "iconv -f " + name + " -t UTF-8 FILE > NEW";
  }

  /**
   * The end of a message on bytes that are not UTF-8: the likely encoding and how it is converted;
   * "" if the bytes seem to be something else.
   *
   * @param bad the index of the first byte that is not UTF-8
   */
  public static String conversion(byte[] text, int from, int to, int bad) {
    int start = Math.max(from, bad - BEFORE);
    while (start > from && start < bad && text[start - 1] != '\n' && text[start - 1] != ' ') {
      start++; // after a space or line feed, so not within a character of several bytes
    }
    String name = likelyName(text, start, Math.min(to, start + SAMPLE));
    return name == null
        ? ""
        : CONVERSION + "%s: convert it with %s".formatted(name, iconv(iconvName(name)));
  }

  /**
   * The name of the likely encoding; null if the bytes are not text, or damaged UTF-8. Latin
   * letters between ASCII indicate ISO-8859-1, with typographic signs in 0x80 to 0x9F Windows-1252,
   * with letters there CP850; the frequencies of letters distinguish other alphabets.
   */
  private static @Nullable String likelyName(byte[] text, int from, int to) {
    EncodingCounts counts = new EncodingCounts();
    if (!counts.add(text, from, to) || counts.wellFormed >= counts.high()) {
      return null;
    }
    boolean isLong = counts.high() + counts.wellFormed >= LEAST_OF_ALPHABET;
    String other = isLong ? detectedName(text, from, to) : null;
    if (other != null && !other.equals(WINDOWS_1252) && !other.equals("UTF-8")) {
      return other;
    }
    if (2 * counts.ofDos > counts.high() && counts.high() <= counts.asciiLetters) {
      return "CP850";
    }
    if (!counts.isLatin || counts.high() > counts.asciiLetters) {
      return null;
    }
    return counts.signs > 0 ? WINDOWS_1252 : "ISO-8859-1";
  }

  /**
   * The name of the encoding by juniversalchardet; null for ASCII, and if the bytes are not text in
   * that encoding.
   */
  private static @Nullable String detectedName(byte[] text, int from, int to) {
    UniversalDetector detector = new UniversalDetector();
    detector.handleData(text, from, to - from);
    detector.dataEnd();
    String name = detector.getDetectedCharset();
    if (name == null || name.equals("US-ASCII") || !decodes(name, text, from, to)) {
      return null;
    }
    return name.equals("MACCYRILLIC") && hasCapitalsOfWindows(text, from, to)
        ? "WINDOWS-1251"
        : name;
  }

  /**
   * Whether Cyrillic capitals are where Windows-1251 has them, from 0xC0 on, and not where the
   * encoding of the Mac has them, from 0x80 on. Both have the small letters in one place.
   */
  private static boolean hasCapitalsOfWindows(byte[] text, int from, int to) {
    int balance = 0;
    for (int i = from; i < to; i++) {
      int range = text[i] & 0xE0;
      if (range == 0xC0) {
        balance++;
      } else if (range == 0x80) {
        balance--;
      }
    }
    return balance >= 0;
  }

  /**
   * Whether bytes are well-formed in an encoding, except at the end of the sample; true for an
   * encoding that Java does not know.
   */
  private static boolean decodes(String name, byte[] text, int from, int to) {
    String charset = javaName(name);
    if (!Charset.isSupported(charset)) {
      return true;
    }
    CharsetDecoder decoder =
        Charset.forName(charset)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer decoded = CharBuffer.allocate(to - from);
    return !decoder.decode(ByteBuffer.wrap(text, from, to - from), decoded, false).isError();
  }

  /** The name of an encoding in Java: of the larger set of Windows, as in {@link #iconvName}. */
  private static String javaName(String name) {
    return switch (name) {
      case "SHIFT_JIS" -> "windows-31j";
      case "EUC-KR" -> "x-windows-949";
      default -> name;
    };
  }

  /**
   * The name for iconv of an encoding. Text in a larger set of Windows is usually labelled as its
   * smaller standard, so the larger set is named.
   */
  private static String iconvName(String name) {
    return switch (name) {
      case "SHIFT_JIS" -> "CP932";
      case "EUC-KR" -> "CP949";
      case "MACCYRILLIC" -> "MAC-CYRILLIC";
      case "GBK" -> "GB18030";
      default -> name;
    };
  }
}
