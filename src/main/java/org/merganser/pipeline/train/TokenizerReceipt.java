package org.merganser.pipeline.train;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;

/**
 * The sha256 of each file of the tokenizer folder by name: published last, so that a folder without
 * a valid receipt does not exist for anyone.
 */
public record TokenizerReceipt(Map<String, String> sha256ByName) {
  private static final String TOKENIZER_JSON = "tokenizer.json";

  /** The receipt of this tokenizer, if its folder is complete and unchanged. */
  public static @Nullable TokenizerReceipt find(OutputLayout layout, String fingerprint)
      throws IOException {
    String location = layout.at(layout.tokenizerReceipt(fingerprint));
    byte[] json = CheckedFile.find(location);
    if (json == null) {
      return null;
    }
    FileStore store = FileStore.of(location);
    TokenizerReceipt receipt =
        new TokenizerReceipt(
            Json.MAPPER.readValue(json, new TypeReference<TreeMap<String, String>>() {}));
    for (Map.Entry<String, String> file : receipt.sha256ByName.entrySet()) {
      String path = layout.at(layout.tokenizerFile(file.getKey()));
      if (!store.exists(path) || !Receipts.sha256(path).equals(file.getValue())) {
        return null;
      }
    }
    return receipt;
  }

  void publish(OutputLayout layout, String fingerprint) throws IOException {
    String location = layout.at(layout.tokenizerReceipt(fingerprint));
    byte[] json = Json.MAPPER.writeValueAsBytes(new TreeMap<>(sha256ByName));
    CheckedFile.publish(location, json);
  }

  public FileRef ref(OutputLayout layout) {
    return new FileRef(
        layout.at(layout.tokenizerFile(TOKENIZER_JSON)),
        Objects.requireNonNull(sha256ByName.get(TOKENIZER_JSON), TOKENIZER_JSON));
  }
}
