package org.merganser.text.pretokenize;

import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.Utf8;

/**
 * Cuts where the script changes (HF: {@code unicode_scripts/pre_tokenizer.rs}). Spaces and
 * characters without a script belong to the text before them. At the beginning of the text they are
 * in no pretoken, as in HF.
 */
final class UnicodeScriptsPreTokenizer implements PreTokenizer {
  private final PretokenBatch batch = new PretokenBatch();

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    batch.open(text, sink);
    int start = -1;
    int current = Scripts.UNKNOWN;
    for (int at = from; at < to; at += CodePoints.length(text[at])) {
      int script = Scripts.ofHfPreTokenizer(Utf8.codePoint(text, at));
      if (script != Scripts.UNKNOWN && script != current) {
        if (start >= 0) {
          batch.add(start, at);
        }
        start = at;
        current = script;
      }
    }
    if (start >= 0) {
      batch.add(start, to);
    }
    batch.flush();
  }
}
