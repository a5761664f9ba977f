package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.export.TokenizerFolder;

/** Publishes a tokenizer's folder below the output, file by file and its receipt last. */
public final class TokenizerPublication {
  private TokenizerPublication() {}

  /**
   * @param others names of further files that lie there already
   * @param json the bytes of tokenizer.json: those of the loaded file, or what a learned tokenizer
   *     writes
   */
  public static FileRef publish(
      Tokenizer tokenizer,
      byte[] json,
      @Nullable String endOfDocument,
      List<String> others,
      OutputLayout layout,
      String fingerprint)
      throws IOException {
    Map<String, byte[]> files = TokenizerFolder.files(tokenizer, json, endOfDocument);
    return publish(files, others, layout, fingerprint);
  }

  /**
   * Publishes a tokenizer.json in none of the forms of other tools, for a folder that does not
   * stay.
   */
  public static void publishAlone(byte[] json, OutputLayout layout, String fingerprint)
      throws IOException {
    publish(Map.of(TokenizerFolder.TOKENIZER_JSON, json), List.of(), layout, fingerprint);
  }

  private static FileRef publish(
      Map<String, byte[]> files, List<String> others, OutputLayout layout, String fingerprint)
      throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String location = layout.at(layout.tokenizerFile(file.getKey()));
      FileStore.of(location).publish(location, out -> out.write(file.getValue()));
    }
    Map<String, String> sha256ByName = new TreeMap<>();
    files.forEach((name, content) -> sha256ByName.put(name, Sha256.of(content)));
    for (String name : others) {
      sha256ByName.put(name, Receipts.sha256(layout.at(layout.tokenizerFile(name))));
    }
    TokenizerReceipt receipt = new TokenizerReceipt(sha256ByName);
    receipt.publish(layout, fingerprint);
    return receipt.ref(layout);
  }
}
