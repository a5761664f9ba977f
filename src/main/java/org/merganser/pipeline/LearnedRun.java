package org.merganser.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merganser.learn.NgramFiles;
import org.merganser.learn.NgramModel;
import org.merganser.shard.Manifest;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/** A finished run that learned from its ids: its tokenizer and what it learned. */
public final class LearnedRun {
  private final OutputLayout layout;
  private final TokenizerRef tokenizer;

  private LearnedRun(OutputLayout layout, TokenizerRef tokenizer) {
    this.layout = layout;
    this.tokenizer = tokenizer;
  }

  /**
   * @param output the run's output folder
   * @throws RunException when there is no finished run
   */
  public static LearnedRun open(String output) throws IOException {
    OutputLayout layout = OutputLayout.of(output, false);
    Manifest manifest = FinishedRun.manifest(layout);
    JsonNode from = manifest.job().path("shards").path("from");
    OutputLayout home = from.isTextual() ? OutputLayout.of(from.textValue(), false) : layout;
    return new LearnedRun(
        layout,
        new TokenizerRef(
            home.at(home.tokenizerFile("tokenizer.json")), manifest.tokenizerSha256()));
  }

  public Tokenizer tokenizer() {
    return WorkerTokenizers.get(tokenizer);
  }

  public String tokenizerSha256() {
    return tokenizer.sha256();
  }

  /**
   * The n-gram model, read into memory.
   *
   * @throws RunException when the run learned none
   */
  public NgramModel ngrams() throws IOException {
    List<Path> byOrder = new ArrayList<>();
    for (int order = 1; exists(layout.ngrams(order)); order++) {
      byOrder.add(LocalFiles.of(layout.at(layout.ngrams(order))));
    }
    if (byOrder.isEmpty()) {
      throw new RunException(
          layout.root()
              + ": this run learned no n-grams; add to its job: learn: {ngrams: 3}, and run it again:"
              + " its shards are kept");
    }
    return NgramFiles.read(byOrder, tokenizer.sha256());
  }

  private boolean exists(String path) throws IOException {
    String location = layout.at(path);
    return FileStore.of(location).exists(location);
  }
}
