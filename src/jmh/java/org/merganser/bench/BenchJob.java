package org.merganser.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerBuilder;
import org.merganser.tokenizer.TrainingPretokenizer;

/**
 * The job whose cost is measured, NFC and a pattern, at least two of a pair, one special token: as
 * the core's parts and as a job file.
 *
 * @param pattern a constant of {@link SplitPattern} in lower case
 */
record BenchJob(String pattern, int vocabSize) {
  private static final String END = "<|endoftext|>";

  NormalizerSpec normalizer() {
    return new NormalizerSpec.Nfc();
  }

  PreTokenizerSpec preTokenizer() {
    return OurRuns.preTokenizer(splitPattern());
  }

  TrainingPretokenizer newPretokenizer() {
    return new TrainingPretokenizer(normalizer(), preTokenizer(), List.of());
  }

  BpeTrainer newTrainer() {
    return new BpeTrainer(
        new TrainerSettings(
            vocabSize, 2, List.of(END), TrainerSettings.Alphabet.BYTES, List.of(), null, null));
  }

  Tokenizer tokenizer(TrainedBpe trained) {
    return TokenizerBuilder.of(trained, preTokenizer())
        .normalizer(normalizer())
        .specialTokens(List.of(END))
        .build();
  }

  /** The command that only trains. */
  List<String> train(Path input, long minPretokenCount, Path output) {
    return List.of(
        "train",
        "--input=" + input,
        "--vocab-size=" + vocabSize,
        "--pattern=" + splitPattern().nameInFile(),
        "--normalizer=nfc",
        "--min-frequency=2",
        "--special-token=" + END,
        "--min-pretoken-count=" + minPretokenCount,
        "--output=" + output);
  }

  private SplitPattern splitPattern() {
    return SplitPattern.valueOf(pattern.toUpperCase(Locale.ROOT));
  }

  /** The job file. */
  String yaml(List<String> inputs, Path output) {
    return """
    corpus:
      inputs: [ "%s" ]
    tokenizer:
      train:
        vocabSize: %d
        pattern: %s
        normalizer: nfc
        minFrequency: 2
        specialTokens: [ "%s" ]
    shards:
      endOfDocument: "%s"
    output: "%s"
    """
        .formatted(
            String.join("\", \"", inputs),
            vocabSize,
            splitPattern().nameInFile(),
            END,
            END,
            output);
  }
}
