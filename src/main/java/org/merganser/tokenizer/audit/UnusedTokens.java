package org.merganser.tokenizer.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.text.normalize.NormalizerLimitException;
import org.merganser.text.pretokenize.PretokenSink;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TrainingPretokenizer;

/**
 * Finds why a token is absent from texts. The report and {@code audit} both use this class, so that
 * their numbers agree.
 *
 * <p>A token is unreachable if one of two tests says so:
 *
 * <ul>
 *   <li>Merging its own text does not produce it. Whenever encoding produces a token by merges, no
 *       merge has crossed its ends, so the merges inside are those of its own text ({@link
 *       MergeSteps}). The test does not apply if the model takes pretokens that are tokens as they
 *       are ({@code ignore_merges}).
 *   <li>Its own text is cut or changed before it is merged, both as a document and in some longer
 *       texts. The test does not apply to tokens of partial UTF-8, which are not text alone, nor in
 *       a model that is not byte-level: Metaspace puts its mark before a text, which a token from
 *       the middle of a word does not have.
 * </ul>
 *
 * <p>A token of a model with affixes, or with one of the {@link SpelledSymbols} in its text, never
 * counts as unreachable.
 *
 * <p>Not thread-safe.
 */
public final class UnusedTokens {
  /**
   * The limit of examined bytes of tokens. A million tokens of six bytes fit; tokens of megabytes
   * cannot make a report slow.
   */
  private static final long MOST_EXAMINED_BYTES = 16L << 20;

  /**
   * Texts with a token in place of the star, its own text first. The others cover patterns that
   * join a mark to what follows, a word to its beginning and its suffix, and white space to a line
   * end.
   */
  private static final List<String> CONTEXTS =
      List.of("*", "!*", "*s", "!*s", "a*", "a*s", "*\n", "!*\n");

  /** Why a token is absent from texts. */
  public enum Kind {
    /** An added token, which may be meant for later use. */
    ADDED,
    /** A byte, a character or the unknown token, from which merging starts. */
    SYMBOL,
    /** Not examined: the token's text exceeds the rest of the limit of examined bytes. */
    UNEXAMINED,
    /** No text produces it. */
    UNREACHABLE,
    /** A merge joins it with another token, so texts may have the merged token in its place. */
    RESIDUE,
    /** None of these: some text may produce it, but these texts did not. */
    ABSENT
  }

  private final Tokenizer tokenizer;
  private final BpeModel model;
  private final MergeSteps steps;
  private final SpelledSymbols spelled;
  private final TrainingPretokenizer pretokenizer;

  /** The tokens that some merge joins. */
  private final BitSet parts = new BitSet();

  /** The bytes of tokens that may still be examined. */
  private long examinable;

  /** Examines at most {@link #MOST_EXAMINED_BYTES} of tokens. */
  public UnusedTokens(Tokenizer tokenizer, MergeSteps steps) {
    this(tokenizer, steps, MOST_EXAMINED_BYTES);
  }

  /**
   * Examines tokens up to a limit.
   *
   * @param steps of the tokenizer's model
   * @param examinable the limit of bytes of tokens to examine in total
   */
  public UnusedTokens(Tokenizer tokenizer, MergeSteps steps, long examinable) {
    this.tokenizer = tokenizer;
    this.model = tokenizer.model();
    this.steps = steps;
    this.spelled = new SpelledSymbols(model.options());
    this.pretokenizer =
        new TrainingPretokenizer(
            tokenizer.normalizer(),
            tokenizer.preTokenizer(),
            tokenizer.addedTokens(),
            SpecialText.TEXT);
    this.examinable = examinable;
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      parts.set(model.mergeLeft(rank));
      parts.set(model.mergeRight(rank));
    }
  }

  /** Whether the bytes of a token are not complete characters. */
  public static boolean isPartial(byte[] bytes) {
    return Utf8.firstIllFormed(bytes, 0, bytes.length) >= 0;
  }

  /**
   * Finds why a token is absent from texts. To be called once for each token, since each call uses
   * up some of the bytes that may be examined.
   */
  public Kind classify(int id) {
    if (tokenizer.isAdded(id)) {
      return Kind.ADDED;
    } else if (isSymbol(id)) {
      return Kind.SYMBOL;
    }
    int length = tokenizer.bytes(id).length;
    if (length > examinable) {
      return Kind.UNEXAMINED;
    }
    examinable -= length;
    if (reasonUnreachable(id) != null) {
      return Kind.UNREACHABLE;
    }
    return parts.get(id) ? Kind.RESIDUE : Kind.ABSENT;
  }

  /**
   * Why no text produces a token that is not an added one; null if some text may. It is never null
   * for a token that is {@link Kind#UNREACHABLE}. Has no limit of examined bytes.
   */
  public @Nullable String reasonUnreachable(int id) {
    String token = model.token(id);
    if (token == null || isSymbol(id) || model.hasAffixes() || spelled.occurIn(token)) {
      return null;
    }
    if (!model.options().ignoreMerges() && !steps.makesItself(id)) {
      return steps.lowestRank(id) < 0
          ? "no merge makes it"
          : "merging its own text ends in other tokens";
    }
    byte[] text = tokenizer.bytes(id);
    return !tokenizer.byteLevel() || isPartial(text) || isInPretoken(id, text)
        ? null
        : "its own text gives other ids";
  }

  /** Whether merging starts from a token. */
  private boolean isSymbol(int id) {
    String token = model.token(id);
    return steps.lowestRank(id) < 0
        && (token == null
            || model.hasAffixes()
            || spelled.contains(token)
            || token.codePointCount(0, token.length()) == 1);
  }

  /**
   * Whether the text, alone or in a longer text, is a pretoken, or is in one and is merged there
   * from its own bytes.
   */
  private boolean isInPretoken(int id, byte[] text) {
    String wanted = oneCharAByte(text, 0, text.length);
    // Without ignore_merges, reasonUnreachable has found that the token makes itself.
    boolean makesItself = !model.options().ignoreMerges() || steps.makesItself(id);
    TokenSearch search = new TokenSearch(wanted, makesItself);
    for (String context : CONTEXTS) {
      byte[] longer =
          context.equals("*") ? text : context.replace("*", wanted).getBytes(ISO_8859_1);
      try {
        pretokenizer.split(longer, 0, longer.length, search);
      } catch (RegexLimitException | NormalizerLimitException refused) {
        continue; // encoding refuses this text as well, so it does not produce the token
      }
      if (search.found) {
        return true;
      }
    }
    return false;
  }

  /** Bytes as a string, in which they can be searched. */
  private static String oneCharAByte(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, ISO_8859_1);
  }

  /** Finds whether a token can be merged in one of the pretokens that this sink receives. */
  private static final class TokenSearch implements PretokenSink {
    /** The bytes of the token, a char each. */
    private final String wanted;

    /** Whether the token is merged from its own bytes inside of a longer pretoken. */
    private final boolean makesItself;

    boolean found;

    TokenSearch(String wanted, boolean makesItself) {
      this.wanted = wanted;
      this.makesItself = makesItself;
    }

    @Override
    public void accept(byte[] bytes, int start, int[] ends, int count) {
      int from = start;
      for (int i = 0; i < count; i++) {
        String pretoken = oneCharAByte(bytes, from, ends[i]);
        found |= pretoken.equals(wanted) || (makesItself && pretoken.contains(wanted));
        from = ends[i];
      }
    }
  }
}
