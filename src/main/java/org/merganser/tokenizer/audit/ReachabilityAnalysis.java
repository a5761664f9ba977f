package org.merganser.tokenizer.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.ByteAlphabet;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.text.normalize.Normalizer;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * Decides of each token whether a text gives it.
 *
 * <p>That one does is shown by such a text: the token's own, or that between a few others, of which
 * a token of partial UTF-8 gets what makes whole characters of it. Each is encoded.
 *
 * <p>That none does is shown by one of these arguments:
 *
 * <ul>
 *   <li><b>Bytes.</b> The token has bytes that stand side by side in no UTF-8 text.
 *   <li><b>Merging.</b> Where a token ends up in a text, no merge has crossed its two ends, so that
 *       the merges inside are those of its own text alone ({@link MergeSteps}). If these don't end
 *       in the token, no text does. A model with {@code ignore_merges} also gives it for a pretoken
 *       that is the whole token, and only for that.
 *   <li><b>Pretokens.</b> No pretoken has its text inside ({@link PreTokenizerSpec#excludes}).
 *   <li><b>Normalizing.</b> The last normalizer changes its text, though it changes no part of what
 *       it has made: NFC, NFD, NFKC, NFKD (Unicode Annex 15: each part of a normalized text is
 *       normalized), lower case character by character, the replacement of one character.
 *   <li><b>Added tokens.</b> One that is cut out of all text stands in it.
 *   <li><b>Byte fallback.</b> Each character with that byte has a token of its own.
 * </ul>
 *
 * <p>A special token in a text is text here, unless the question is whether a text gives that
 * token. For one thread.
 */
final class ReachabilityAnalysis {
  private static final List<String> BEFORE =
      List.of("", " ", "a", "1", ".", "\n", "中", "A", "'", "(", "é", " a", "\t", "\u0001");

  private static final List<String> BEHIND =
      List.of("", " ", "a", "1", ".", "\n", "中", " a", "A", "(", "é", "\n\na", "\u0001");

  /** Whole characters that are tried for a token of partial UTF-8. */
  private static final int MOST_COMPLETIONS = 1_000;

  /** Bytes of all texts that are tried beside the tokens' own; some seconds. */
  private static final long MOST_TRIED_BYTES = 1L << 28;

  private final Tokenizer tokenizer;
  private final BpeModel model;
  private final MergeSteps steps;
  private final Encoder encoder;
  private final SpelledSymbols spelled;
  private final @Nullable Normalizer lastNormalizer;
  private final Map<Integer, AddedToken> added = new HashMap<>();
  private final List<String> alwaysCut = new ArrayList<>();
  private final IdBuffer ids = new IdBuffer(64);
  private final ByteBuilder normalized = new ByteBuilder(64);

  /** Bytes that may still be tried. */
  private long left = MOST_TRIED_BYTES;

  /** Made when first asked for. */
  private @Nullable FallbackCharacters fallback;

  /** Made when first asked for. */
  private @Nullable Encoder parsing;

  ReachabilityAnalysis(Tokenizer tokenizer, MergeSteps steps) {
    this.tokenizer = tokenizer;
    this.model = tokenizer.model();
    this.steps = steps;
    this.encoder = tokenizer.newEncoder(SpecialText.TEXT);
    this.spelled = new SpelledSymbols(model.options());
    NormalizerSpec last = lastOf(tokenizer.normalizer());
    this.lastNormalizer = last != null && keepsItsOwn(last) ? last.build() : null;
    tokenizer.addedTokens().forEach(token -> added.put(token.id(), token));
    if (tokenizer.normalizer() == null
        && tokenizer.byteLevel()
        && added.values().stream().noneMatch(AddedToken::singleWord)) {
      added.values().stream()
          .filter(token -> !token.special() && isFoundFirst(token.content()))
          .forEach(token -> alwaysCut.add(token.content()));
    }
  }

  private static @Nullable NormalizerSpec lastOf(@Nullable NormalizerSpec spec) {
    if (spec instanceof NormalizerSpec.Sequence sequence) {
      List<NormalizerSpec> parts = sequence.normalizers();
      return parts.isEmpty() ? null : lastOf(parts.get(parts.size() - 1));
    }
    return spec;
  }

  /** Whether a normalizer changes no part of what it has made. */
  private static boolean keepsItsOwn(NormalizerSpec spec) {
    return spec instanceof NormalizerSpec.Nfc
        || spec instanceof NormalizerSpec.Nfd
        || spec instanceof NormalizerSpec.Nfkc
        || spec instanceof NormalizerSpec.Nfkd
        || spec instanceof NormalizerSpec.Lowercase
        || (spec instanceof NormalizerSpec.Replace replace
            && replace.pattern() instanceof TextPattern.Literal literal
            && literal.text().codePointCount(0, literal.text().length()) == 1
            && !replace.content().contains(literal.text()));
  }

  /**
   * Whether no special token, whose matches are passed over while it counts as text, can lie over
   * the beginning of a content.
   */
  private boolean isFoundFirst(String content) {
    for (AddedToken token : added.values()) {
      String other = token.content();
      if (!token.special()) {
        continue;
      }
      if (other.contains(content)) {
        return false;
      }
      for (int from = 1; from < other.length(); from++) {
        if (content.startsWith(other.substring(from))) {
          return false;
        }
      }
    }
    return true;
  }

  /** The answer for an id that has a token. */
  Reachability of(int id) {
    AddedToken token = added.get(id);
    if (token != null) {
      if (parsing == null) {
        parsing = tokenizer.newEncoder(SpecialText.PARSE);
      }
      Reachability.Witness witness = witness(parsing, List.of(token.content()), id);
      return witness == null ? new Reachability.Unknown() : witness;
    }
    String text = model.token(id);
    if (text == null) {
      throw new IllegalArgumentException("id " + id + " has no token");
    }
    Reachability answer = null;
    if (!tokenizer.byteLevel()) {
      answer = ofCharacters(id, text);
    } else {
      byte[] bytes = ByteAlphabet.toBytes(text);
      if (bytes == null) {
        answer =
            spelled.isIn(text)
                ? null
                : new Reachability.Unreachable("it has a character that stands for no byte");
      } else if (Utf8.firstIllFormed(bytes, 0, bytes.length) >= 0) {
        answer = ofPartial(id, text, bytes);
      } else {
        String own = new String(bytes, StandardCharsets.UTF_8);
        answer = ofText(id, text, own, List.of(own));
      }
    }
    return answer == null ? new Reachability.Unknown() : answer;
  }

  private @Nullable Reachability ofCharacters(int id, String token) {
    int b = model.options().byteFallback() ? FallbackCharacters.byteOf(token) : -1;
    boolean unknown = token.equals(model.options().unkToken());
    if ((b >= 0 || unknown) && !spelled.hasAffixes()) {
      List<String> characters = unknown ? fallback().unknown() : fallback().with(b);
      Reachability.Witness witness = witness(encoder, characters, id);
      if (witness != null) {
        return new Reachability.Witness(witness.text(), true);
      }
      if (characters.isEmpty() && steps.madeAt(id) < 0 && !model.options().ignoreMerges()) {
        return new Reachability.Unreachable(
            unknown
                ? "each character has a token or falls back to bytes"
                : "each character with this byte has a token of its own, or another byte of it has"
                    + " none");
      }
      return null;
    }
    Set<String> own = new LinkedHashSet<>();
    String suffix = model.options().endOfWordSuffix();
    String prefix = model.options().continuingSubwordPrefix();
    String plain =
        suffix != null && token.endsWith(suffix)
            ? token.substring(0, token.length() - suffix.length())
            : token;
    plain = prefix != null && plain.startsWith(prefix) ? plain.substring(prefix.length()) : plain;
    String spaced = plain.replace('▁', ' ');
    own.add(spaced);
    own.add(spaced.startsWith(" ") ? spaced.substring(1) : spaced);
    own.add(plain);
    own.removeIf(String::isEmpty);
    return ofText(id, token, token, new ArrayList<>(own));
  }

  private FallbackCharacters fallback() {
    if (fallback == null) {
      fallback = new FallbackCharacters(model);
    }
    return fallback;
  }

  /**
   * @param seen the token's text as the model's pretokens have it, without byte level
   * @param own what text it may be made of
   */
  private @Nullable Reachability ofText(int id, String token, String seen, List<String> own) {
    for (String text : own) {
      Reachability.Witness witness = encoded(encoder, text, text, id);
      if (witness != null) {
        return witness;
      }
    }
    String proof = proof(id, token, seen);
    return proof != null ? new Reachability.Unreachable(proof) : witness(encoder, own, id);
  }

  private @Nullable String proof(int id, String token, String seen) {
    if (spelled.hasAffixes() || spelled.isIn(token)) {
      return null;
    }
    PreTokenizerSpec pre = tokenizer.preTokenizer();
    String merging = mergingProof(id, token);
    if (merging != null) {
      if (!model.options().ignoreMerges()) {
        return merging;
      }
      Optional<String> reason = pre == null ? Optional.empty() : pre.excludes(seen, true);
      if (reason.isPresent()) {
        return merging + ", and " + reason.get();
      }
    }
    Optional<String> reason = pre == null ? Optional.empty() : pre.excludes(seen, false);
    if (reason.isPresent()) {
      return reason.get();
    }
    if (isChanged(seen)) {
      return "the normalizer changes its text";
    }
    for (String content : alwaysCut) {
      if (seen.indexOf(content, seen.startsWith(" ") ? 1 : 0) >= 0) {
        return "the added token \"" + content + "\" is cut out of it first";
      }
    }
    return null;
  }

  /** Why merging never makes a token; null where it may. */
  private @Nullable String mergingProof(int id, String token) {
    if (spelled.hasAffixes()
        || spelled.isIn(token)
        || token.codePointCount(0, token.length()) == 1) {
      return null;
    }
    if (steps.madeAt(id) < 0) {
      return "no merge makes it";
    }
    return steps.makesItself(id) ? null : "merging its own text ends in other tokens";
  }

  /** Whether the last normalizer changes a part that no pre-tokenizer has put there. */
  private boolean isChanged(String seen) {
    if (lastNormalizer == null) {
      return false;
    }
    String rest = seen.startsWith(" ") ? seen.substring(1) : seen;
    for (String part : rest.split("▁", -1)) {
      byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
      normalized.clear();
      if (lastNormalizer.normalize(utf8, 0, utf8.length, normalized)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Reachability ofPartial(int id, String token, byte[] bytes) {
    List<String> whole = new ArrayList<>();
    Reachability.Witness[] found = new Reachability.Witness[1];
    WholeCharacters.Result result =
        WholeCharacters.visit(
            bytes,
            characters -> {
              String text = new String(characters, StandardCharsets.UTF_8);
              whole.add(text);
              found[0] = encoded(encoder, text, "", id);
              return found[0] == null && whole.size() < MOST_COMPLETIONS;
            });
    if (result == WholeCharacters.Result.NONE) {
      return new Reachability.Unreachable("no UTF-8 text has these bytes");
    }
    if (found[0] != null) {
      return found[0];
    }
    String merging = mergingProof(id, token);
    if (merging != null) {
      return new Reachability.Unreachable(merging); // a pretoken is never partial UTF-8
    }
    return witness(encoder, whole.subList(0, Math.min(BEFORE.size(), whole.size())), id);
  }

  /** A text between others whose ids have the token; null where none is found. */
  private Reachability.@Nullable Witness witness(Encoder with, List<String> texts, int id) {
    for (String text : texts) {
      for (String before : BEFORE) {
        for (String behind : BEHIND) {
          if (left < 0 && !(before.isEmpty() && behind.isEmpty())) {
            return null;
          }
          Reachability.Witness witness = encoded(with, before + text + behind, text, id);
          if (witness != null) {
            return witness;
          }
        }
      }
    }
    return null;
  }

  /**
   * @param own the token's own text
   */
  private Reachability.@Nullable Witness encoded(Encoder with, String text, String own, int id) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (!text.equals(own)) {
      left -= utf8.length;
      if (left < 0) {
        return null;
      }
    }
    ids.clear();
    try {
      with.encode(utf8, 0, utf8.length, ids);
    } catch (UnencodableException | RegexLimitException e) {
      return null; // another text may do
    }
    for (int i = 0; i < ids.size(); i++) {
      if (ids.ids()[i] == id) {
        return new Reachability.Witness(text, ids.size() == 1 && text.equals(own));
      }
    }
    return null;
  }
}
