package org.merganser.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.tokenizer.json.TokenizerWriter;

/**
 * {@link HfLibrary} with one normalizer and one pre-tokenizer, given as JSON. The model is
 * byte-level with the 256 bytes as its vocabulary, id = byte, and no merges, so that ids are bytes
 * and word ids are pretokens: what a component makes of a text is read off an encoding.
 */
public final class HfOracle implements AutoCloseable {
  static final String BYTE_LEVEL =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,"
          + "\"use_regex\":false}";

  private final HfLibrary tokenizer;

  /**
   * @param normalizer JSON, or "null"
   * @param preTokenizer JSON whose last component is ByteLevel
   */
  private HfOracle(String normalizer, String preTokenizer) {
    String json =
        "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],"
            + "\"normalizer\":"
            + normalizer
            + ",\"pre_tokenizer\":"
            + preTokenizer
            + ",\"post_processor\":null,\"decoder\":null,\"model\":{\"type\":\"BPE\","
            + "\"dropout\":null,\"unk_token\":null,\"continuing_subword_prefix\":null,"
            + "\"end_of_word_suffix\":null,\"fuse_unk\":false,\"byte_fallback\":false,"
            + "\"ignore_merges\":false,\"vocab\":{"
            + vocabulary()
            + "},\"merges\":[]}}";
    tokenizer = HfLibrary.open(json.getBytes(StandardCharsets.UTF_8));
  }

  /** A normalizer alone. */
  public static HfOracle of(NormalizerSpec spec) {
    return new HfOracle(TokenizerWriter.component(spec), BYTE_LEVEL);
  }

  /** A pre-tokenizer alone; ByteLevel is put after it where it has none. */
  public static HfOracle of(PreTokenizerSpec spec) {
    String json = TokenizerWriter.component(spec);
    return new HfOracle(
        "null",
        spec.byteLevel()
            ? json
            : "{\"type\":\"Sequence\",\"pretokenizers\":[" + json + "," + BYTE_LEVEL + "]}");
  }

  private static String vocabulary() {
    StringBuilder vocabulary = new StringBuilder();
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = b > 0x20 && b < 0x7F || b > 0xA0 && b != 0xAD;
      char c = (char) (printable ? b : next++);
      vocabulary
          .append(b == 0 ? "" : ",")
          .append('"')
          .append(c == '"' || c == '\\' ? "\\" : "")
          .append(c)
          .append("\":")
          .append(b);
    }
    return vocabulary.toString();
  }

  /** A JSON string. */
  public static String quote(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }

  /** The whole text as HF normalizes (and rewrites) it. */
  public String rewrite(String text) {
    return new String(bytes(tokenizer.encode(text, false).ids()), StandardCharsets.UTF_8);
  }

  /** HF's pretokens. */
  public List<String> pretokens(String text) {
    HfLibrary.Encoded encoded = tokenizer.encode(text, false);
    byte[] bytes = bytes(encoded.ids());
    int[] words = encoded.words();
    List<String> pretokens = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= bytes.length; i++) {
      if (i == bytes.length || words[i] != words[i - 1]) {
        pretokens.add(new String(bytes, start, i - start, StandardCharsets.ISO_8859_1));
        start = i;
      }
    }
    return pretokens;
  }

  private static byte[] bytes(int[] ids) {
    byte[] bytes = new byte[ids.length];
    for (int i = 0; i < ids.length; i++) {
      bytes[i] = (byte) ids[i];
    }
    return bytes;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
