package org.merganser.corpus.read;

import java.util.Locale;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.kind.FileKind;
import org.merganser.corpus.kind.FileKindDetector;
import org.merganser.corpus.kind.TextEncoding;
import org.merganser.text.unicode.Utf8;

/** Says in what a text is not UTF-8, for its dead letter. */
final class NotUtf8Detail {
  /** The most bytes that are shown. */
  private static final int MOST_SHOWN = 4;

  private NotUtf8Detail() {}

  /**
   * What the file is, if its beginning shows that it is not text; else the first bytes that are not
   * UTF-8 with some that follow, their place in the text, and how to convert the file.
   *
   * @param bad the index of the first byte of the text that is not UTF-8
   * @param file that has the record
   */
  static String of(TextRecord record, int bad, InputFile file) {
    RawRecord raw = record.raw();
    RecordText text = record.text();
    FileKind kind =
        raw.offset() == 0
            ? FileKindDetector.of(text.bytes(), text.from(), text.to(), file.path())
            : null;
    if (kind != null) {
      return kind.message();
    }
    StringBuilder hex = new StringBuilder();
    for (int i = bad; i < Math.min(text.to(), bad + MOST_SHOWN); i++) {
      hex.append(String.format(Locale.ROOT, " %02X", text.bytes()[i] & 0xFF));
    }
    return "bytes"
        + hex
        + " at byte "
        + (bad - text.from())
        + " of the text are not UTF-8"
        + conversion(raw, file.format());
  }

  /** How to convert the file; "" if its bytes are UTF-8 (as escapes are) or are more than text. */
  private static String conversion(RawRecord raw, InputFormat format) {
    if (format == InputFormat.PARQUET || format == InputFormat.WARC) {
      return "";
    }
    int bad = Utf8.firstIllFormed(raw.bytes(), raw.from(), raw.to());
    return bad < 0 ? "" : TextEncoding.conversion(raw.bytes(), raw.from(), raw.to(), bad);
  }
}
