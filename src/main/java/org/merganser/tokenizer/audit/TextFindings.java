package org.merganser.tokenizer.audit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.merganser.text.normalize.Normalizer;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;

/** What the texts of tokens show: odd characters, and tokens that differ in little. */
final class TextFindings {
  private static final int LONGEST = 32;

  /** Characters of a token in which added tokens are looked for: more would cost their square. */
  private static final int MOST_SEARCHED = 4_096;

  /** Tokens that a finding names. */
  private static final int MOST_NAMED = 3;

  /** Hears of a token of a kind, with what makes it so. */
  @FunctionalInterface
  interface Sink {
    void add(TokenKind kind, int id, String detail);
  }

  private final Tokenizer tokenizer;
  private final Sink out;
  private final Normalizer normalizer;

  /** Ids of the tokens with a text, and with one that is alike. */
  private final Map<String, List<Integer>> byText = new HashMap<>();

  private final Map<String, List<Integer>> byNormalized = new HashMap<>();
  private final Map<String, List<Integer>> byLowercase = new HashMap<>();

  TextFindings(Tokenizer tokenizer, Sink out) {
    this.tokenizer = tokenizer;
    this.out = out;
    NormalizerSpec spec = tokenizer.normalizer();
    this.normalizer = (spec == null ? new NormalizerSpec.Nfc() : spec).build();
  }

  /**
   * Looks at a token by itself.
   *
   * @param bytes of the token, which are UTF-8
   */
  void add(int id, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    addCharacters(id, text);
    group(byText, text, id);
    group(byNormalized, normalized(bytes, text), id);
    group(byLowercase, text.toLowerCase(Locale.ROOT), id);
  }

  /** Compares all tokens that were added. */
  void finish() {
    addSameText(byNormalized, TokenKind.DUPLICATE);
    addSameText(byLowercase, TokenKind.CASE_COPY);
    addSpaceCopies();
    addShadowed();
    addDigits();
    addRuns();
  }

  private static void group(Map<String, List<Integer>> groups, String key, int id) {
    groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(id);
  }

  private String normalized(byte[] bytes, String text) {
    ByteBuilder out = new ByteBuilder(bytes.length);
    return normalizer.normalize(bytes, 0, bytes.length, out)
        ? new String(out.bytes(), 0, out.length(), StandardCharsets.UTF_8)
        : text;
  }

  private void addCharacters(int id, String text) {
    if (text.codePointCount(0, text.length()) > LONGEST) {
      out.add(TokenKind.LONG, id, text.codePointCount(0, text.length()) + " characters");
    }
    first(text, TextFindings::isControl)
        .ifPresent(c -> out.add(TokenKind.CONTROL, id, String.format("U+%04X", c)));
    first(text, TextFindings::isPrivateUse)
        .ifPresent(c -> out.add(TokenKind.PRIVATE_USE, id, String.format("U+%04X", c)));
    if (text.codePoints().allMatch(UnicodeCategories::isWhiteSpace)) {
      if (text.codePoints().distinct().count() > 1) {
        out.add(TokenKind.WHITE_SPACE, id, "several kinds of white space");
      }
    } else if (UnicodeCategories.isWhiteSpace(text.codePointBefore(text.length()))) {
      out.add(TokenKind.WHITE_SPACE, id, "white space at its end");
    } else if (text.codePoints().skip(1).anyMatch(UnicodeCategories::isWhiteSpace)) {
      out.add(TokenKind.WHITE_SPACE, id, "white space inside");
    }
    String unspaced = withoutSpace(text);
    if (unspaced.codePoints().anyMatch(TextFindings::isDigit)
        && !unspaced.codePoints().allMatch(TextFindings::isDigit)) {
      out.add(TokenKind.DIGITS, id, "digits with other characters");
    }
  }

  private static OptionalInt first(String text, IntPredicate kind) {
    return text.codePoints().filter(kind).findFirst();
  }

