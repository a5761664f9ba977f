package org.merganser.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.LiveMerges;

/** A GGUF file that holds a byte-level vocabulary and no tensors, for llama.cpp as an oracle. */
final class GgufVocabulary {
  private static final int UINT32 = 4;
  private static final int INT32 = 5;
  private static final int FLOAT32 = 6;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final int USER_DEFINED = 4;
  private static final int UNUSED = 5;

  private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
  private int count;

  private GgufVocabulary() {}

  /**
   * @param pre llama.cpp's name of the split pattern
   */
  static byte[] of(Tokenizer tokenizer, String pre) {
    List<String> tokens = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    for (int id = 0; id < tokenizer.idBound(); id++) {
      String token = tokenizer.token(id);
      tokens.add(token == null ? "[gap " + id + "]" : token);
      types.add(token == null ? UNUSED : NORMAL);
    }
    for (AddedToken token : tokenizer.addedTokens()) {
      types.set(token.id(), token.special() ? CONTROL : USER_DEFINED);
    }
    List<String> merges = new ArrayList<>();
    for (int rank : LiveMerges.ranks(tokenizer.model())) {
      merges.add(
          LiveMerges.leftToken(tokenizer.model(), rank)
              + " "
              + LiveMerges.rightToken(tokenizer.model(), rank));
    }
    GgufVocabulary file = new GgufVocabulary();
    file.text("general.architecture", "gpt2");
    for (String size :
        List.of(
            "context_length",
            "embedding_length",
            "block_count",
            "feed_forward_length",
            "attention.head_count")) {
      file.key("gpt2." + size, UINT32).bytes(number(8));
    }
    file.key("gpt2.attention.layer_norm_epsilon", FLOAT32).bytes(number(0x3727C5AC));
    file.text("tokenizer.ggml.model", "gpt2");
    file.text("tokenizer.ggml.pre", pre);
    file.texts("tokenizer.ggml.tokens", tokens);
    file.key("tokenizer.ggml.token_type", ARRAY).bytes(number(INT32)).bytes(wide(types.size()));
    types.forEach(type -> file.bytes(number(type)));
    file.texts("tokenizer.ggml.merges", merges);
    file.key("tokenizer.ggml.add_bos_token", BOOL).bytes(new byte[1]);
    byte[] written = file.entries.toByteArray();
    ByteBuffer all = ByteBuffer.allocate(24 + written.length).order(ByteOrder.LITTLE_ENDIAN);
    all.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(0).putLong(file.count);
    return all.put(written).array();
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] wide(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private GgufVocabulary bytes(byte[] bytes) {
    entries.writeBytes(bytes);
    return this;
  }

  private GgufVocabulary string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return bytes(wide(utf8.length)).bytes(utf8);
  }

  private GgufVocabulary key(String key, int type) {
    count++;
    return string(key).bytes(number(type));
  }

  private void text(String key, String value) {
    key(key, STRING).string(value);
  }

  private void texts(String key, List<String> values) {
    key(key, ARRAY).bytes(number(STRING)).bytes(wide(values.size()));
    values.forEach(this::string);
  }
}
