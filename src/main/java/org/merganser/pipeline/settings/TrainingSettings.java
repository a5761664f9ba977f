package org.merganser.pipeline.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.job.Job;
import org.merganser.job.JobException;
import org.merganser.job.ShardsSection;
import org.merganser.job.TrainSection;
import org.merganser.message.Phrase;
import org.merganser.pipeline.output.RunException;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.CutRule;
import org.merganser.text.scan.ModelFamily;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.SpecialTokenSafety;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerBuilder;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.DocumentCuts;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * The settings of {@code tokenizer.train} for the core: how text is normalized and cut before it is
 * counted, and how merges are learned.
 *
 * @param normalizer null for none
 * @param ignoreMerges whether the tokenizer looks a pretoken up as a token before it merges
 * @param specialTokens those of the job, followed by the reserved ones
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
    NormalizerSpec normalizer = normalizer(train);
    List<String> specialTokens = specialTokens(train);
    return new TrainingSettings(
        normalizer,
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
    return superwords == null
        ? training
        : new TrainingSettings(
            training.normalizer,
            PatternPreTokenizer.of(
                superwords.pattern() == null ? ACROSS_WORDS : superwords.pattern()),
            training.ignoreMerges,
            training.specialTokens,
            training.addedTokens,
            training.trainer);
  }

  /** The number of ids that are learned before tokens span words. */
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
    training.specialTokens.forEach(content -> tokens.add(AddedToken.special(-1, content)));
    return DocumentCuts.rule(training.normalizer, training.preTokenizer, tokens);
  }

  /**
   * @throws JobException naming every token that ordinary text could produce, unless the job allows
   *     it
   */
  public void requireSafe(TrainSection train) {
    List<String> problems =
        train.allowMergeableSpecialTokens()
            ? List.of()
            : new SpecialTokenSafety(normalizer, preTokenizer).problems(specialTokens, null);
    if (!problems.isEmpty()) {
      throw new JobException("tokenizer.train", problems);
    }
  }

  /**
   * @throws JobException if the token that begins documents will not be in the vocabulary, which a
   *     job that continues a tokenizer does not show
   */
  public void requireBegin(ShardsSection shards) {
    String begin = shards.beginOfDocument();
    List<String> tokens = new ArrayList<>(specialTokens);
    addedTokens.forEach(token -> tokens.add(token.content()));
    if (begin != null && !tokens.contains(begin)) {
      throw new JobException(
          "shards.beginOfDocument",
          List.of(
              "\"%s\" is not among the special and added tokens %s of the learned vocabulary"
                  .formatted(begin, tokens)));
    }
  }

  /**
   * The tokenizer with a learned vocabulary.
   *
   * @throws RunException naming a special token that ordinary text can produce, unless the job
   *     allows it
   */
  public Tokenizer tokenizer(TrainedBpe trained, TrainSection train) {
    TokenizerBuilder builder =
        TokenizerBuilder.of(trained, preTokenizer)
            .normalizer(normalizer)
            .specialTokens(specialTokens)
            .addedTokens(addedTokens)
            .ignoreMerges(ignoreMerges)
            .padTo(train.padTo());
    if (train.allowMergeableSpecialTokens()) {
      return builder.allowMergeableSpecialTokens().build();
    }
    try {
      return builder.build();
    } catch (TokenizerException e) {
      throw new RunException(RunException.Kind.WRONG_JOB, "tokenizer.train: " + e.getMessage())
          .causedBy(e);
    }
  }

  /** Whether a regular expression without a scanner cuts the text. */
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
   * added token whose one option is {@code special} becomes a special token; any other stays an
   * added one.
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
    return new AddedToken(
        /* id= */ -1,
        content,
        /* singleWord= */ false,
        /* lstrip= */ false,
        /* rstrip= */ false,
        /* normalized= */ false,
        /* special= */ false);
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
