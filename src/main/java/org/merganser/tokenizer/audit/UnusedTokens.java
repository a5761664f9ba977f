package org.merganser.tokenizer.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.text.pretokenize.PretokenSink;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TrainingPretokenizer;

/**
 * Finds why texts may not have a token. The report and {@code audit} both use this class, so that
 * their numbers agree.
 *
 * <p>A token is unreachable if merging its own text does not end in it, or if its own text is cut
 * or changed before it is merged, both as a document and in longer texts. Where encoding a text
 * gives a token, no merge has crossed its ends, so that the merges inside are those of its own text
 * ({@link MergeSteps}). The second test is left out
 *
 * <ul>
 *   <li>for tokens of partial UTF-8, which are not text by themselves;
 *   <li>in a model that is not byte-level: Metaspace puts its mark before a text, which a token
 *       from the middle of a word does not have.
 * </ul>
 *
 * <p>For one thread.
 */
public final class UnusedTokens {
  /**
   * The bytes of tokens that are examined. A million tokens of six bytes fit; tokens of megabytes
   * in a loaded tokenizer cannot make a report slow.
   */
  private static final long MOST_EXAMINED_BYTES = 16L << 20;

  /**
   * Texts with a token in place of the star, its own text first. Patterns have a mark with what is
   * behind it, a word with its beginning and its suffix, and white space with a line end.
   */
  private static final List<String> AROUND =
      List.of("*", "!*", "*s", "!*s", "a*", "a*s", "*\n", "!*\n");

  /** The kind of a token that texts do not have. */
  public enum Kind {
    /** An added token, which may be meant for later. */
    ADDED,
    /** A byte, a character or the unknown token, with which merging begins. */
    SYMBOL,
    /** Not examined: the token's text exceeds the rest of the bound on examined bytes. */
    UNEXAMINED,
    /** No text gives it. */
    UNREACHABLE,
    /** It is merged into other tokens. */
    RESIDUE,
    /** Another text would give it. */
    ABSENT
  }

  private final Tokenizer tokenizer;
  private final BpeModel model;
  private final MergeSteps steps;
  private final SpelledSymbols spelled;
  private final TrainingPretokenizer pretokenizer;
  private final BitSet added = new BitSet();
  private final BitSet parts = new BitSet();
  private long left;

  public UnusedTokens(Tokenizer tokenizer, MergeSteps steps) {
    this(tokenizer, steps, MOST_EXAMINED_BYTES);
  }

  /**
   * As {@link #UnusedTokens(Tokenizer, MergeSteps)}.
   *
   * @param examinable the most bytes of tokens to examine in total
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
    this.left = examinable;
    tokenizer.addedTokens().forEach(token -> added.set(token.id()));
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      parts.set(model.mergeLeft(rank));
      parts.set(model.mergeRight(rank));
    }
  }

  /** Whether the bytes of a token of the model are not whole characters. */
  public static boolean isPartial(byte[] bytes) {
    return Utf8.firstIllFormed(bytes, 0, bytes.length) >= 0;
  }

  /** The kind of a token that texts do not have; call it once for each token. */
  public Kind kind(int id) {
    if (added.get(id)) {
      return Kind.ADDED;
    } else if (isSymbol(id)) {
      return Kind.SYMBOL;
    }
    int length = tokenizer.bytes(id).length;
    if (length > left) {
      return Kind.UNEXAMINED;
    }
    left -= length;
    if (unreachable(id) != null) {
      return Kind.UNREACHABLE;
    }
    return parts.get(id) ? Kind.RESIDUE : Kind.ABSENT;
  }

  private boolean isSymbol(int id) {
    String token = model.token(id);
    return steps.madeAt(id) < 0
        && (token == null
            || spelled.hasAffixes()
            || spelled.contains(token)
            || token.codePointCount(0, token.length()) == 1);
  }

  /** Why no text gives a token that is {@link Kind#UNREACHABLE}; null for any other. */
  public @Nullable String unreachable(int id) {
    String token = model.token(id);
    if (token == null || isSymbol(id) || spelled.hasAffixes() || spelled.isIn(token)) {
      return null;
    }
    if (!model.options().ignoreMerges() && !steps.makesItself(id)) {
      return steps.madeAt(id) < 0
          ? "no merge makes it"
          : "merging its own text ends in other tokens";
    }
    byte[] text = tokenizer.bytes(id);
    return !tokenizer.byteLevel() || isPartial(text) || isInPretoken(id, text)
        ? null
        : "its own text gives other ids";
  }

  /**
   * Whether the text, by itself or in a longer text, is a pretoken, or is in one and is merged from
   * its own bytes there.
   */
  private boolean isInPretoken(int id, byte[] text) {
    String wanted = new String(text, ISO_8859_1);
    boolean[] found = {false};
    PretokenSink sink =
        (bytes, start, ends, count) -> {
          for (int i = 0, from = start; i < count; from = ends[i], i++) {
            String pretoken = new String(bytes, from, ends[i] - from, ISO_8859_1);
            found[0] |=
                pretoken.equals(wanted) || (pretoken.contains(wanted) && steps.makesItself(id));
          }
        };
    for (String around : AROUND) {
      byte[] longer = around.replace("*", wanted).getBytes(ISO_8859_1);
      try {
        pretokenizer.split(longer, 0, longer.length, sink);
      } catch (RegexLimitException refused) {
        continue; // texts like this one give no ids
      }
      if (found[0]) {
        return true;
      }
    }
    return false;
  }
}
