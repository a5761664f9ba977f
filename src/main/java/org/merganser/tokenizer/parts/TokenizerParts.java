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
 * @param addedTokens as the file lists them; their ids are the file's and not yet HF's
 * @param truncation kept to be written again; never applied
 * @param padding kept to be written again; never applied
 * @param zeroDropout whether the file says {@code "dropout": 0.0}, which is the same as null
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

  /** Whether the normalizer spells the bytes of text by the letters of the byte alphabet. */
  public boolean normalizesToBytes() {
    return normalizer != null && normalizer.byteLevel();
  }
}
