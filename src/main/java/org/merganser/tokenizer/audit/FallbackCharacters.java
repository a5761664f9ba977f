package org.merganser.tokenizer.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.merganser.bpe.encode.BpeModel;

/**
 * The characters that a model of characters has no token for: which fall back to their bytes, and
 * which become the unknown token. Every character is looked up once, which takes some tenths of a
 * second. Immutable.
 */
final class FallbackCharacters {
  /** The characters that are kept for each byte: a normalizer may change some of them. */
  private static final int KEPT = 20;

  private static final int BYTES = 256;

  /** By byte. */
  private final List<List<String>> falling = new ArrayList<>();

  private final List<String> unknown = new ArrayList<>();

  FallbackCharacters(BpeModel model) {
    boolean[] has = new boolean[BYTES];
    for (int b = 0; b < BYTES; b++) {
      falling.add(new ArrayList<>());
      has[b] = model.options().byteFallback() && model.id(token(b)) >= 0;
    }
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c == Character.MIN_SURROGATE) {
        c = Character.MAX_SURROGATE + 1;
      }
      String character = Character.toString(c);
      if (model.id(character) < 0) {
        add(character, has);
      }
    }
  }

  private void add(String character, boolean[] has) {
    byte[] utf8 = character.getBytes(StandardCharsets.UTF_8);
    boolean falls = true;
    for (byte b : utf8) {
      falls &= has[b & 0xFF];
    }
    if (!falls) {
      keep(unknown, character);
      return;
    }
    for (byte b : utf8) {
      keep(falling.get(b & 0xFF), character);
    }
  }

  private static void keep(List<String> characters, String character) {
    if (characters.size() < KEPT) {
      characters.add(character);
    }
  }

  /** The token of a byte (0 to 255). */
  static String token(int b) {
    return String.format(Locale.ROOT, "<0x%02X>", b);
  }

  /** The byte of which this is the token, or -1. */
  static int byteOf(String token) {
    return token.matches("<0x[0-9A-F]{2}>") ? Integer.parseInt(token.substring(3, 5), 16) : -1;
  }

  /** Some characters that become byte tokens, one of them that of {@code b}; none if none does. */
  List<String> with(int b) {
    return falling.get(b);
  }

  /** Some characters that become the unknown token; none if none does. */
  List<String> unknown() {
    return unknown;
  }
}
