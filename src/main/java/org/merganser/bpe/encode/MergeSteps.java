package org.merganser.bpe.encode;

import java.util.Arrays;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.CodePoints;

/**
 * Finds the steps in which merging produces a token from its own text. Not thread-safe.
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

  /** Scratch space: the symbols of a token's text. */
  private int[] symbols = new int[64];

  /** The steps in which merging produces one token from its own text, if they are known. */
  public static final class Steps {
    /**
     * No known steps: no merge produces the token (a byte, an added token), one of its characters
     * has no token, or the model has affixes.
     */
    private static final Steps UNKNOWN = new Steps(1, new int[0], NONE);

    /** The number of symbols of the token's text before the first merge. */
    private final int firstSymbols;

    /** By step, the rank of its merge. */
    private final int[] stepRanks;

    /** The rank from whose merge on the token is taken whole; {@link #NONE} if it is not. */
    private final int wholeFrom;

    private Steps(int firstSymbols, int[] stepRanks, int wholeFrom) {
      this.firstSymbols = firstSymbols;
      this.stepRanks = stepRanks;
      this.wholeFrom = wholeFrom;
    }

    /** The ranks of the merges of the token's text, in order; none if the steps are not known. */
    public int[] ranks() {
      return stepRanks.clone();
    }

    /**
     * The number of symbols of the token's text under the first {@code merges} merges; 1 if the
     * steps are not known.
     */
    public int symbolsUnder(int merges) {
      if (wholeFrom < merges) {
        return 1;
      }
      // Merging with the first merges alone takes the same steps, up to the first one of another.
      int step = 0;
      while (step < stepRanks.length && stepRanks[step] < merges) {
        step++;
      }
      return firstSymbols - step;
    }
  }

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
   * Whether merging a token's own text produces it; false if its steps are not known. Costs less
   * than {@link #stepsOf}.
   */
  public boolean makesItself(int id) {
    int count = setFirstSymbols(id);
    return count > 0 && merger.merge(symbols, 0, count) == 1 && symbols[0] == id;
  }

  /** Merges the text of a token. Costs n log n in the text's length. */
  public Steps stepsOf(int id) {
    int count = setFirstSymbols(id);
    if (count == 0) {
      return Steps.UNKNOWN;
    }
    int[] stepRanks = new int[count];
    int left = merger.mergeNotingRanks(symbols, count, stepRanks);
    int wholeFrom = model.options().ignoreMerges() ? lowestRanks[id] : NONE;
    return new Steps(count, Arrays.copyOf(stepRanks, count - left), wholeFrom);
  }

  /**
   * Sets {@link #symbols} to the characters of a token; returns their number, or 0 if its steps are
   * not known.
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
