package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.output.figures.IdHistogram;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.UnusedTokens;

/**
 * The composition of a vocabulary, and its tokens that the corpus does not have.
 *
 * @param size ids with a token
 * @param added tokens that are matched before the text is cut, with special ones
 * @param merges the number of merges of its model
 * @param used tokens that occur in the corpus
 * @param utilisation used divided by size
 * @param unused the tokens that never occur, by the probable reason
 * @param longestBytes length of the longest token that is not an added one
 * @param longest the ids of the longest tokens, the longest first, without added ones
 */
record VocabularyFigures(
    int size,
    int added,
    int merges,
    int used,
    @Nullable BigDecimal utilisation,
    Map<UnusedTokens.Kind, Tokens> unused,
    int longestBytes,
    List<Integer> longest) {
  /** The number of unused tokens of a kind that are listed. */
  private static final int MOST_LISTED = 500;

  /** The number of the longest tokens that are listed. */
  private static final int LONGEST_LISTED = 30;

  /**
   * The unused tokens of a kind.
   *
   * @param count their number
   * @param ids the first of them, {@link #MOST_LISTED} at most
   */
  record Tokens(int count, List<Integer> ids) {
    /** No tokens. */
    static final Tokens NONE = new Tokens(0, List.of());
  }

  /**
   * The figures of a tokenizer.
   *
   * @param histogram the counts of its ids in the corpus
   * @param unusedTokens finds the reason why a token never occurs
   * @param bytes of its tokens
   */
  static VocabularyFigures of(
      Tokenizer tokenizer, IdHistogram histogram, UnusedTokens unusedTokens, TokenBytes bytes) {
    Map<UnusedTokens.Kind, List<Integer>> unused = new EnumMap<>(UnusedTokens.Kind.class);
    int[] ids = bytes.ids().toArray();
    int used = 0;
    for (int id : ids) {
      if (histogram.count(id) > 0) {
        used++;
      } else {
        unused.computeIfAbsent(unusedTokens.classify(id), kind -> new ArrayList<>()).add(id);
      }
    }
    List<Integer> longest = longest(tokenizer, bytes);
    return new VocabularyFigures(
        ids.length,
        (int) bytes.ids().filter(tokenizer::isAdded).count(),
        tokenizer.model().mergeCount(),
        used,
        RoundedFractions.ratio(used, ids.length),
        listed(unused),
        longest.isEmpty() ? 0 : bytes.length(longest.get(0)),
        longest);
  }

  /** The number of tokens that never occur for a reason. */
  int countUnused(UnusedTokens.Kind kind) {
    return unused.getOrDefault(kind, Tokens.NONE).count();
  }

  /**
   * The number of tokens that never occur, without added tokens and symbols ({@link
   * UnusedTokens.Kind#SYMBOL}).
   */
  int absentTokens() {
    int expected = countUnused(UnusedTokens.Kind.ADDED) + countUnused(UnusedTokens.Kind.SYMBOL);
    return size - used - expected;
  }

  /**
   * The number of bytes of the longest token that is not a ruled line or an indentation: a token in
   * which most bytes repeat the byte before. Added tokens are not considered.
   */
  static int longestText(Tokenizer tokenizer, TokenBytes bytes) {
    int longest = 0;
    for (int id = 0; id < tokenizer.idBound(); id++) {
      if (bytes.length(id) > longest && !tokenizer.isAdded(id) && !isMostlyRepeated(bytes.of(id))) {
        longest = bytes.length(id);
      }
    }
    return longest;
  }

  /** All kinds, each with the tokens that are listed. */
  private static Map<UnusedTokens.Kind, Tokens> listed(
      Map<UnusedTokens.Kind, List<Integer>> unused) {
    Map<UnusedTokens.Kind, Tokens> kinds = new EnumMap<>(UnusedTokens.Kind.class);
    for (UnusedTokens.Kind kind : UnusedTokens.Kind.values()) {
      List<Integer> ids = unused.getOrDefault(kind, List.of());
      kinds.put(kind, new Tokens(ids.size(), ids.stream().limit(MOST_LISTED).toList()));
    }
    return kinds;
  }

  /** The ids of the longest tokens; of equal lengths, the smaller id first. */
  private static List<Integer> longest(Tokenizer tokenizer, TokenBytes bytes) {
    return bytes
        .ids()
        .filter(id -> !tokenizer.isAdded(id))
        .boxed()
        .sorted(Comparator.comparingInt(id -> -bytes.length(id)))
        .limit(LONGEST_LISTED)
        .toList();
  }

  /** Whether most bytes repeat the byte before. */
  private static boolean isMostlyRepeated(byte[] text) {
    int repeats = 0;
    for (int i = 1; i < text.length; i++) {
      if (text[i] == text[i - 1]) {
        repeats++;
      }
    }
    return 2 * repeats > text.length;
  }
}
