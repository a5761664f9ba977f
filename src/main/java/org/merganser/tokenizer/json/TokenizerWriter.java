package org.merganser.tokenizer.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * Writes tokenizer.json byte for byte as HF's library does (HF: {@code tokenizer/serialization.rs},
 * {@code models/bpe/serialization.rs}).
 */
public final class TokenizerWriter {
  private TokenizerWriter() {}

  /**
   * @param addedTokens with the ids that the tokenizer gives them, not those of the file it was
   *     read from
   * @param out pretty (HF's {@code save} as its bindings call it) or compact ({@code to_string})
   */
  public static byte[] write(TokenizerParts parts, List<AddedToken> addedTokens, JsonOutput out) {
    out.beginObject().member("version", "1.0");
    out.key("truncation").tree(parts.truncation());
    out.key("padding").tree(parts.padding());
    out.key("added_tokens").beginArray();
    for (AddedToken token : addedTokens) {
      out.beginObject().key("id").value(token.id());
      out.member("content", token.content()).member("single_word", token.singleWord());
      out.member("lstrip", token.lstrip()).member("rstrip", token.rstrip());
      out.member("normalized", token.normalized()).member("special", token.special());
      out.endObject();
    }
    out.endArray().key("normalizer");
    NormalizerJson.write(parts.normalizer(), out);
    out.key("pre_tokenizer");
    PreTokenizerJson.write(parts.preTokenizer(), out);
    out.key("post_processor");
    PostProcessorJson.write(parts.postProcessor(), out);
    out.key("decoder");
    DecoderJson.write(parts.decoder(), out);
    out.key("model");
    writeModel(parts.model(), parts.zeroDropout(), out);
    return out.endObject().toByteArray();
  }

  /** The normalizer alone. */
  public static String normalizer(TokenizerParts parts, JsonOutput out) {
    NormalizerJson.write(parts.normalizer(), out);
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  /** The pre-tokenizer alone. */
  public static String preTokenizer(TokenizerParts parts, JsonOutput out) {
    PreTokenizerJson.write(parts.preTokenizer(), out);
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  private static void writeModel(BpeModel model, boolean zeroDropout, JsonOutput out) {
    BpeModel.Options options = model.options();
    out.beginObject().member("type", "BPE").key("dropout").number(zeroDropout ? "0.0" : "null");
    out.member("unk_token", options.unkToken());
    out.member("continuing_subword_prefix", options.continuingSubwordPrefix());
    out.member("end_of_word_suffix", options.endOfWordSuffix());
    out.member("fuse_unk", options.fuseUnk()).member("byte_fallback", options.byteFallback());
    out.member("ignore_merges", options.ignoreMerges()).key("vocab");
    writeVocabulary(model, out);
    out.key("merges").beginArray();
    for (int rank : liveRanks(model)) {
      out.beginArray().value(left(model, rank)).value(right(model, rank)).endArray();
    }
    out.endArray().endObject();
  }

  /** The vocabulary as an object, by id. */
  public static void writeVocabulary(BpeModel model, JsonOutput out) {
    out.beginObject();
    for (int id = 0; id < model.idBound(); id++) {
      String token = model.token(id);
      if (token != null) {
        out.key(token).value(id);
      }
    }
    out.endObject();
  }

  /** The ranks that count: of a pair that is merged twice the last one (HF keeps a map). */
  public static int[] liveRanks(BpeModel model) {
    int[] ranks = new int[model.mergeCount()];
    int live = 0;
    for (int rank = 0; rank < ranks.length; rank++) {
      if (model.isLive(rank)) {
        ranks[live++] = rank;
      }
    }
    return Arrays.copyOf(ranks, live);
  }

  public static String left(BpeModel model, int rank) {
    return named(model, model.mergeLeft(rank));
  }

  public static String right(BpeModel model, int rank) {
    return named(model, model.mergeRight(rank));
  }

  private static String named(BpeModel model, int id) {
    String token = model.token(id);
    if (token == null) {
      throw new IllegalStateException("a merge names id " + id + ", which is not in the model");
    }
    return token;
  }

  /** Orders strings as Rust does: by the bytes of their UTF-8 form. */
  static int compareUtf8(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
