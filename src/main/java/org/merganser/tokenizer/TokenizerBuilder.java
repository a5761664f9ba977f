package org.merganser.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.DecoderSpec;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerException;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * Builds a byte-level tokenizer from a trained vocabulary, with the usual components of HF's users:
 * {@code post_processor} and {@code decoder} are ByteLevel.
 *
 * <pre>{@code
 * Tokenizer tokenizer =
 *     TokenizerBuilder.of(trained, preTokenizer)
 *         .normalizer(new NormalizerSpec.Nfc())
 *         .specialTokens(List.of("<|endoftext|>"))
 *         .padTo(64)
 *         .build();
 * }</pre>
 */
public final class TokenizerBuilder {
  private static final String NAME = "tokenizer";

  private final TrainedBpe trained;
  private final PreTokenizerSpec preTokenizer;
  private @Nullable NormalizerSpec normalizer;
  private List<String> specialTokens = List.of();
  private List<AddedToken> addedTokens = List.of();
  private boolean ignoreMerges;
  private boolean mergeableAllowed;
  private int padTo = 1;

  private TokenizerBuilder(TrainedBpe trained, PreTokenizerSpec preTokenizer) {
    this.trained = trained;
    this.preTokenizer = preTokenizer;
  }

  /**
   * @param preTokenizer the byte-level one that the training used
   */
  public static TokenizerBuilder of(TrainedBpe trained, PreTokenizerSpec preTokenizer) {
    if (!preTokenizer.byteLevel()) {
      throw new IllegalArgumentException(
          "the pre-tokenizer of a byte-level tokenizer must end with ByteLevel");
    }
    return new TokenizerBuilder(trained, preTokenizer);
  }

  public TokenizerBuilder normalizer(@Nullable NormalizerSpec normalizer) {
    this.normalizer = normalizer;
    return this;
  }

  /** Turns tokens of the trained vocabulary into special added tokens. */
  public TokenizerBuilder specialTokens(List<String> specialTokens) {
    this.specialTokens = List.copyOf(specialTokens);
    return this;
  }

  /**
   * Sets further added tokens; those that are not in the vocabulary receive the ids after it, in
   * order.
   */
  public TokenizerBuilder addedTokens(List<AddedToken> addedTokens) {
    this.addedTokens = List.copyOf(addedTokens);
    return this;
  }

  /**
   * Whether a pretoken that is in the vocabulary becomes that token without merges, as in Llama 3.
   */
  public TokenizerBuilder ignoreMerges(boolean ignoreMerges) {
    this.ignoreMerges = ignoreMerges;
    return this;
  }

  public TokenizerBuilder allowMergeableSpecialTokens() {
    this.mergeableAllowed = true;
    return this;
  }

  /**
   * Rounds the number of ids up to a multiple with special tokens {@code <|padding_0|>} …, the last
   * ones of {@link Tokenizer#addedTokens}.
   */
  public TokenizerBuilder padTo(int multiple) {
    if (multiple < 1) {
      throw new IllegalArgumentException("padTo is " + multiple + "; it must be 1 or more");
    }
    this.padTo = multiple;
    return this;
  }

  /**
   * @throws TokenizerException naming a special token that is not in the trained vocabulary, or one
   *     that ordinary text can produce ({@link SpecialTokenSafety})
   */
  public Tokenizer build() {
    if (!mergeableAllowed) {
      List<String> problems =
          new SpecialTokenSafety(normalizer, preTokenizer).problems(specialTokens, trained);
      if (!problems.isEmpty()) {
        throw new TokenizerException(String.join("\n", problems));
      }
    }
    List<String> tokens = trained.tokens();
    Map<String, Integer> ids = new HashMap<>(2 * tokens.size());
    BpeModel.Builder model = BpeModel.builder();
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
      model.token(tokens.get(id), id);
    }
    int[] merges = trained.merges();
    for (int m = 0; m < merges.length; m += 2) {
      model.merge(tokens.get(merges[m]), tokens.get(merges[m + 1]));
    }
    return new Tokenizer(
        new TokenizerParts(
            FileVersion.V1,
            added(ids),
            normalizer,
            preTokenizer,
            model.build(new BpeModel.Options(null, null, null, false, false, ignoreMerges)),
            new PostProcessor.ByteLevel(new PreTokenizerSpec.ByteLevel(true, false, true)),
            new DecoderSpec.ByteLevel(new PreTokenizerSpec.ByteLevel(true, true, true)),
            null,
            null,
            false,
            List.of()),
        NAME);
  }

  private List<AddedToken> added(Map<String, Integer> ids) {
    List<AddedToken> added = new ArrayList<>();
    Set<String> contents = new HashSet<>();
    for (String content : specialTokens) {
      Integer id = ids.get(content);
      if (id == null) {
        throw new TokenizerException(
            "special token \""
                + content
                + "\" is not in the trained vocabulary; give it to the"
                + " trainer");
      }
      if (contents.add(content)) {
        added.add(AddedToken.special(id, content));
      }
    }
    int next = trained.tokens().size();
    for (AddedToken token : addedTokens) {
      if (contents.add(token.content())) {
        Integer id = ids.get(token.content());
        added.add(token.withId(id != null ? id : next++));
      }
    }
    int padding = Math.floorMod(-next, padTo);
    for (int i = 0; i < padding; i++) {
      String content = "<|padding_" + i + "|>";
      if (!contents.add(content)) {
        throw new TokenizerException(
            "token \"" + content + "\" has the name of a spare token; rename it");
      }
      added.add(AddedToken.special(next++, content));
    }
    return added;
  }
}
