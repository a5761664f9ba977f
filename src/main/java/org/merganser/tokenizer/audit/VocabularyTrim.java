package org.merganser.tokenizer.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.IntToLongFunction;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * Removes tokens from a vocabulary so that text without these tokens keeps its ids, renumbered.
 *
 * <p><b>The rule.</b> A token needs the tokens that merging its own text produces, and its single
 * characters (in a byte-level model: bytes). Tokens that kept tokens need are kept. Added tokens,
 * the unknown token, the tokens of single bytes, and tokens whose ids the post-processor or the
 * padding names are always kept.
 *
 * <p><b>Proof.</b> Take a text whose old ids have no removed token. Added tokens, normalizer and
 * pre-tokenizer are the same, and so are the pretokens. A pretoken that is one token ({@code
 * ignore_merges}) still is, since that token is among the old ids, and any other pretoken does not
 * become one. For these, take the merges in the old vocabulary. Each merge is within one of the
 * final tokens, since no merge crosses their ends, and it is one of the merges of that token's own
 * text ({@link MergeSteps}). The final tokens are among the old ids, so they and the tokens that
 * they need are kept: no merge produced or joined a removed token. In the new vocabulary the first
 * symbols are the same. The merges that apply to a state are a subset of the old ones, in the same
 * order, and include the old step, which was the first. So the same steps are taken.
 *
 * <p>A token that merging does not produce from its own text is never produced by merging, and
 * needs nothing. A token that has {@code <0xXX>} or the unknown token in its text may be merged
 * from these: it needs the parts of every merge that produces it.
 *
 * <p>Each call removes further tokens; its result has none of those that earlier calls removed.
 */
public final class VocabularyTrim {
  private final Tokenizer tokenizer;
  private final BpeModel model;
  private final MergeSteps steps;
  private final SpelledSymbols spelled;

  /** By token, the tokens that it needs, ascending. */
  private final int[][] needs;

  /** By token, the number of kept tokens that need it. */
  private final int[] needers;

  /** The ids that the post-processor and the padding of the tokenizer name. */
  private final BitSet named;

  /** The tokens that are always kept, those outside of the model included. */
  private final BitSet fixed;

  /** The tokens that all calls so far have removed. */
  private final BitSet removed = new BitSet();

  /** The number of kept tokens, added ones included. */
  private int size;

  /**
   * Finds what each token needs.
   *
   * @throws TokenizerException if the vocabulary has affixes
   */
  public VocabularyTrim(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.model = tokenizer.model();
    this.steps = new MergeSteps(model);
    this.spelled = new SpelledSymbols(model.options());
    this.named = IdRenumbering.namedIds(tokenizer.parts());
    if (model.hasAffixes()) {
      throw new TokenizerException(
          "a vocabulary with continuing_subword_prefix or end_of_word_suffix cannot be trimmed:"
              + " the parts of a token depend on its place in a word");
    }
    needs = findNeeds();
    needers = new int[model.idBound()];
    for (int[] needed : needs) {
      for (int id : needed) {
        needers[id]++;
      }
    }
    size = tokenizer.tokenCount();
    fixed = findFixed();
  }

  /** Removes the tokens {@code toRemove} that no kept token needs. */
  public TrimmedVocabulary without(BitSet toRemove) {
    return remove(choose(toRemove, Integer.MAX_VALUE, Comparator.reverseOrder()));
  }

  /**
   * Removes tokens until at most {@code tokens} are left, added ones included: each time, of the
   * tokens that no other needs, the least frequent one, or of several equally frequent ones the
   * last learned. Removes none if there are no more than {@code tokens}.
   *
   * @param uses the occurrences of a token, by id; 0 for all removes tokens by the order of merges
   * @throws TokenizerException if more tokens must be kept; the message has their number. No token
   *     is then removed
   */
  public TrimmedVocabulary leaving(int tokens, IntToLongFunction uses) {
    BitSet anyToken = new BitSet();
    anyToken.set(0, model.idBound());
    Comparator<Integer> order =
        Comparator.<Integer>comparingLong(uses::applyAsLong)
            .thenComparing(this::learnedAt, Comparator.reverseOrder())
            .thenComparing(Comparator.reverseOrder());
    BitSet chosen = choose(anyToken, size - tokens, order);
    int left = size - chosen.cardinality();
    if (left > tokens) {
      throw new TokenizerException(
          String.format(
              Locale.ROOT,
              "%d tokens cannot be left of %d: %d stay in any case, such as bytes and added"
                  + " tokens; name a larger number",
              tokens,
              size,
              left));
    }
    return remove(chosen);
  }

