package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TextEncodingTest {
  private static String conversion(String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return TextEncoding.conversion(bytes, 0, bytes.length, text.indexOf('\u00e9'));
  }

  /** They do not make a file binary either: see {@link FileKindDetector#TEXT_CONTROLS}. */
  @Test
  void namesTheEncodingOfTextWithAllControlCharactersThatTextMayHave() {
    String expected = "; the text seems to be in ISO-8859-1: convert it with iconv";
    assertThat(conversion("un caf\u00e9 noir")).startsWith(expected);
    assertThat(conversion("un\u000bcaf\u00e9\b noir\f")).startsWith(expected);
    assertThat(conversion("un\u0001 caf\u00e9 noir")).isEmpty();
  }
}
