package org.merganser.bpe.encode;

import java.util.Arrays;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.CodePoints;

/**
 * The steps in which merging produces a token from its own text. {@link #mergeTextOf} merges the
 * text of a token; {@link #ranks} and {@link #symbolsUnder} concern the last token of {@link
 * #mergeTextOf}. Not thread-safe.
 *
 * <p>Why a token's text is enough: if a token results in an encoded text, no merge ever crossed its
 * two ends, so its symbols took the same steps as in its own text: the lowest rank first, from left
 * to right. With only the first r merges, encoding takes the same steps until the lowest rank
 * available is r or more, and stops there. So the number of symbols of a corpus under the first r
 * merges is the sum over its tokens of what each token's text needs, and the corpus is not encoded
 * again. (If pretokens are first looked up as tokens, {@code ignore_merges}, a token is one symbol
 * as soon as one of the first r merges produces it.)
 */
public final class MergeSteps {
  /** The rank of no merge, which is above every rank. */
  private static final int NONE = MergeTable.NONE;

  private final BpeModel model;
  private final WordMerger merger;

  /** By id, the lowest rank of a merge that produces it, or {@link #NONE}. */
  private final int[] lowestRanks;

  /** The symbols of the current text. */
  private int[] symbols = new int[64];

  /** At n, the highest rank of the steps that led to n symbols; {@link #NONE} if none did. */
  private int[] reached = new int[64];

  /** By step, the rank of its merge. */
  private int[] stepRanks = new int[64];

  /** The token of the last {@link #mergeTextOf}. */
  private int token;

  /** The number of first symbols of that token's text; 0 if the token has no known steps. */
  private int firstCount;

  /** The number of symbols of that text that are left when no pair merges. */
  private int leftCount;

  /**
   * @param model if it has affixes (as in WordPiece), no token has known steps: a symbol depends on
   *     its place
   */
  public MergeSteps(BpeModel model) {
    this.model = model;
    this.merger = new WordMerger(model.merges());
    this.lowestRanks = new int[model.idBound()];
    Arrays.fill(lowestRanks, NONE);
    for (int rank = model.mergeCount() - 1; rank >= 0; rank--) {
      lowestRanks[model.mergeResult(rank)] = rank;
    }
  }

  /** The lowest rank of a merge that produces the token, or -1. */
  public int lowestRank(int id) {
    boolean isProduced = id >= 0 && id < lowestRanks.length && lowestRanks[id] != NONE;
    return isProduced ? lowestRanks[id] : -1;
  }

  /**
   * Whether merging a token's text produces it. Otherwise no text is merged to it. Costs less than
   * {@link #mergeTextOf}.
   */
  public boolean makesItself(int id) {
    int count = setFirstSymbols(id);
    return count > 0 && merger.merge(symbols, 0, count) == 1 && symbols[0] == id;
  }

  /** Merges the text of a token, for the methods below. Costs n log n in the text's length. */
  public void mergeTextOf(int id) {
    token = id;
    firstCount = setFirstSymbols(id);
    if (firstCount == 0) {
      return;
    }
    if (reached.length <= firstCount) {
      reached = new int[2 * firstCount];
      stepRanks = new int[2 * firstCount];
    }
    leftCount = merger.mergeNotingRanks(symbols, firstCount, stepRanks);
    int highest = -1;
    for (int step = 0; step < firstCount - leftCount; step++) {
      highest = Math.max(highest, stepRanks[step]);
      reached[firstCount - step - 1] = highest;
    }
    Arrays.fill(reached, 1, Math.max(1, leftCount), NONE);
  }

  /**
   * The ranks of the merges of the token's text, in order; none if no merge produces the token, or
   * one of its characters has no token. The caller may keep the array.
   */
  public int[] ranks() {
    return firstCount > 0 ? Arrays.copyOf(stepRanks, firstCount - leftCount) : new int[0];
  }

  /**
   * The number of symbols of the token's text under the first {@code ranks} merges; 1 if no merge
   * produces the token (a byte, an added token), or its steps are unknown: one of its characters
   * has no token, or the model marks words by affixes.
   */
  public int symbolsUnder(int ranks) {
    boolean isWhole =
        model.options().ignoreMerges() && firstCount > 0 && lowestRanks[token] < ranks;
    if (firstCount == 0 || isWhole) {
      return 1;
    }
    // Merging with the first ranks alone takes the same steps, up to the first one of another rank.
    int count = firstCount;
    while (count > 1 && reached[count - 1] < ranks) {
      count--;
    }
    return count;
  }

  /**
   * Sets {@link #symbols} to the characters of a token; returns their number, or 0 if the token has
   * no known steps.
   */
  private int setFirstSymbols(int id) {
    if (lowestRank(id) < 0 || model.hasAffixes()) {
      return 0;
    }
    Vocabulary vocabulary = model.vocabulary();
    int entry = vocabulary.entry(id);
    byte[] text = vocabulary.bytes();
    int start = vocabulary.start(entry);
    int end = vocabulary.start(entry + 1);
    if (symbols.length < end - start) {
      symbols = new int[2 * (end - start)];
    }
    int count = 0;
    int at = start;
    while (at < end) {
      int next = at + CodePoints.length(text[at]);
      int symbol = vocabulary.id(text, at, next);
      if (symbol < 0) {
        return 0;
      }
      symbols[count++] = symbol;
      at = next;
    }
    return count;
  }
}
