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
    // The bytes of a name are in its URI; its string depends on the locale.
    return ofUri(Path.of("/").resolve(name).toUri().getRawPath());
  }

  /**
   * The text of a name.
   *
   * @param uri the path of the URI that the name has in the root folder: a slash and the name, with
   *     a slash at the end if there is such a folder
   */
  static String ofUri(String uri) {
    return decode(bytesOf(uri));
  }

  /** The bytes of the name, of which a URI escapes some. */
  private static ByteBuffer bytesOf(String uri) {
    ByteBuffer bytes = ByteBuffer.allocate(uri.length());
    int at = 1; // after the slash
    while (at < uri.length() && uri.charAt(at) != '/') {
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
