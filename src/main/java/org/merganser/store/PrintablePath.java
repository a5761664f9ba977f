package org.merganser.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The text of a local path for people and outputs, which is the same in any locale: names in UTF-8,
 * whose ill-formed bytes are written {@code %XX}.
 */
final class PrintablePath {
  private PrintablePath() {}

  /** The text of a relative path, with {@code /} between its names. */
  static String of(Path relative) {
    StringBuilder out = new StringBuilder();
    for (Path name : relative) {
      out.append(out.isEmpty() ? "" : "/").append(ofName(name));
    }
    return out.toString();
  }

  /** The text of one name of a path. */
  static String ofName(Path name) {
    String plain = name.toString();
    if (plain.chars().allMatch(c -> c < 0x80)) {
      return plain;
    }
    return decode(bytesOf(name));
  }

  /** The bytes of a name, from its URI, since its string depends on the locale. */
  private static ByteBuffer bytesOf(Path name) {
    String uri = Path.of("/").resolve(name).toUri().getRawPath();
    ByteBuffer bytes = ByteBuffer.allocate(uri.length());
    int at = 1; // after the slash
    while (at < uri.length()) {
      if (uri.charAt(at) == '%') {
        bytes.put((byte) Integer.parseInt(uri, at + 1, at + 3, 16));
        at += 3;
      } else {
        bytes.put((byte) uri.charAt(at));
        at++;
      }
    }
    return bytes.flip();
  }

  /** The text of bytes in UTF-8; ill-formed bytes are written {@code %XX}. */
  private static String decode(ByteBuffer name) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate("%XX".length() * name.remaining());
    CoderResult result = decoder.decode(name, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put(String.format(Locale.ROOT, "%%%02X", name.get() & 0xFF));
      }
      result = decoder.decode(name, out, true);
    }
    return out.flip().toString();
  }
}
