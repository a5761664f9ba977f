package org.merganser.bpe.encode;

import java.util.Arrays;
import org.merganser.bpe.MergeTable;
import org.merganser.bpe.Vocabulary;
import org.merganser.text.unicode.CodePoints;

/**
 * The steps in which merging makes a token from its own text. For one thread.
 *
 * <p>Why a token's text alone is enough. Where a token ends up in an encoded text, no merge ever
 * crossed its two ends, so its symbols took the same steps as in its own text: the lowest rank
 * first, and from left to right. With only the first r merges, encoding does the same until the
 * lowest rank at hand is r or more, and stops there. So the number of symbols that a corpus needs
 * under the first r merges is the sum over its tokens of what each token's own text needs: the
 * corpus is not encoded again. (Where whole pretokens are looked up first, {@code ignore_merges}, a
 * token is one symbol as soon as a merge that makes it is among the first r.)
 */
public final class MergeSteps {
  private static final int NONE = MergeTable.NONE;

  private final BpeModel model;
  private final WordMerger merger;

  /** By id, the lowest rank of a merge that makes it; NONE for what no merge makes. */
  private final int[] madeAt;

  private int[] symbols = new int[64];
  private int size;

  /** reached[n]: the largest of the ranks that were lowest while more than n symbols were left. */
  private int[] reached = new int[64];

  /** The ranks of the steps in their order. */
  private int[] stepRanks = new int[64];

  private int first;
  private boolean known;
  private int token;

  /** With affixes (as in WordPiece) a symbol depends on its place, so no steps are known. */
  public MergeSteps(BpeModel model) {
    this.model = model;
    this.merger = new WordMerger(model.merges());
    this.madeAt = new int[model.idBound()];
    Arrays.fill(madeAt, NONE);
    for (int rank = model.mergeCount() - 1; rank >= 0; rank--) {
      madeAt[model.mergeResult(rank)] = rank;
    }
  }

  /** The lowest rank of a merge that makes the token, or -1 where none does. */
  public int madeAt(int id) {
    return id < 0 || id >= madeAt.length || madeAt[id] == NONE ? -1 : madeAt[id];
  }

  /** Merges the text of a token, for the methods below. Costs n log n in the text's size. */
  public void run(int id) {
    token = id;
    known = madeAt(id) >= 0 && !model.hasAffixes() && start(id);
    if (!known) {
      return;
    }
    first = size;
    if (reached.length <= first) {
      reached = new int[2 * first];
      stepRanks = new int[2 * first];
    }
    size = merger.mergeAndNote(symbols, first, stepRanks);
    int highest = -1;
    for (int step = 0; step < first - size; step++) {
      highest = Math.max(highest, stepRanks[step]);
      reached[first - step - 1] = highest;
    }
    Arrays.fill(reached, 1, Math.max(1, size), NONE);
  }

  /** The first symbols; false where a character has no token of its own. */
  private boolean start(int id) {
    Vocabulary vocabulary = model.vocabulary();
    int entry = vocabulary.entry(id);
    byte[] text = vocabulary.bytes();
    int end = vocabulary.start(entry + 1);
    size = 0;
    if (symbols.length < end - vocabulary.start(entry)) {
      symbols = new int[2 * (end - vocabulary.start(entry))];
    }
    for (int at = vocabulary.start(entry); at < end; ) {
      int next = at + CodePoints.length(text[at]);
      int symbol = vocabulary.id(text, at, next);
      if (symbol < 0) {
        return false;
      }
      symbols[size++] = symbol;
      at = next;
    }
    return size > 0;
  }

  /**
   * Runs a token and tells whether merging its text gives it: only then can merging ever make it.
   */
  public boolean makesItself(int id) {
    run(id);
    return known && size == 1 && symbols[0] == id;
  }

  /**
   * The ranks of the merges that merging the text of the token took, in their order; none where no
   * merge makes the token, or a character of it has no token of its own. The array is the caller's.
   */
  public int[] ranks() {
    return known ? Arrays.copyOf(stepRanks, first - size) : new int[0];
  }

  /**
   * The symbols that stand for the token when only the first {@code ranks} merges are known; 1 for
   * a token that no merge makes (a byte, an added token).
   */
  public int symbolsUnder(int ranks) {
    if (!known || model.options().ignoreMerges() && madeAt[token] < ranks) {
      return 1;
    }
    // The first number of symbols at which the next step wants a rank of at least `ranks`.
    int left = first;
    while (left > 1 && reached[left - 1] < ranks) {
      left--;
    }
    return left;
  }
}
