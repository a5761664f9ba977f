package org.merganser.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * Builds a byte-level tokenizer from a trained vocabulary. Its {@code post_processor} and {@code
 * decoder} are ByteLevel, as in the usual files of byte-level tokenizers.
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
   * Sets further added tokens. Those that are not in the vocabulary receive the ids after it, in
   * order; one with the content of a special token, or of an added token before it, is left out.
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
    JsonNode noTruncation = null;
    JsonNode noPadding = null;
    boolean zeroDropout = false;
    List<String> noWarnings = List.of();
    return new Tokenizer(
        new TokenizerParts(
            FileVersion.V1,
            numberedAddedTokens(),
            normalizer,
            preTokenizer,
            model(),
            postProcessor(),
            decoder(),
            noTruncation,
            noPadding,
            zeroDropout,
            noWarnings),
        NAME);
  }

  /** A ByteLevel with {@code trim_offsets} off: the span of a token includes its space. */
  private static PostProcessor postProcessor() {
    boolean addPrefixSpace = true;
    boolean trimOffsets = false;
    boolean useRegex = true;
    return new PostProcessor.ByteLevel(
        new PreTokenizerSpec.ByteLevel(addPrefixSpace, trimOffsets, useRegex));
  }

  /** A ByteLevel, whose options have no effect on decoding. */
  private static DecoderSpec decoder() {
    boolean addPrefixSpace = true;
    boolean trimOffsets = true;
    boolean useRegex = true;
    return new DecoderSpec.ByteLevel(
        new PreTokenizerSpec.ByteLevel(addPrefixSpace, trimOffsets, useRegex));
  }

  /** The tokens and merges of the trained vocabulary. */
  private BpeModel model() {
    List<String> tokens = trained.tokens();
    BpeModelBuilder model = BpeModel.builder();
    for (int id = 0; id < tokens.size(); id++) {
      model.addToken(tokens.get(id), id);
    }
    int[] merges = trained.merges();
    for (int left = 0; left < merges.length; left += 2) {
      model.addMerge(tokens.get(merges[left]), tokens.get(merges[left + 1]));
    }
    return model.build(BpeModel.Options.NONE.withIgnoreMerges(ignoreMerges));
  }

  /** The special tokens, the added tokens and those of {@link #padTo}, with their ids. */
  private List<AddedToken> numberedAddedTokens() {
    Map<String, Integer> trainedIds = trainedIds();
    Map<String, AddedToken> byContent = new LinkedHashMap<>();
    addSpecialTokens(trainedIds, byContent);
    int next = addOtherTokens(trainedIds, byContent);
    addPadding(next, byContent);
    return List.copyOf(byContent.values());
  }

  /** Adds the tokens of {@link #specialTokens}, whose ids the trained vocabulary has. */
  private void addSpecialTokens(
      Map<String, Integer> trainedIds, Map<String, AddedToken> byContent) {
    for (String content : specialTokens) {
      Integer id = trainedIds.get(content);
      if (id == null) {
        throw new TokenizerException(
            "special token \""
                + content
                + "\" is not in the trained vocabulary; give it to the trainer");
      }
      byContent.putIfAbsent(content, AddedToken.special(id, content));
    }
  }

  /** Adds the tokens of {@link #addedTokens}; returns the first id that is free after them. */
  private int addOtherTokens(Map<String, Integer> trainedIds, Map<String, AddedToken> byContent) {
    int next = trained.tokens().size();
    for (AddedToken token : addedTokens) {
      if (byContent.containsKey(token.content())) {
        continue;
      }
      Integer id = trainedIds.get(token.content());
      if (id == null) {
        id = next;
        next++;
      }
      byContent.put(token.content(), token.withId(id));
    }
    return next;
  }

  /** Adds the tokens of {@link #padTo}, whose ids begin at {@code next}. */
  private void addPadding(int next, Map<String, AddedToken> byContent) {
    int padding = Math.floorMod(-next, padTo);
    for (int i = 0; i < padding; i++) {
      String content = "<|padding_" + i + "|>";
      if (byContent.containsKey(content)) {
        throw new TokenizerException(
            "token \"" + content + "\" has the name of a spare token; rename it");
      }
      byContent.put(content, AddedToken.special(next + i, content));
    }
  }

  /** By content, the id of each token of the trained vocabulary. */
  private Map<String, Integer> trainedIds() {
    List<String> tokens = trained.tokens();
    Map<String, Integer> ids = new HashMap<>(2 * tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
    return ids;
  }
}
