package org.merganser.tokenizer.parts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;

/**
 * The content of a tokenizer.json, part by part.
 *
 * @param fileVersion of the file that was read
 * @param addedTokens as the file lists them, with the file's ids and not yet HF's
 * @param normalizer null if the file has none, like the other components
 * @param model the vocabulary and merges, without added tokens
 * @param truncation only kept for writing; never applied
 * @param padding only kept for writing; never applied
 * @param zeroDropout whether the file has {@code "dropout": 0.0}, which equals null
 * @param warnings of the reader, for the user
 */
public record TokenizerParts(
    FileVersion fileVersion,
    List<AddedToken> addedTokens,
    @Nullable NormalizerSpec normalizer,
    @Nullable PreTokenizerSpec preTokenizer,
    BpeModel model,
    @Nullable PostProcessor postProcessor,
    @Nullable DecoderSpec decoder,
    @Nullable JsonNode truncation,
    @Nullable JsonNode padding,
    boolean zeroDropout,
    List<String> warnings) {

  /** Whether the normalizer writes the bytes of text as characters of the byte alphabet. */
  public boolean normalizesToBytes() {
    return normalizer != null && normalizer.byteLevel();
  }
}
