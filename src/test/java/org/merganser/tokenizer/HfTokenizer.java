package org.merganser.tokenizer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.HfLibrary;

/** {@link HfLibrary} with a whole tokenizer.json: the oracle. */
public final class HfTokenizer implements AutoCloseable {
  private final HfLibrary tokenizer;

  public HfTokenizer(byte[] json) {
    tokenizer = HfLibrary.open(json);
  }

  public int[] encode(String text) {
    return encode(text, false);
  }

  public int[] encode(String text, boolean addSpecialTokens) {
    return tokenizer.encode(text, addSpecialTokens).ids();
  }

  /** Begin and end of each id in code points, or null for an id that was added. */
  List<int @Nullable []> spans(String text, boolean addSpecialTokens) {
    return tokenizer.encode(text, addSpecialTokens).spans();
  }

  String decode(int[] ids, boolean skipSpecialTokens) {
    return tokenizer.decode(ids, skipSpecialTokens);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
