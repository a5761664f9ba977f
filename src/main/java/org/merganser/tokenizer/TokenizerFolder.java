package org.merganser.tokenizer;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.binary.NpyHeader;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.tokenizer.json.JsonOutput;
import org.merganser.tokenizer.json.TokenizerWriter;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.LiveMerges;

/**
 * The files of a tokenizer folder: tokenizer.json, tokenizer_config.json, special_tokens_map.json,
 * vocab.json, merges.txt, tokenizer.tiktoken and token_bytes.npy.
 */
public final class TokenizerFolder {
  /** The complete tokenizer. */
  public static final String TOKENIZER_JSON = "tokenizer.json";

  /** The number of text bytes of each id. */
  public static final String TOKEN_BYTES = "token_bytes.npy";

  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final String SPECIAL_TOKENS_MAP = "special_tokens_map.json";

  /** The tokens and their ids. */
  private static final String VOCAB_JSON = "vocab.json";

  /** The merges by rank, a line each. */
  private static final String MERGES_TXT = "merges.txt";

  /** See {@link TiktokenRanks}. */
  private static final String TIKTOKEN = "tokenizer.tiktoken";

  /** transformers' VERY_LARGE_INTEGER, int(1e30): the model has no known limit. */
  private static final BigInteger NO_LIMIT = new BigInteger("1000000000000000019884624838656");

  /**
   * The tokens around a document; null for none.
   *
   * @param begin the {@code bos_token}
   * @param end the {@code eos_token}
   */
  public record Marks(@Nullable String begin, @Nullable String end) {
    /** No token around a document. */
    public static final Marks NONE = new Marks(null, null);

    /** The tokens by their members of tokenizer_config.json and special_tokens_map.json. */
    private Map<String, String> members() {
      Map<String, String> members = new TreeMap<>();
      if (begin != null) {
        members.put("bos_token", begin);
      }
      if (end != null) {
        members.put("eos_token", end);
      }
      return members;
    }
  }

  private TokenizerFolder() {}

  /**
   * The files by name that the folder of a loaded tokenizer has: tokenizer.json and
   * token_bytes.npy.
   *
   * @param json the bytes of tokenizer.json
   */
  public static Map<String, byte[]> requiredFiles(Tokenizer tokenizer, byte[] json) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put(TOKENIZER_JSON, json);
    files.put(TOKEN_BYTES, tokenBytes(tokenizer));
    return files;
  }

  /**
   * All files of a tokenizer by name, sorted. Files that cannot express this tokenizer are left
   * out: merges.txt if a merged token has a space or a line end, tokenizer.tiktoken if ranks alone
   * do not produce the same merges ({@link TiktokenRanks} has the proof).
   *
   * <p>tokenizer.json is complete. vocab.json, merges.txt and the ranks have only the model: their
   * reader must set normalizer, pattern and added tokens.
   *
   * @param json the bytes of tokenizer.json
   * @param marks the tokens around a document, which two of the files name
   * @throws IllegalArgumentException if the begin or the end is not a token
   */
  public static Map<String, byte[]> allFiles(Tokenizer tokenizer, byte[] json, Marks marks) {
    for (Map.Entry<String, String> mark : marks.members().entrySet()) {
      if (tokenizer.id(mark.getValue()) < 0) {
        throw new IllegalArgumentException(
            mark.getKey() + " \"" + mark.getValue() + "\" is not a token of the vocabulary");
      }
    }
    Map<String, byte[]> files = requiredFiles(tokenizer, json);
    files.put(TOKENIZER_CONFIG, config(tokenizer, marks));
    files.put(SPECIAL_TOKENS_MAP, transformersJson(marks.members()));
    files.put(
        VOCAB_JSON,
        JsonOutput.COMPACT.write(out -> TokenizerWriter.writeVocabulary(tokenizer.model(), out)));
    byte[] merges = merges(tokenizer.model());
    if (merges != null) {
      files.put(MERGES_TXT, merges);
    }
    byte[] ranks = TiktokenRanks.of(tokenizer);
    if (ranks != null) {
      files.put(TIKTOKEN, ranks);
    }
    return Collections.unmodifiableMap(files);
  }

  /**
   * A numpy array of int32: for each id, the number of bytes of its text, with which a loss becomes
   * bits per byte. It is 0 for a special token, which is no text, and for an id without a token.
   */
  private static byte[] tokenBytes(Tokenizer tokenizer) {
    int[] lengths = new int[tokenizer.idBound()];
    for (int id = 0; id < lengths.length; id++) {
      lengths[id] = tokenizer.bytes(id).length;
    }
    for (AddedToken token : tokenizer.addedTokens()) {
      if (token.special()) {
        lengths[token.id()] = 0;
      }
    }
    byte[] header = NpyHeader.of("<i4", lengths.length + ",");
    ByteBuffer file =
        ByteBuffer.allocate(header.length + Integer.BYTES * lengths.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put(header);
    file.asIntBuffer().put(lengths);
    return file.array();
  }

  /**
   * The config that transformers' {@code AutoTokenizer} reads, with sorted keys as in its files.
   */
  private static byte[] config(Tokenizer tokenizer, Marks marks) {
    Map<String, Object> tokensById = new LinkedHashMap<>();
    for (AddedToken token : tokenizer.addedTokens()) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("content", token.content());
      members.put("lstrip", token.lstrip());
      members.put("normalized", token.normalized());
      members.put("rstrip", token.rstrip());
      members.put("single_word", token.singleWord());
      members.put("special", token.special());
      tokensById.put(Integer.toString(token.id()), members);
    }
    SortedMap<String, Object> config = new TreeMap<>(marks.members());
    config.put("added_tokens_decoder", tokensById);
    config.put("clean_up_tokenization_spaces", false);
    config.put("model_max_length", NO_LIMIT);
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    return transformersJson(config);
  }

  /** A JSON file as transformers writes it: with a line end, which HF's Rust library omits. */
  private static byte[] transformersJson(Map<String, ?> members) {
    return JsonOutput.PRETTY.write(
        out -> {
          out.writePOJO(members);
          out.writeRaw('\n');
        });
  }

  /** merges.txt as HF's {@code BPE::save} writes it; null if a token would break a line. */
  private static byte @Nullable [] merges(BpeModel model) {
    ByteBuilder text = new ByteBuilder(1 << 20);
    text.append("#version: 0.2\n".getBytes(StandardCharsets.US_ASCII));
    for (int rank : LiveMerges.ranks(model)) {
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

  /** Whether {@code text[from, to)} has a space or a line end, which separate tokens. */
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
