package org.merganser.pipeline.train;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.export.TokenizerFolder;

/**
 * Makes a vocabulary of a larger one that was learned from the same counts: the first of its
 * merges, which are those that training with the smaller size makes.
 */
public final class LearnedPrefix {
  private LearnedPrefix() {}

  /**
   * Whether the vocabularies of a training are prefixes of larger ones. With {@code superwords} the
   * size decides where words end and superwords begin; with {@code parity} there is an account of
   * each size beside the vocabulary; one that goes on from another vocabulary has not learned its
   * first merges.
   */
  public static boolean isPossible(TrainSection train) {
    return train.superwords() == null && train.parity() == null && train.continueFrom() == null;
  }

  /**
   * Publishes the tokenizer's folder of a run, as its training would.
   *
   * @param smaller the run, whose job differs from that of the larger vocabulary in vocabSize alone
   * @param larger the folder of the larger vocabulary
   * @param receipt of its tokenizer
   * @return false, and nothing is published, where the larger one was learned without rare
   *     pretokens that did not fit the memory: the smaller one may keep them
   */
  public static boolean publish(RunSpec smaller, OutputLayout larger, TokenizerReceipt receipt)
      throws IOException {
    if (receipt.sha256ByName().containsKey(TrainingMemory.CUT)) {
      return false;
    }
    TrainSection train = JobComponents.train(smaller.job());
    FileRef file = receipt.ref(larger);
    TrainedBpe trained = trained(WorkerTokenizers.get(file)).prefix(train.vocabSize());
    Tokenizer tokenizer = TrainingSettings.of(train).tokenizer(trained, train);
    String end = smaller.job().shards().endOfDocument();
    Set<String> others = new TreeSet<>(receipt.sha256ByName().keySet());
    others.removeAll(TokenizerFolder.files(tokenizer, end).keySet());
    others.remove("tokenizer.json");
    for (String name : others) {
      copy(
          larger.at(larger.tokenizerFile(name)),
          smaller.layout().at(smaller.layout().tokenizerFile(name)));
    }
    TokenizerPublication.publish(
        tokenizer,
        tokenizer.toJson(),
        end,
        List.copyOf(others),
        smaller.layout(),
        smaller.tokenizer().fingerprint());
    return true;
  }

  /** What was learned; added tokens and spare rows are not of the model. */
  private static TrainedBpe trained(Tokenizer tokenizer) {
    BpeModel model = tokenizer.model();
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < model.idBound(); id++) {
      tokens.add(Objects.requireNonNull(model.token(id), "a learned vocabulary has no gaps"));
    }
    int[] merges = new int[2 * model.mergeCount()];
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      merges[2 * rank] = model.mergeLeft(rank);
      merges[2 * rank + 1] = model.mergeRight(rank);
    }
    return new TrainedBpe(tokens, merges);
  }

  private static void copy(String from, String to) throws IOException {
    try (InputStream in = FileStore.of(from).open(from, 0)) {
      FileStore.of(to).publish(to, in::transferTo);
    }
  }
}
