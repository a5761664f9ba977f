package org.merganser.pipeline.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.job.TrainSection;
import org.merganser.message.Phrase;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.CutRule;
import org.merganser.text.scan.ModelFamily;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.DocumentCuts;

/**
 * The settings of {@code tokenizer.train} for the core: how text is normalized and cut before it is
 * counted, and how merges are learned. {@link TrainingTokenChecks} checks the tokens, and {@code
 * pipeline.train.LearnedTokenizer} builds the tokenizer.
 *
 * @param normalizer null for none
 * @param preTokenizer cuts the text into pretokens
 * @param ignoreMerges whether the tokenizer looks a pretoken up as a token before it merges
 * @param specialTokens those of the job, followed by the reserved ones; if the job continues a
 *     tokenizer, those of the tokenizer, followed by others of the job
 * @param addedTokens cut out of the text before counting; they receive the ids after the vocabulary
 * @param trainer the settings for learning the merges
 */
public record TrainingSettings(
    @Nullable NormalizerSpec normalizer,
    PreTokenizerSpec preTokenizer,
    boolean ignoreMerges,
    List<String> specialTokens,
    List<AddedToken> addedTokens,
    TrainerSettings trainer) {
  /** The id of a special or added token before the vocabulary is learned. */
  public static final int NO_ID = -1;

  /** The pattern with which stage 2 of SuperBPE (arXiv 2503.13423) cuts text. */
  private static final String ACROSS_WORDS =
      "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]{2,}[\\r\\n/]*| +(?!\\S)";

  /**
   * The settings with which text is counted and merges are learned.
   *
   * @throws JobException for a pattern that is neither a name nor a regular expression that is
   *     reproduced exactly
   */
  public static TrainingSettings of(Job job) {
    TrainSection train = job.requireTraining();
    if (train.continueFrom() != null) {
      return continuing(train, ContinuedVocabulary.read(job));
    }
    ModelFamily family = train.family();
    List<String> specialTokens = specialTokens(train);
    return new TrainingSettings(
        normalizer(train),
        family == null
            ? PatternPreTokenizer.of(Objects.requireNonNull(train.pattern(), "pattern or family"))
            : PatternPreTokenizer.ofKnown(family.pattern()),
        family != null && family.ignoresMerges(),
        specialTokens,
        train.addedTokens().stream().map(TrainingSettings::addedToken).toList(),
        trainerSettings(train, specialTokens));
  }

  /**
   * The settings of the learned tokenizer. They are those of {@link #of}, unless tokens span words:
   * then the text is cut as in the second stage of training.
   */
  public static TrainingSettings ofTokenizer(Job job) {
    TrainingSettings training = of(job);
    TrainSection.Superwords superwords = job.requireTraining().superwords();
    if (superwords == null) {
      return training;
    }
    String pattern = superwords.pattern() == null ? ACROSS_WORDS : superwords.pattern();
    return new TrainingSettings(
        training.normalizer,
        PatternPreTokenizer.of(pattern),
        training.ignoreMerges,
        training.specialTokens,
        training.addedTokens,
        training.trainer);
  }

  /** The number of ids that are learned before tokens span words: all if none does. */
  public static int wordVocabSize(TrainSection train) {
    TrainSection.Superwords superwords = train.superwords();
    return superwords == null ? train.vocabSize() : (int) (superwords.from() * train.vocabSize());
  }

  /**
   * The rule for cutting documents, valid in training and for the learned tokenizer. Empty if
   * tokens span words, because two patterns then cut the text.
   */
  public static Optional<CutRule> cutRule(Job job) {
    if (job.requireTraining().superwords() != null) {
      return Optional.empty();
    }
    TrainingSettings training = of(job);
    List<AddedToken> tokens = new ArrayList<>(training.addedTokens);
    training.specialTokens.forEach(content -> tokens.add(AddedToken.special(NO_ID, content)));
    return DocumentCuts.rule(training.normalizer, training.preTokenizer, tokens);
  }

  /** Whether a regular expression without a scanner cuts the text, which may exceed its limit. */
  public boolean usesGeneralRegex() {
    if (!(preTokenizer instanceof PreTokenizerSpec.Sequence sequence)) {
      return false;
    }
    List<String> regexes = new ArrayList<>();
    for (PreTokenizerSpec part : sequence.pretokenizers()) {
      if (part instanceof PreTokenizerSpec.Split split
          && split.pattern() instanceof TextPattern.Regex regex) {
        regexes.add(regex.regex());
      }
    }
    return SplitPattern.of(regexes).isEmpty();
  }

  /**
   * The settings of a tokenizer that the job continues, with the further tokens of the job. An
   * added token with no other option than {@code special} becomes a special token; any other stays
   * an added one.
   */
  private static TrainingSettings continuing(TrainSection train, Tokenizer tokenizer) {
    List<String> specialTokens = new ArrayList<>();
    List<AddedToken> addedTokens = new ArrayList<>();
    for (AddedToken token : tokenizer.addedTokens()) {
      if (token.equals(AddedToken.special(token.id(), token.content()))) {
        specialTokens.add(token.content());
      } else {
        addedTokens.add(token);
      }
    }
    for (String special : train.specialTokens()) {
      if (!specialTokens.contains(special)) {
        specialTokens.add(special);
      }
    }
    for (String added : train.addedTokens()) {
      addedTokens.add(addedToken(added));
    }
    return new TrainingSettings(
        tokenizer.normalizer(),
        Objects.requireNonNull(tokenizer.preTokenizer(), "a byte-level tokenizer has one"),
        tokenizer.model().options().ignoreMerges(),
        specialTokens,
        addedTokens,
        trainerSettings(train, specialTokens));
  }

  /** The special tokens of the job, followed by the reserved ones. */
  private static List<String> specialTokens(TrainSection train) {
    List<String> specialTokens = new ArrayList<>(train.specialTokens());
    for (int i = 0; i < train.reserved(); i++) {
      specialTokens.add(Phrase.of("<|reserved_%d|>", i));
    }
    return List.copyOf(specialTokens);
  }

  /** A token without options, whose id follows the vocabulary. */
  private static AddedToken addedToken(String content) {
    boolean singleWord = false;
    boolean lstrip = false;
    boolean rstrip = false;
    boolean normalized = false;
    boolean special = false;
    return new AddedToken(NO_ID, content, singleWord, lstrip, rstrip, normalized, special);
  }

  private static TrainerSettings trainerSettings(TrainSection train, List<String> specialTokens) {
    return new TrainerSettings(
        train.vocabSize(),
        train.minFrequency(),
        specialTokens,
        train.initialAlphabet(),
        train.characters(),
        train.limitAlphabet(),
        train.maxTokenLength());
  }

  /** The normalizer that the job names, else that of the model family; null for none. */
  private static @Nullable NormalizerSpec normalizer(TrainSection train) {
    TrainSection.Normalizer named = train.normalizer();
    if (named == null) {
      return train.family() == null ? null : train.family().normalizer();
    }
    return switch (named) {
      case NONE -> null;
      case NFC -> new NormalizerSpec.Nfc();
      case NFD -> new NormalizerSpec.Nfd();
      case NFKC -> new NormalizerSpec.Nfkc();
      case NFKD -> new NormalizerSpec.Nfkd();
    };
  }
}
