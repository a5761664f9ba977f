package org.merganser.pipeline.learn;

import java.io.IOException;
import org.merganser.learn.ngram.NgramFile;
import org.merganser.learn.ngram.NgramModel;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/**
 * The models of a finished run: its tokenizer, n-gram model and embedding table.
 *
 * @param paths the paths of the output folder
 * @param tokenizerRef the tokenizer.json, which may be in the output of another run
 */
public record LearnedModels(OutputPaths paths, FileRef tokenizerRef) {
  /** The index of the first run whose shards a run reads. */
  private static final int FIRST_RUN = 0;

  /**
   * Opens the models of the run in an output folder. A run that reads the shards of other runs has
   * the tokenizer of the first of these.
   *
   * @throws RunException if there is no finished run
   */
  public static LearnedModels open(String output) throws IOException {
    OutputPaths paths = OutputPaths.of(output);
    Manifest manifest = FinishedOutput.at(paths).manifest();
    String firstRun = FinishedOutput.at(paths).runOfShards(FIRST_RUN);
    OutputPaths withTokenizer = firstRun == null ? paths : OutputPaths.of(firstRun);
    String location = withTokenizer.at(withTokenizer.tokenizerJson());
    return new LearnedModels(paths, new FileRef(location, manifest.tokenizerSha256()));
  }

  /** The tokenizer of the run, read once in each JVM. */
  public Tokenizer tokenizer() {
    return WorkerTokenizers.get(tokenizerRef);
  }

  /**
   * The n-gram model that the run learned.
   *
   * @throws RunException if the run learned no n-grams
   */
  public NgramModel ngrams() throws IOException {
    byte[] model = OutputJson.find(paths, OutputPaths.NGRAMS);
    if (model == null) {
      throw RunException.wrong(
          "%s: this run learned no n-grams; add to its job: learn: {ngrams: 3}, and run it again:"
              + " its shards are kept",
          paths.root());
    }
    return NgramFile.read(model, paths.at(OutputPaths.NGRAMS));
  }

  /**
   * The location of the table that the run learned, or that its job names.
   *
   * @throws RunException if the run has none
   */
  public String table() throws IOException {
    String learned = paths.at(OutputPaths.LEARNED_VECTORS);
    if (FileStore.of(learned).exists(learned)) {
      return learned;
    }
    String named = FinishedOutput.at(paths).embeddingTable();
    if (named == null) {
      throw RunException.wrong(
          "%s: this run has no vectors; add to its job: embeddings: {learn: {dim: 64}}, and run it"
              + " again, or name a --table",
          paths.root());
    }
    return named;
  }
}
