package org.merganser.pipeline;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerFolder;

/** Publishes a tokenizer's folder below the output, file by file and its receipt last. */
final class TokenizerPublication {
  private TokenizerPublication() {}

  /**
   * @param json the bytes of tokenizer.json: those of the loaded file, or what a learned tokenizer
   *     writes
   */
  static TokenizerRef publish(
      Tokenizer tokenizer,
      byte[] json,
      @Nullable String endOfDocument,
      OutputLayout layout,
      String fingerprint)
      throws IOException {
    Map<String, byte[]> files =
        new TreeMap<>(TokenizerFolder.files(tokenizer, "tokenizer", endOfDocument));
    files.put("tokenizer.json", json);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String location = layout.at(layout.tokenizerFile(file.getKey()));
      FileStore.of(location).publish(location, out -> out.write(file.getValue()));
    }
    TokenizerReceipt receipt = TokenizerReceipt.of(files);
    receipt.publish(layout, fingerprint);
    return receipt.ref(layout);
  }
}
