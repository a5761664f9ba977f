package org.merganser.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;

/** HF's Rust library through DJL; its binding copies offsets and strings of every token as well. */
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
