package org.merganser.tokenizer.export;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.json.JsonOutput;
import org.merganser.tokenizer.json.TokenizerWriter;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * The files of a tokenizer folder: tokenizer.json, tokenizer_config.json, special_tokens_map.json,
 * vocab.json, merges.txt and tokenizer.tiktoken.
 */
public final class TokenizerFolder {
  /** Name of the file that holds everything. */
  public static final String TOKENIZER_JSON = "tokenizer.json";

  private TokenizerFolder() {}

  /**
   * The files' contents by name, sorted; those that cannot express this tokenizer are left out:
   * merges.txt when a merged token holds a space or a line end, tokenizer.tiktoken when ranks alone
   * don't make the same merges ({@link TiktokenRanks} proves when they do).
   *
   * <p>tokenizer.json holds everything. vocab.json, merges.txt and the ranks hold the model alone:
   * normalizer, pattern and added tokens are for their reader to set.
   *
   * @param json of tokenizer.json, as it is to be
   * @param endOfDocument becomes {@code eos_token} where given
   * @throws IllegalArgumentException when {@code endOfDocument} is no token
   */
  public static Map<String, byte[]> files(
      Tokenizer tokenizer, byte[] json, @Nullable String endOfDocument) {
    if (endOfDocument != null && tokenizer.id(endOfDocument) < 0) {
      throw new IllegalArgumentException(
          "endOfDocument \"" + endOfDocument + "\" is not a token of the vocabulary");
    }
    Map<String, byte[]> files = new TreeMap<>();
    files.put(TOKENIZER_JSON, json);
    files.put("tokenizer_config.json", config(tokenizer, endOfDocument));
    files.put("special_tokens_map.json", specialTokens(endOfDocument));
    JsonOutput vocabulary = JsonOutput.compact();
    TokenizerWriter.writeVocabulary(tokenizer.model(), vocabulary);
    files.put("vocab.json", vocabulary.toByteArray());
    byte[] merges = merges(tokenizer.model());
    if (merges != null) {
      files.put("merges.txt", merges);
    }
    byte[] ranks = TiktokenRanks.of(tokenizer);
    if (ranks != null) {
      files.put("tokenizer.tiktoken", ranks);
    }
    return Collections.unmodifiableMap(files);
  }

  /** What transformers' {@code AutoTokenizer} reads beside tokenizer.json; keys sorted as there. */
  private static byte[] config(Tokenizer tokenizer, @Nullable String endOfDocument) {
    JsonOutput out = JsonOutput.pretty();
    out.beginObject().key("added_tokens_decoder").beginObject();
    List<AddedToken> tokens = tokenizer.addedTokens();
    for (AddedToken token : tokens) {
      out.key(Integer.toString(token.id())).beginObject();
      out.member("content", token.content()).member("lstrip", token.lstrip());
      out.member("normalized", token.normalized()).member("rstrip", token.rstrip());
      out.member("single_word", token.singleWord()).member("special", token.special());
      out.endObject();
    }
    out.endObject().member("clean_up_tokenization_spaces", false);
    if (endOfDocument != null) {
      out.member("eos_token", endOfDocument);
    }
    // transformers' VERY_LARGE_INTEGER: no limit is known.
    out.key("model_max_length").number("1000000000000000019884624838656");
    out.member("tokenizer_class", "PreTrainedTokenizerFast");
    return ended(out.endObject());
  }

  private static byte[] specialTokens(@Nullable String endOfDocument) {
    JsonOutput out = JsonOutput.pretty().beginObject();
    if (endOfDocument != null) {
      out.member("eos_token", endOfDocument);
    }
    return ended(out.endObject());
  }

  /** transformers ends its files with a line end, HF's Rust library doesn't. */
  private static byte[] ended(JsonOutput out) {
    byte[] json = out.toByteArray();
    byte[] text = Arrays.copyOf(json, json.length + 1);
    text[json.length] = '\n';
    return text;
  }

  /** merges.txt as HF's {@code BPE::save} writes it, or null where a token would break a line. */
  private static byte @Nullable [] merges(BpeModel model) {
    ByteBuilder text = new ByteBuilder(1 << 20);
    text.append("#version: 0.2\n".getBytes(StandardCharsets.US_ASCII));
    for (int rank : TokenizerWriter.liveRanks(model)) {
      int from = text.length();
      model.appendToken(model.mergeLeft(rank), text);
      int middle = text.length();
      text.append((byte) ' ');
      model.appendToken(model.mergeRight(rank), text);
      if (breaksLine(text, from, middle) || breaksLine(text, middle + 1, text.length())) {
        return null;
      }
      text.append((byte) '\n');
    }
    return text.toByteArray();
  }

  private static boolean breaksLine(ByteBuilder text, int from, int to) {
    byte[] bytes = text.bytes();
    for (int i = from; i < to; i++) {
      if (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r') {
        return true;
      }
    }
    return false;
  }
}
