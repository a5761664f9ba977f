package org.merganser.tokenizer;

import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.text.unicode.ByteAlphabet;

/** Merges the bytes of one pretoken of a byte-level vocabulary with a list and a search. */
public final class NaiveBpe {
  private NaiveBpe() {}

  public static int[] ids(Tokenizer tokenizer, byte[] bytes) {
    BpeModel model = tokenizer.model();
    int whole = model.id(ByteAlphabet.toToken(bytes, 0, bytes.length));
    if (model.options().ignoreMerges() && whole >= 0) {
      return new int[] {whole};
    }
    List<Integer> ids = new ArrayList<>();
    for (byte b : bytes) {
      ids.add(model.id(String.valueOf(ByteAlphabet.toChar(b & 0xFF))));
    }
    for (boolean merged = true; merged; ) {
      merged = false;
      for (int rank = 0; rank < model.mergeCount() && !merged; rank++) {
        for (int i = 0; i + 1 < ids.size() && !merged; i++) {
          if (ids.get(i) == model.mergeLeft(rank) && ids.get(i + 1) == model.mergeRight(rank)) {
            ids.set(i, model.mergeResult(rank));
            ids.remove(i + 1);
            merged = true;
          }
        }
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
