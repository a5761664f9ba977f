package org.merganser.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;

/** HF's Rust library by DJL, whose binding also copies the offsets and the string of each token. */
final class HfPeer implements Peer {
  private final HuggingFaceTokenizer tokenizer;

  HfPeer(Path tokenizerJson) throws IOException {
    tokenizer =
        HuggingFaceTokenizer.newInstance(
            tokenizerJson,
            Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false"));
  }

  @Override
  public String name() {
    return "HF (DJL)";
  }

  @Override
  public int[] ids(String text) {
    return LongStream.of(tokenizer.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