  private static boolean isControl(int c) {
    String category = UnicodeCategories.name(c);
    return category.equals("Cf") || (category.equals("Cc") && c != '\t' && c != '\n' && c != '\r');
  }

  private static boolean isPrivateUse(int c) {
    String category = UnicodeCategories.name(c);
    return category.equals("Co") || category.equals("Cn") || c == 0xFFFD;
  }

  private static boolean isDigit(int c) {
    return UnicodeCategories.name(c).equals("Nd");
  }

  private static String withoutSpace(String text) {
    return text.startsWith(" ") ? text.substring(1) : text;
  }

  /** The tokens in whose text an added one is found, special tokens not looked at. */
  private void addShadowed() {
    Set<String> contents = new HashSet<>();
    TreeSet<Integer> lengths = new TreeSet<>();
    for (AddedToken token : tokenizer.addedTokens()) {
      if (!token.special()) {
        contents.add(token.content());
        lengths.add(token.content().length());
      }
    }
    byText.forEach(
        (text, ids) -> {
          for (int length : text.length() > MOST_SEARCHED ? Set.<Integer>of() : lengths) {
            for (int from = 0; from + length <= text.length(); from++) {
              String part = text.substring(from, from + length);
              if (contents.contains(part)) {
                ids.forEach(
                    id -> out.add(TokenKind.SHADOWED, id, "has the added token \"" + part + "\""));
                return;
              }
            }
          }
        });
  }

  private void addSameText(Map<String, List<Integer>> groups, TokenKind kind) {
    for (List<Integer> group : groups.values()) {
      for (int id : group.size() > 1 ? group : List.<Integer>of()) {
        String others =
            group.stream()
                .filter(other -> other != id)
                .limit(MOST_NAMED)
                .map(other -> "#" + other)
                .collect(Collectors.joining(", "));
        out.add(kind, id, "as " + others + (group.size() > MOST_NAMED + 1 ? ", …" : ""));
      }
    }
  }

  private void addSpaceCopies() {
    byText.forEach(
        (text, ids) -> {
          List<Integer> unspaced = text.startsWith(" ") ? byText.get(text.substring(1)) : null;
          if (unspaced != null && !text.isBlank()) {
            ids.forEach(id -> out.add(TokenKind.SPACE_COPY, id, "as #" + unspaced.get(0)));
          }
        });
  }

  /** Numbers of some length of which a part are tokens, with a space before them and without. */
  private void addDigits() {
    for (String space : List.of("", " ")) {
      Map<Integer, List<Integer>> byLength = new TreeMap<>();
      byText.forEach(
          (text, ids) -> {
            String digits = text.startsWith(space) ? text.substring(space.length()) : "";
            if (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
              byLength.computeIfAbsent(digits.length(), key -> new ArrayList<>()).add(ids.get(0));
            }
          });
      byLength.forEach(
          (length, ids) -> {
            BigInteger all = BigInteger.TEN.pow(length);
            if (BigInteger.valueOf(ids.size()).compareTo(all) < 0) {
              String detail =
                  String.format(
                      Locale.ROOT,
                      "%s of %d: %,d of %,d are tokens",
                      space.isEmpty() ? "digits" : "a space and digits",
                      length,
                      ids.size(),
                      all);
              ids.forEach(id -> out.add(TokenKind.DIGITS, id, detail));
            }
          });
    }
  }

  /** Runs of one character of white space of which a shorter one is no token. */
  private void addRuns() {
    byText.forEach(
        (text, ids) -> {
          if (text.length() > 1
              && UnicodeCategories.isWhiteSpace(text.charAt(0))
              && text.chars().allMatch(c -> c == text.charAt(0))
              && !byText.containsKey(text.substring(1))) {
            String detail =
                "a run of %d; one of %d is no token".formatted(text.length(), text.length() - 1);
            ids.forEach(id -> out.add(TokenKind.WHITE_SPACE, id, detail));
          }
        });
  }
}
