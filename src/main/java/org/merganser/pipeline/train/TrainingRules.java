package org.merganser.pipeline.train;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.ByteAlphabet;
import org.merganser.bpe.constraint.PassedOver;
import org.merganser.bpe.constraint.RequiredTokens;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.job.TrainSection;
import org.merganser.json.Json;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.ContinuedVocabulary;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rules for single tokens made of a vocabulary: {@value #FILE} beside tokenizer.json.
 *
 * @param mustHave the tokens that must exist, in their order
 * @param mergesLeftOut learned merges that made room for them
 * @param passedOver by rule, those that left something out
 */
record TrainingRules(List<MustHave> mustHave, int mergesLeftOut, List<PassedOver> passedOver) {
  static final String FILE = "training-rules.json";

  private static final Logger LOG = LoggerFactory.getLogger(TrainingRules.class);

  /**
   * A token that must exist.
   *
   * @param added tokens in the byte-level form that were added for it; none where it was learned
   */
  record MustHave(String text, int id, List<String> added) {}

  /** A vocabulary and what the rules made of it. */
  record Result(TrainedBpe trained, TrainingRules account) {}

  /** Whether the job has rules for single tokens. */
  static boolean asked(TrainSection train, TrainingSettings training) {
    return !train.mustHave().isEmpty() || !training.settings().rules().isEmpty();
  }

  /**
   * Adds the tokens that must exist.
   *
   * @throws RunException naming one that cannot be made, or where they do not fit
   */
  static Result apply(
      TrainSection train,
      TrainingSettings training,
      TrainedBpe learned,
      List<PassedOver> passedOver) {
    for (PassedOver rule : passedOver) {
      LOG.info(
          "tokenizer.train.{}: {} pairs were not merged; the first would have made \"{}\", {} times",
          rule.rule(),
          rule.pairs(),
          rule.first().get(0).token(),
          rule.first().get(0).count());
    }
    if (train.mustHave().isEmpty()) {
      return new Result(learned, new TrainingRules(List.of(), 0, passedOver));
    }
    List<String> wanted = new ArrayList<>();
    for (String text : train.mustHave()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      wanted.add(ByteAlphabet.toToken(bytes, 0, bytes.length));
    }
    RequiredTokens.Result result = add(train, training, learned, wanted);
    List<MustHave> mustHave = new ArrayList<>();
    int added = 0;
    for (int i = 0; i < wanted.size(); i++) {
      RequiredTokens.Required required = result.required().get(i);
      mustHave.add(new MustHave(train.mustHave().get(i), required.id(), required.appended()));
      added += required.appended().size();
    }
    LOG.info(
        "tokenizer.train.mustHave: {} merges were added for {} tokens, and {} learned ones left out",
        added,
        wanted.size(),
        result.leftOut());
    return new Result(
        new TrainedBpe(result.vocabulary().tokens(), result.vocabulary().merges()),
        new TrainingRules(mustHave, result.leftOut(), passedOver));
  }

  private static RequiredTokens.Result add(
      TrainSection train, TrainingSettings training, TrainedBpe learned, List<String> wanted) {
    int fixedTokens = 0;
    int fixedMerges = 0;
    if (train.continueFrom() != null) {
      Tokenizer before = ContinuedVocabulary.read(train);
      BpeModel model = before.model();
      fixedTokens = before.idBound();
      fixedMerges = model.mergeCount();
    }
    try {
      return RequiredTokens.add(
          new RequiredTokens.Merged(learned.tokens(), learned.merges()),
          fixedTokens,
          fixedMerges,
          wanted,
          training.settings().rules(),
          train.vocabSize());
    } catch (IllegalArgumentException e) {
      throw new RunException("tokenizer.train.mustHave: " + e.getMessage(), e);
    }
  }

  byte[] toJson() {
    return Json.file(this);
  }
}
