package org.merganser.tokenizer.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.merganser.text.normalize.Normalizer;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.tokenizer.Tokenizer;

/** Findings from the texts of tokens: odd characters, and tokens that are nearly alike. */
final class TextFindings {
  /** The most tokens that a finding names. */
  private static final int MOST_NAMED = 3;

  /** Receives a token of a kind, with the detail of the finding. */
  @FunctionalInterface
  interface Sink {
    void add(TokenKind kind, int id, String detail);
  }

  private final Sink out;
  private final Normalizer normalizer;

  /** Ids of the tokens whose texts are alike. */
  private final Map<String, List<Integer>> byNormalized = new HashMap<>();

  TextFindings(Tokenizer tokenizer, Sink out) {
    this.out = out;
    NormalizerSpec spec = tokenizer.normalizer();
    this.normalizer = (spec == null ? new NormalizerSpec.Nfc() : spec).build();
  }

  /**
   * Examines a token by itself.
   *
   * @param bytes of the token, which are UTF-8
   */
  void add(int id, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    addCharacters(id, text);
    byNormalized.computeIfAbsent(normalized(bytes, text), key -> new ArrayList<>()).add(id);
  }

  private String normalized(byte[] bytes, String text) {
    ByteBuilder out = new ByteBuilder(bytes.length);
    return normalizer.normalize(bytes, 0, bytes.length, out)
        ? new String(out.bytes(), 0, out.length(), StandardCharsets.UTF_8)
        : text;
  }

  private void addCharacters(int id, String text) {
    text.codePoints()
        .filter(TextFindings::isControl)
        .findFirst()
        .ifPresent(c -> out.add(TokenKind.CONTROL, id, String.format("U+%04X", c)));
    if (text.codePoints().allMatch(UnicodeCategories::isWhiteSpace)) {
      if (text.codePoints().distinct().count() > 1) {
        out.add(TokenKind.ODD_WHITE_SPACE, id, "several kinds of white space");
      }
    } else if (UnicodeCategories.isWhiteSpace(text.codePointBefore(text.length()))) {
      out.add(TokenKind.ODD_WHITE_SPACE, id, "white space at its end");
    } else if (text.codePoints().skip(1).anyMatch(UnicodeCategories::isWhiteSpace)) {
      out.add(TokenKind.ODD_WHITE_SPACE, id, "white space inside");
    }
  }

  private static boolean isControl(int c) {
    String category = UnicodeCategories.name(c);
    return category.equals("Cf") || (category.equals("Cc") && c != '\t' && c != '\n' && c != '\r');
  }

  /** Compares all tokens that were added. */
  void finish() {
    for (List<Integer> group : byNormalized.values()) {
      for (int id : group.size() > 1 ? group : List.<Integer>of()) {
        String others =
            group.stream()
                .filter(other -> other != id)
                .limit(MOST_NAMED)
                .map(other -> "#" + other)
                .collect(Collectors.joining(", "));
        out.add(
            TokenKind.DUPLICATE, id, "as " + others + (group.size() > MOST_NAMED + 1 ? ", …" : ""));
      }
    }
  }
}
