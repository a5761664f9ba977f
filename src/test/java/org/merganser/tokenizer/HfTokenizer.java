package org.merganser.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** HF's Rust library (0.21.4 in DJL 0.38) with a whole tokenizer.json: the oracle. */
public final class HfTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;

  public HfTokenizer(byte[] json) {
    try {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(json),
              Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int[] encode(String text) {
    return encode(text, false);
  }

  public int[] encode(String text, boolean addSpecialTokens) {
    return LongStream.of(tokenizer.encode(text, addSpecialTokens, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /** Begin and end of each id in code points, or null for an id that was added. */
  List<int[]> spans(String text, boolean addSpecialTokens) {
    List<int[]> spans = new ArrayList<>();
    for (CharSpan span : tokenizer.encode(text, addSpecialTokens, false).getCharTokenSpans()) {
      spans.add(span == null ? null : new int[] {span.getStart(), span.getEnd()});
    }
    return spans;
  }

  String decode(int[] ids, boolean skipSpecialTokens) {
    return tokenizer.decode(IntStream.of(ids).asLongStream().toArray(), skipSpecialTokens);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
