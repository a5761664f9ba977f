package org.merganser.text.scan;

import java.util.List;

/**
 * Other spellings of the known patterns in published files. Each is rewritten to that of {@link
 * SplitPattern#regexes()}, which cuts every text alike.
 *
 * <p>Why they are equal (in Oniguruma's Ruby syntax):
 *
 * <ul>
 *   <li>A literal CR or LF in a class is {@code \r} or {@code \n}.
 *   <li>{@code '(?:[sdmt]|ll|ve|re)}: the contractions differ in their first letter, so their order
 *       does not matter.
 *   <li>{@code [^\r\n\p{L}\p{N}]?+\p{L}}: the class holds no letter, so giving the character back
 *       never helps. (Before {@code [\p{L}\p{M}]} it would: a lone mark.)
 *   <li>{@code X++}, {@code X*+}: nothing after it can begin with what X matches, so giving
 *       characters back never helps.
 *   <li>{@code \s*[\r\n]} for {@code \s*[\r\n]+}: the greedy {@code \s*} takes the earlier
 *       newlines, so both end after the last newline of the white space.
 *   <li>{@code \s++$|\s+(?!\S)|\s} for {@code \s+(?!\S)|\s+}: no white space follows a possessive
 *       {@code \s++}, so {@code $}, which also matches before a newline, matches only at the end of
 *       the text, where {@code \s+(?!\S)} matches the same. The last {@code \s} is tried if {@code
 *       \s+(?!\S)} failed, that is on a single white space.
 *   <li>{@code (?:\P{N}|$)} at the end of a look ahead for {@code (?!\p{N})}: {@code $} matches at
 *       the end of the text, and before a newline, which is a {@code \P{N}}.
 * </ul>
 *
 * <p>Not equal, and so not here: {@code \p{N}{1,3}+}, which repeats the group in Ruby's syntax, and
 * {@code \s++$} before {@code \s*[\r\n]}, which joins a newline to the white space that ends the
 * text. Both are in tiktoken's newest spelling of cl100k.
 */
final class SplitPatternSpellings {
  private record Rewrite(String from, String to) {}

  private static final String SYMBOLS = "[^\\s\\p{L}\\p{N}]";
  private static final String SYMBOLS_WITHOUT_MARKS = "[^\\s\\p{L}\\p{M}\\p{N}]";

  private static final List<Rewrite> REWRITES =
      List.of(
          new Rewrite("\r", "\\r"),
          new Rewrite("\n", "\\n"),
          new Rewrite("'(?:[sdmt]|ll|ve|re)|", "'s|'t|'re|'ve|'m|'ll|'d|"),
          new Rewrite("'(?i:[sdmt]|ll|ve|re)|", "(?i:'s|'t|'re|'ve|'m|'ll|'d)|"),
          new Rewrite(
              "'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|",
              "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|"),
          new Rewrite("[^\\r\\n\\p{L}\\p{N}]?+\\p{L}", "[^\\r\\n\\p{L}\\p{N}]?\\p{L}"),
          new Rewrite("\\p{L}++|", "\\p{L}+|"),
          new Rewrite(" ?\\p{N}++|", " ?\\p{N}+|"),
          new Rewrite(SYMBOLS + "++", SYMBOLS + "+"),
          new Rewrite(SYMBOLS_WITHOUT_MARKS + "++", SYMBOLS_WITHOUT_MARKS + "+"),
          new Rewrite("[\\r\\n]*+|", "[\\r\\n]*|"),
          new Rewrite("[\\r\\n/]*+|", "[\\r\\n/]*|"),
          new Rewrite("|\\s*[\\r\\n]|", "|\\s*[\\r\\n]+|"),
          new Rewrite("(?=(?:\\p{N}{3})*(?:\\P{N}|$))", "(?=(?:\\p{N}{3})*(?!\\p{N}))"),
          new Rewrite("|\\s++$|\\s+(?!\\S)|", "|\\s+(?!\\S)|"));

  private static final String ENDING = "|\\s+(?!\\S)|\\s";

  private SplitPatternSpellings() {}

  /** The spelling of {@link SplitPattern}, or the regex unchanged if it is not one of these. */
  static String plain(String regex) {
    String plain = regex;
    for (Rewrite rewrite : REWRITES) {
      plain = plain.replace(rewrite.from(), rewrite.to());
    }
    return plain.endsWith(ENDING) ? plain + "+" : plain;
  }
}
