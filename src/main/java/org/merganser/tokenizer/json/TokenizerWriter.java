package org.merganser.tokenizer.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.LiveMerges;
import org.merganser.tokenizer.parts.TokenizerException;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * Writes tokenizer.json, in version 1.0 byte for byte as HF's library does (HF: {@code
 * tokenizer/serialization.rs}, {@code models/bpe/serialization.rs}).
 */
public final class TokenizerWriter {
  private TokenizerWriter() {}

  /**
   * The file of a tokenizer.
   *
   * @param addedTokens with the ids that the tokenizer assigns, not those of the file it was read
   *     from
   * @param form pretty is the default of {@code save} in HF's bindings
   * @throws TokenizerException naming a component that version 2.0 cannot express
   */
  public static byte[] write(
      TokenizerParts parts, List<AddedToken> addedTokens, JsonOutput form, FileVersion version) {
    SecondVersion second = version == FileVersion.V2 ? SecondVersion.of(parts) : null;
    return form.write(
        out -> {
          out.writeStartObject();
          out.writeStringField("version", version.value());
          out.writePOJOField("truncation", parts.truncation());
          out.writePOJOField("padding", parts.padding());
          out.writePOJOField("added_tokens", addedTokens);
          if (second == null) {
            out.writePOJOField("normalizer", parts.normalizer());
            out.writePOJOField("pre_tokenizer", parts.preTokenizer());
            out.writePOJOField("post_processor", parts.postProcessor());
            out.writePOJOField("decoder", parts.decoder());
          } else {
            out.writePOJOField("normalizer", second.normalizer());
            out.writePOJOField("pre_tokenizer", second.preTokenizer());
            out.writePOJOField("post_processor", second.postProcessor());
            out.writePOJOField("decoder", second.decoder());
          }
          out.writeFieldName("model");
          writeModel(parts.model(), parts.zeroDropout(), second, out);
          out.writeEndObject();
        });
  }

  /** A component on one line; {@code null} for none. */
  public static String component(@Nullable Object component) {
    byte[] json = JsonOutput.COMPACT.write(out -> out.writePOJO(component));
    return new String(json, StandardCharsets.UTF_8);
  }

  /** Writes the tokens by id as one object: the content of vocab.json as well. */
  public static void writeVocabulary(BpeModel model, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (int id = 0; id < model.idBound(); id++) {
      String token = model.token(id);
      if (token != null) {
        out.writeNumberField(token, id);
      }
    }
    out.writeEndObject();
  }

  /**
   * Writes {@code $.model}.
   *
   * @param second null for version 1.0
   */
  private static void writeModel(
      BpeModel model, boolean zeroDropout, @Nullable SecondVersion second, JsonGenerator out)
      throws IOException {
    BpeModel.Options options = model.options();
    out.writeStartObject();
    out.writeStringField("type", "BPE");
    if (second == null) {
      out.writePOJOField("dropout", zeroDropout ? 0.0 : null);
    }
    out.writeStringField("unk_token", options.unkToken());
    out.writeStringField("continuing_subword_prefix", options.continuingSubwordPrefix());
    out.writeStringField("end_of_word_suffix", options.endOfWordSuffix());
    out.writeBooleanField("fuse_unk", options.fuseUnk());
    out.writeBooleanField("byte_fallback", options.byteFallback());
    out.writeBooleanField("ignore_merges", options.ignoreMerges());
    if (second != null) {
      out.writeBooleanField("byte_level", second.byteLevel());
    }
    out.writeFieldName("vocab");
    writeVocabulary(model, out);
    out.writeFieldName("merges");
    writeMerges(model, out);
    out.writeEndObject();
  }

  /** Writes the merges as pairs, by rank. */
  private static void writeMerges(BpeModel model, JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (int rank : LiveMerges.ranks(model)) {
      out.writeStartArray();
      out.writeString(LiveMerges.leftToken(model, rank));
      out.writeString(LiveMerges.rightToken(model, rank));
      out.writeEndArray();
    }
    out.writeEndArray();
  }
}
