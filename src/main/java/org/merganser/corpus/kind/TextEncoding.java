package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;
import org.merganser.text.unicode.Utf8;
import org.mozilla.universalchardet.UniversalDetector;

/**
 * The likely encoding of text that is not UTF-8, and the command that converts it. Nothing is
 * decoded by it: a guess is only printed.
 */
public final class TextEncoding {
  /** The most bytes that are examined for a guess. */
  private static final int SAMPLE = 1 << 16;

  /** How many of them come before the first byte that is not UTF-8. */
  private static final int BEFORE = 1024;

  /** With fewer bytes above ASCII, the frequencies of letters say nothing. */
  private static final int LEAST_OF_ALPHABET = 12;

  /** Bytes that Windows-1252 does not use. */
  private static final String NOT_LATIN = "\u0081\u008d\u008f\u0090\u009d";

  /** Control characters that text may have. */
  private static final String TEXT_CONTROLS = "\t\n\f\r\u001a\u001b";

  /** Letters of CP850 (DOS) where Windows-1252 has signs that are rare within words. */
  private static final String DOS_LETTERS =
      "\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008f\u0090\u0093\u0094\u0095\u0098";

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
    return withoutMark(bytes, from, to);
  }

  /**
   * UTF-16 without a byte order mark, if the same byte of each pair is nearly always 0 to 7, as in
   * Latin, Greek, Cyrillic and Arabic text; else null.
   */
  private static @Nullable FileKind withoutMark(byte[] bytes, int from, int to) {
    int pairs = (to - from) / 2;
    int first = 0;
    int second = 0;
    for (int i = from; i + 1 < to; i += 2) {
      if (bytes[i] >= 0 && bytes[i] <= 7) {
        first++;
      }
      if (bytes[i + 1] >= 0 && bytes[i + 1] <= 7) {
        second++;
      }
    }
    boolean mostly = pairs >= 8 && Math.max(first, second) >= pairs - pairs / 4;
    if (!mostly || Math.min(first, second) > pairs / 16) {
      return null;
    }
    String order = first > second ? "UTF-16BE" : "UTF-16LE";
    return kind(order + " without a byte order mark", order);
  }

  /** The kind of a file in an encoding of 7 bits with escapes, which passes as UTF-8; else null. */
  static @Nullable FileKind escaped(byte[] bytes, int from, int to) {
    for (int i = from; i + 2 < to; i++) {
      if (bytes[i] == 0x1b && bytes[i + 1] == '$') {
        String name = detected(bytes, from, to);
        return name != null && name.startsWith("ISO-2022") ? kind(name, name) : null;
      }
    }
    return null;
  }

  private static FileKind kind(String name, String iconv) {
    return new FileKind("text in " + name, "convert it with " + iconv(iconv), true, false, false);
  }

  /** The command that converts a file. */
  private static String iconv(String name) {
    return "iconv -f " + name + " -t UTF-8 FILE > NEW";
  }

  /**
   * The end of a message on bytes that are not UTF-8: the likely encoding and how it is converted;
   * "" if the bytes seem to be something else.
   *
   * @param bad the first byte that is not UTF-8
   */
  public static String conversion(byte[] text, int from, int to, int bad) {
    int start = Math.max(from, bad - BEFORE);
    while (start > from && start < bad && text[start - 1] != '\n' && text[start - 1] != ' ') {
      start++; // not within a character of several bytes
    }
    String name = likely(text, start, Math.min(to, start + SAMPLE));
    return name == null
        ? ""
        : "; the text seems to be in %s: convert it with %s"
            .formatted(name, iconv(iconvName(name)));
  }

  /**
   * Latin letters between ASCII indicate ISO-8859-1, with typographic signs in 0x80 to 0x9F
   * Windows-1252, with letters there CP850; the frequencies of letters distinguish other alphabets.
   */
  private static @Nullable String likely(byte[] text, int from, int to) {
    Counts counts = new Counts();
    if (!counts.add(text, from, to) || counts.wellFormed >= counts.high()) {
      return null; // not text, or damaged UTF-8
    }
    String other =
        counts.high() + counts.wellFormed < LEAST_OF_ALPHABET ? null : detected(text, from, to);
    if (other != null && !other.equals("WINDOWS-1252") && !other.equals("UTF-8")) {
      return other;
    }
    if (2 * counts.ofDos > counts.high() && counts.high() <= counts.asciiLetters) {
      return "CP850";
    }
    if (!counts.isLatin || counts.high() > counts.asciiLetters) {
      return null;
    }
    return counts.signs > 0 ? "WINDOWS-1252" : "ISO-8859-1";
  }

  /** What the bytes of a sample may be. */
  private static final class Counts {
    int asciiLetters;

    /** The bytes above ASCII that are UTF-8. */
    int wellFormed;

    /** The other bytes from 0xA0 on, which are letters in ISO-8859-1. */
    int letters;

    /** The other bytes below 0xA0, which are signs in Windows-1252. */
    int signs;

    /** The signs within words that would be letters in CP850. */
    int ofDos;

    /** Whether Windows-1252 uses all bytes that are not UTF-8. */
    boolean isLatin = true;

    /** The bytes above ASCII that are not UTF-8. */
    int high() {
      return letters + signs;
    }

    /**
     * Counts the bytes of a sample; false if it has a control character that text does not have.
     */
    boolean add(byte[] text, int from, int to) {
      int i = from;
      while (i < to) {
        int b = text[i] & 0xFF;
        if (b == 0x7F || (b < ' ' && TEXT_CONTROLS.indexOf(b) < 0)) {
          return false;
        }
        int length = b < 0xC0 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
        if (b < 0x80) {
          asciiLetters += Character.isLetter(b) ? 1 : 0;
        } else if (length <= to - i && Utf8.firstIllFormed(text, i, i + length) < 0) {
          wellFormed += length;
          i += length - 1;
        } else {
          boolean inWord =
              (i > from && isLetter(text[i - 1])) || (i + 1 < to && isLetter(text[i + 1]));
          addHigh(b, inWord);
        }
        i++;
      }
      return true;
    }

    private void addHigh(int b, boolean inWord) {
      isLatin &= NOT_LATIN.indexOf(b) < 0;
      if (b >= 0xA0) {
        letters++;
        return;
      }
      signs++;
      if (inWord && DOS_LETTERS.indexOf(b) >= 0) {
        ofDos++;
      }
    }

    private static boolean isLetter(byte b) {
      return b >= 'A' && Character.isLetter(b);
    }
  }

  /**
   * The encoding by juniversalchardet; null for ASCII, and if the bytes are not text in that
   * encoding.
   */
  private static @Nullable String detected(byte[] text, int from, int to) {
    UniversalDetector detector = new UniversalDetector();
    detector.handleData(text, from, to - from);
    detector.dataEnd();
    String name = detector.getDetectedCharset();
    if (name == null || name.equals("US-ASCII") || !decodes(name, text, from, to)) {
      return null;
    }
    return name.equals("MACCYRILLIC") && isOfWindows(text, from, to) ? "WINDOWS-1251" : name;
  }

  /** Whether Cyrillic capitals are where Windows-1251 has them; small letters are in one place. */
  private static boolean isOfWindows(byte[] text, int from, int to) {
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

  /** Whether bytes are well-formed in an encoding, except at the end of the sample. */
  private static boolean decodes(String name, byte[] text, int from, int to) {
    String charset =
        name.equals("SHIFT_JIS") ? "windows-31j" : name.equals("EUC-KR") ? "x-windows-949" : name;
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

  /**
   * The name for iconv: the larger set of Windows where its text is usually labelled by the smaller
   * one.
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
