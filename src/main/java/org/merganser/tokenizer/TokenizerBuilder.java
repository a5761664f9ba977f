package org.merganser.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.BpeModelBuilder;
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
  /** The tokenizer's name in errors. */
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
   * A builder for a trained vocabulary.
   *
   * @param preTokenizer the byte-level one that the training used
   * @throws IllegalArgumentException if the pre-tokenizer is not byte-level
   */
  public static TokenizerBuilder of(TrainedBpe trained, PreTokenizerSpec preTokenizer) {
    if (!preTokenizer.byteLevel()) {
      throw new IllegalArgumentException(
          "the pre-tokenizer of a byte-level tokenizer must end with ByteLevel");
    }
    return new TokenizerBuilder(trained, preTokenizer);
  }

  /** Sets the normalizer that the training used; null for none, which is the default. */
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
   * Sets whether a pretoken that is in the vocabulary becomes that token without merges, as in
   * Llama 3.
   */
  public TokenizerBuilder ignoreMerges(boolean ignoreMerges) {
    this.ignoreMerges = ignoreMerges;
    return this;
  }

  /** Omits the check for special tokens that ordinary text can produce. */
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
   * Builds the tokenizer.
   *
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
    return new Tokenizer(
        new TokenizerParts(
            FileVersion.V1,
            numberedAddedTokens(),
            normalizer,
            preTokenizer,
            model(),
            new PostProcessor.ByteLevel(new PreTokenizerSpec.ByteLevel(true, false, true)),
            new DecoderSpec.ByteLevel(new PreTokenizerSpec.ByteLevel(true, true, true)),
            null, // truncation
            null, // padding
            false, // zeroDropout
            List.of()),
        NAME);
  }

  private BpeModel model() {
    List<String> tokens = trained.tokens();
    BpeModelBuilder model = BpeModel.builder();
    for (int id = 0; id < tokens.size(); id++) {
      model.token(tokens.get(id), id);
    }
    int[] merges = trained.merges();
    for (int m = 0; m < merges.length; m += 2) {
      model.merge(tokens.get(merges[m]), tokens.get(merges[m + 1]));
    }
    return model.build(new BpeModel.Options(null, null, null, false, false, ignoreMerges));
  }

  /** The special tokens, the added tokens and those of {@link #padTo}, with their ids. */
  private List<AddedToken> numberedAddedTokens() {
    List<AddedToken> added = new ArrayList<>();
    Map<String, Integer> ids = trainedIds();
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
        if (id == null) {
          id = next;
          next++;
        }
        added.add(token.withId(id));
      }
    }
    addPadding(next, contents, added);
    return added;
  }

  /** Adds the tokens of {@link #padTo}, whose ids begin at {@code next}. */
  private void addPadding(int next, Set<String> contents, List<AddedToken> added) {
    int padding = Math.floorMod(-next, padTo);
    for (int i = 0; i < padding; i++) {
      String content = "<|padding_" + i + "|>";
      if (!contents.add(content)) {
        throw new TokenizerException(
            "token \"" + content + "\" has the name of a spare token; rename it");
      }
      added.add(AddedToken.special(next + i, content));
    }
  }

  private Map<String, Integer> trainedIds() {
    List<String> tokens = trained.tokens();
    Map<String, Integer> ids = new HashMap<>(2 * tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
    return ids;
  }
}