  /** Why a token must be kept, as a clause for a message. */
  public String reason(int id) {
    if (id < 0 || id >= tokenizer.idBound() || tokenizer.token(id) == null) {
      return "the tokenizer has no token with this id";
    }
    if (tokenizer.isAdded(id)) {
      return "it is an added token";
    }
    if (named.get(id)) {
      return "the post-processor or the padding of the tokenizer names it";
    }
    if (fixed.get(id)) {
      return "it is a byte or the unknown token";
    }
    for (int needer = 0; needer < needs.length; needer++) {
      if (!removed.get(needer) && Arrays.binarySearch(needs[needer], id) >= 0) {
        return String.format(
            Locale.ROOT,
            "token #%d, %s, is merged from it and stays",
            needer,
            tokenizer.token(needer));
      }
    }
    return "nothing needs it";
  }

  /** The tokens that are always kept. */
  private BitSet findFixed() {
    BitSet kept = new BitSet();
    for (int id = 0; id < tokenizer.idBound(); id++) {
      String token = tokenizer.token(id);
      if (token != null) {
        kept.set(id, tokenizer.isAdded(id) || named.get(id) || isSymbol(token));
      }
    }
    return kept;
  }

  /** Whether a token of the model is always kept: a byte or the unknown token. */
  private boolean isSymbol(String token) {
    return spelled.contains(token) || (tokenizer.byteLevel() && isByte(token));
  }

  private static boolean isByte(String token) {
    return token.codePointCount(0, token.length()) == 1
        && ByteAlphabet.toByte(token.codePointAt(0)) >= 0;
  }

  /** By token, the tokens that it needs, ascending. */
  private int[][] findNeeds() {
    int[][] found = new int[model.idBound()][];
    Arrays.fill(found, new int[0]);
    List<BitSet> partsOfMerges = null; // costs memory, and few models need it
    for (int id = 0; id < found.length; id++) {
      String token = model.token(id);
      if (token == null || steps.lowestRank(id) < 0) {
        continue;
      }
      if (spelled.occurIn(token)) {
        if (partsOfMerges == null) {
          partsOfMerges = partsOfMerges();
        }
        found[id] = partsOfMerges.get(id).stream().toArray();
      } else if (steps.makesItself(id)) {
        found[id] = partsOfOwnMerges(id);
      }
    }
    return found;
  }

  /** The tokens that merging a token's own text joins, ascending. */
  private int[] partsOfOwnMerges(int id) {
    BitSet parts = new BitSet();
    for (int rank : steps.stepsOf(id).ranks()) {
      parts.set(model.mergeLeft(rank));
      parts.set(model.mergeRight(rank));
    }
    return parts.stream().toArray();
  }

  /** By token, the tokens that any of its merges joins. */
  private List<BitSet> partsOfMerges() {
    List<BitSet> parts = new ArrayList<>();
    for (int id = 0; id < model.idBound(); id++) {
      parts.add(new BitSet());
    }
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      BitSet ofResult = parts.get(model.mergeResult(rank));
      ofResult.set(model.mergeLeft(rank));
      ofResult.set(model.mergeRight(rank));
    }
    return parts;
  }

  /** The rank of the merge that produces a token first; one that no merge produces comes last. */
  private int learnedAt(int id) {
    int rank = steps.lowestRank(id);
    return rank < 0 ? Integer.MAX_VALUE : rank;
  }

  /**
   * Chooses at most {@code most} of the tokens {@code toRemove} in an order. A token can be chosen
   * once all tokens that need it are chosen. Removes none.
   *
   * @param most 0 or less chooses no token
   */
  private BitSet choose(BitSet toRemove, int most, Comparator<Integer> order) {
    BitSet chosen = new BitSet();
    int[] needersLeft = needers.clone();
    PriorityQueue<Integer> free = new PriorityQueue<>(order);
    for (int id = 0; id < needersLeft.length; id++) {
      if (needersLeft[id] == 0 && toRemove.get(id) && isRemovable(id)) {
        free.add(id);
      }
    }
    for (int count = 0; count < most && !free.isEmpty(); count++) {
      int id = free.remove();
      chosen.set(id);
      for (int needed : needs[id]) {
        needersLeft[needed]--;
        if (needersLeft[needed] == 0 && toRemove.get(needed) && isRemovable(needed)) {
          free.add(needed);
        }
      }
    }
    return chosen;
  }

  /** Whether a token is still there and is not always kept. */
  private boolean isRemovable(int id) {
    return model.token(id) != null && !fixed.get(id) && !removed.get(id);
  }

  /** Removes the chosen tokens. */
  private TrimmedVocabulary remove(BitSet chosen) {
    BitSet removedNow = (BitSet) removed.clone();
    removedNow.or(chosen);
    TrimmedVocabulary trimmed = new TrimmedVocabulary(tokenizer, removedNow);
    removed.or(chosen);
    size -= chosen.cardinality();
    for (int id = chosen.nextSetBit(0); id >= 0; id = chosen.nextSetBit(id + 1)) {
      for (int needed : needs[id]) {
        needers[needed]--;
      }
    }
    return trimmed;
  }
}
