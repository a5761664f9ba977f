package org.merganser.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.TrainerSettings;
import org.merganser.job.Job;
import org.merganser.text.NormalizerSpec;
import org.merganser.text.PreTokenizerSpec;
import org.merganser.text.SplitPattern;
import org.merganser.text.TextPattern;

/**
 * What {@code tokenizer.train} means in the core's terms: how text is normalized and cut before it
 * is counted, and what the trainer is told.
 */
record TrainingFrame(
    @Nullable NormalizerSpec normalizer,
    PreTokenizerSpec preTokenizer,
    boolean ignoreMerges,
    List<String> specialTokens,
    TrainerSettings settings) {

  /**
   * @throws IllegalArgumentException for a pattern that is neither a family's name nor a regular
   *     expression that is reproduced exactly
   */
  static TrainingFrame of(Job.Train train) {
    String pattern = train.pattern();
    String normalizer = "none";
    boolean ignoreMerges = false;
    if (train.family() != null) {
      pattern = train.family();
      switch (train.family().toLowerCase(Locale.ROOT)) {
        case "gpt2", "deepseek3" -> {}
        case "qwen2", "qwen3.5" -> normalizer = "nfc";
        case "llama3", "llama4", "gpt-oss" -> ignoreMerges = true;
        default ->
            throw new IllegalArgumentException(
                "tokenizer.train.family: \""
                    + train.family()
                    + "\" is not a known family; known: gpt2, llama3, llama4, gpt-oss, qwen2,"
                    + " qwen3.5, deepseek3");
      }
    }
    if (train.normalizer() != null) {
      normalizer = train.normalizer().name().toLowerCase(Locale.ROOT);
    }
    List<String> specialTokens = new ArrayList<>(train.specialTokens());
    for (int i = 0; i < train.reserved(); i++) {
      specialTokens.add("<|reserved_" + i + "|>");
    }
    return new TrainingFrame(
        normalizer(normalizer),
        preTokenizer(pattern == null ? "" : pattern),
        ignoreMerges,
        specialTokens,
        settings(train, specialTokens));
  }

  private static TrainerSettings settings(Job.Train train, List<String> specialTokens) {
    return new TrainerSettings(
        train.vocabSize(),
        train.minFrequency(),
        specialTokens,
        train.initialAlphabet() == Job.InitialAlphabet.BYTES
            ? TrainerSettings.Alphabet.BYTES
            : TrainerSettings.Alphabet.SEEN,
        train.limitAlphabet(),
        train.maxTokenLength());
  }

  private static @Nullable NormalizerSpec normalizer(String name) {
    return switch (name) {
      case "nfc" -> new NormalizerSpec.Nfc();
      case "nfd" -> new NormalizerSpec.Nfd();
      case "nfkc" -> new NormalizerSpec.Nfkc();
      case "nfkd" -> new NormalizerSpec.Nfkd();
      default -> null;
    };
  }

  /** The frame that a family's published tokenizer.json has around its pattern. */
  private static PreTokenizerSpec preTokenizer(String pattern) {
    if (pattern.equals("gpt2")) {
      return new PreTokenizerSpec.ByteLevel(false, true, true);
    }
    return new PreTokenizerSpec.Sequence(
        List.of(
            new PreTokenizerSpec.Split(
                new TextPattern.Regex(regex(pattern)), PreTokenizerSpec.Behavior.ISOLATED, false),
            new PreTokenizerSpec.ByteLevel(false, false, false)));
  }

  private static String regex(String pattern) {
    return switch (pattern) {
      case "cl100k", "llama3" -> SplitPattern.CL100K.regex();
      case "qwen2" -> SplitPattern.QWEN2.regex();
      default -> pattern;
    };
  }
}
