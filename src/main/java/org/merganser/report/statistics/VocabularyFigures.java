package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a vocabulary is made of. Of each kind of token there are at most {@link #LISTED}, the total
 * beside them.
 *
 * @param size ids with a token
 * @param added tokens that are matched before the text is cut, special ones among them
 * @param merges of the model
 * @param used tokens that occur in the corpus
 * @param utilisation used over size
 * @param unused tokens that never occur: the sum of the six kinds of them that follow
 * @param unusedAdded added tokens, which may be meant for later
 * @param unusedBytes single bytes (or characters), which are there so that nothing gets lost
 * @param residue only ever a step to another token
 * @param unreachable that no text gives, since their own text is merged, cut or normalized
 *     otherwise
 * @param absent the others: text that this corpus doesn't hold
 * @param unexamined tokens that were not asked whether text gives them, since the bound on the text
 *     that is encoded for that, 16 MiB in the order of ids, leaves no room for theirs
 * @param partialUtf8 tokens that are a part of a character, or end or begin within one
 * @param partialUtf8Uses how often those occur
 * @param longest in bytes, longest first
 * @param longestBytes length of the longest
 * @param whiteSpace tokens of white space alone
 * @param numbers of 0 to 999, which are one token
 * @param scripts tokens by the script of their first letter
 */
record VocabularyFigures(
    int size,
    int added,
    int merges,
    int used,
    @Nullable BigDecimal utilisation,
    int unused,
    int unusedAdded,
    int unusedBytes,
    Kind residue,
    Kind unreachable,
    Kind absent,
    Kind unexamined,
    Kind partialUtf8,
    long partialUtf8Uses,
    int longestBytes,
    List<Integer> longest,
    Kind whiteSpace,
    Numbers numbers,
    List<ScriptShare> scripts) {
  /** At most so many ids are listed of a kind. */
  public static final int LISTED = 500;

  /** How many tokens are of a kind, and the first of them by id. */
  public record Kind(int count, List<Integer> ids) {}

  /** Numbers written without leading zeros that are one token, of how many digits. */
  public record Numbers(int oneDigit, int twoDigits, int threeDigits, List<Integer> missing) {}

  /** Tokens and their uses by script; the script of a token without letters is that of its sign. */
  public record ScriptShare(String script, int tokens, long uses) {}
}
