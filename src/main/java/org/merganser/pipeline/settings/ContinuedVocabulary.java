package org.merganser.pipeline.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.message.Phrase;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/**
 * Reads the tokenizer that {@code tokenizer.train.continueFrom} names, and checks whether training
 * can continue from it.
 */
public final class ContinuedVocabulary {
  private static final String KEY = "tokenizer.train.continueFrom";

  /** The only options of a model, besides none, that training keeps. */
  private static final BpeModel.Options IGNORE_MERGES =
      BpeModel.Options.NONE.withIgnoreMerges(true);

  private ContinuedVocabulary() {}

  /**
   * The tokenizer that the job continues, for a job that does.
   *
   * @throws JobException if training cannot continue from it
   */
  public static Tokenizer read(Job job) {
    String named = Objects.requireNonNull(job.requireTraining().continueFrom(), KEY);
    String location = named; // for errors before it is resolved
    try {
      location = TokenizerLocation.of(job.at(named), KEY);
      Tokenizer tokenizer = Tokenizer.read(FileStore.of(location).readAll(location), location);
      requireTrainable(tokenizer, location);
      return tokenizer;
    } catch (NoSuchFileException e) {
      throw wrong(location + ": there is no such file");
    } catch (IOException e) {
      throw new UncheckedIOException(location + ": cannot be read", e);
    }
  }

  /** Checks that a learned model can be of the kind of this tokenizer's model. */
  private static void requireTrainable(Tokenizer tokenizer, String location) {
    if (!tokenizer.byteLevel()) {
      throw wrong(location + " is not a byte-level tokenizer");
    }
    BpeModel.Options options = tokenizer.model().options();
    if (!options.equals(BpeModel.Options.NONE) && !options.equals(IGNORE_MERGES)) {
      throw wrong(location + " has model options " + options);
    }
  }

  /**
   * The location of the tokenizer that training continues; null if training starts from nothing.
   */
  public static @Nullable String location(Job job) throws IOException {
    String named = job.requireTraining().continueFrom();
    return named == null ? null : TokenizerLocation.of(job.at(named), KEY);
  }

  /**
   * A trainer that continues the tokenizer, whose ids and ranks are kept.
   *
   * @param tokenizer as {@link #read} returns it
   * @throws JobException if an id has no token, or the vocabulary is as large as requested already
   */
  public static BpeTrainer trainer(Tokenizer tokenizer, TrainerSettings settings) {
    List<String> tokens = new ArrayList<>();
    for (int id = 0; id < tokenizer.idBound(); id++) {
      String token = tokenizer.token(id);
      if (token == null) {
        throw wrong("its vocabulary has no token with id " + id + ", so ids could not stay");
      }
      tokens.add(token);
    }
    if (settings.vocabSize() <= tokens.size()) {
      throw wrong(
          "its vocabulary has %s ids already; tokenizer.train.vocabSize is %s and must be larger",
          tokens.size(), settings.vocabSize());
    }
    TrainedBpe existing = new TrainedBpe(tokens, merges(tokenizer.model()));
    return new BpeTrainer(settings, MergeLearner.Keep.DEFAULT, existing);
  }

  /** The left and right id of each merge, by rank. */
  private static int[] merges(BpeModel model) {
    int[] merges = new int[2 * model.mergeCount()];
    for (int rank = 0; rank < model.mergeCount(); rank++) {
      merges[2 * rank] = model.mergeLeft(rank);
      merges[2 * rank + 1] = model.mergeRight(rank);
    }
    return merges;
  }

  private static JobException wrong(String format, @Nullable Object... values) {
    return new JobException(KEY, List.of(Phrase.of(format, values)));
  }
}
