package org.merganser.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.SharedData;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.audit.TinyTokenizers;
import org.merganser.tokenizer.json.JsonOutput;
import org.merganser.tokenizer.json.TokenizerWriter;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.TokenizerParts;

/** A vocabulary that is learned is HF's tokenizer.json, byte for byte. */
@Tag("conformance")
class TrainingConformanceTest {
  private static final PreTokenizerSpec GPT2 = new PreTokenizerSpec.ByteLevel(false, true, true);

  /** HF's frame of a Split; the two files differ in trim_offsets. */
  private static PreTokenizerSpec split(SplitPattern pattern, boolean trimOffsets) {
    return new PreTokenizerSpec.Sequence(
        List.of(
            new PreTokenizerSpec.Split(
                new TextPattern.Regex(pattern.regex()), PreTokenizerSpec.Behavior.ISOLATED, false),
            new PreTokenizerSpec.ByteLevel(false, trimOffsets, false)));
  }

  private static PretokenCounts count(
      Iterable<byte[]> documents, NormalizerSpec normalizer, PreTokenizerSpec preTokenizer) {
    PretokenCounts counts = new PretokenCounts();
    TrainingPretokenizer path = new TrainingPretokenizer(normalizer, preTokenizer, List.of());
    for (byte[] document : documents) {
      path.split(document, 0, document.length, counts::addAll);
    }
    return counts;
  }

  /** Makes a count of one larger than 32 bits. */
  private static final long FACTOR = (1L << 32) + 1;

  /**
   * At once, half-way and on from there, and from counts that are all so much larger that HF's own
   * pair counts, which are 32 bits wide, would wrap.
   */
  private static void trainsAs(
      String name,
      PretokenCounts counts,
      Training training,
      UnaryOperator<TokenizerBuilder> frame,
      PreTokenizerSpec preTokenizer)
      throws IOException {
    TrainerSettings settings = training.settings(1, 1);
    TrainedBpe half = train(new BpeTrainer(training.settings(2, 1)), counts, 1);
    Path file = SharedData.dir().resolve("vectors/hf-train/" + name + ".tokenizer.json");
    byte[] expected = Files.readAllBytes(file);
    for (TrainedBpe trained :
        List.of(
            train(new BpeTrainer(settings), counts, 1),
            train(new BpeTrainer(settings, MergeLearner.Keep.DEFAULT, half), counts, 1),
            train(new BpeTrainer(training.settings(1, FACTOR)), counts, FACTOR))) {
      Tokenizer framed = frame.apply(TokenizerBuilder.of(trained, preTokenizer)).build();
      Tokenizer tokenizer = training.specials().isEmpty() ? bare(framed) : framed;
      TokenizerConformanceTest.assertSame(
          expected[1] == '\n'
              ? tokenizer.toJson()
              : TokenizerWriter.write(
                  tokenizer.parts(), tokenizer.addedTokens(), JsonOutput.COMPACT, FileVersion.V1),
          expected,
          file);
    }
  }

  /** Without post-processor and decoder, as a bare HF tokenizer is. */
  private static Tokenizer bare(Tokenizer framed) {
    TokenizerParts parts = framed.parts();
    return TinyTokenizers.of(
        parts.addedTokens(), parts.normalizer(), parts.preTokenizer(), parts.model());
  }

  private static TrainedBpe train(BpeTrainer trainer, PretokenCounts counts, long factor) {
    return trainer
        .train(
            visitor ->
                counts.forEachSorted(
                    (bytes, from, to, count) -> visitor.visit(bytes, from, to, factor * count)),
            TrainingBound.NONE,
            learned -> {})
        .trained();
  }

  private record Training(
      int size, int minFrequency, List<String> specials, @Nullable Integer maxTokenLength) {
    TrainerSettings settings(int divisor, long factor) {
      TrainerSettings.Alphabet alphabet =
          specials.isEmpty() ? TrainerSettings.Alphabet.SEEN : TrainerSettings.Alphabet.BYTES;
      return new TrainerSettings(
          size / divisor,
          factor * minFrequency,
          specials,
          alphabet,
          List.of(),
          null,
          maxTokenLength);
    }
  }

  @Test
  void trainingGivesHfsTokenizerJsonByteForByte(@TempDir Path temporary) throws Exception {
    Path messy = TokenizerConformanceTest.messyCases(temporary);
    Path sample = SharedData.dir().resolve("sample/sample.txt");
    List<String> end = List.of("<|endoftext|>");
    List<String> two = List.of("<|endoftext|>", "<|im_start|>");
    NormalizerSpec nfc = new NormalizerSpec.Nfc();
    trainsAs(
        "sample-lines-gpt2-8000",
        count(lines(sample), null, GPT2),
        new Training(8000, 2, end, null),
        frame -> frame.specialTokens(end),
        GPT2);
    PreTokenizerSpec qwen2 = split(SplitPattern.QWEN2, false);
    trainsAs(
        "sample-docs-qwen2-8000",
        count(TokenizerConformanceTest.samples().values(), nfc, qwen2),
        new Training(8000, 2, two, null),
        frame -> frame.specialTokens(two).normalizer(nfc),
        qwen2);
    PreTokenizerSpec llama3 = split(SplitPattern.CL100K, true);
    trainsAs(
        "sample-docs-llama3-6000-max12",
        count(TokenizerConformanceTest.samples().values(), null, llama3),
        new Training(6000, 0, end, 12),
        frame -> frame.specialTokens(end),
        llama3);
    Map<String, Path> bare = new LinkedHashMap<>();
    bare.put("sample", sample);
    bare.put("tie_pairs", messy.resolve("dup/tie_pairs.txt"));
    bare.put("overlap_aaaa", messy.resolve("dup/overlap_aaaa.txt"));
    bare.put("zipf", messy.resolve("dup/zipf_words.txt"));
    bare.put("single_char_words", messy.resolve("dup/single_char_words.txt"));
    for (Map.Entry<String, Path> entry : bare.entrySet()) {
      trainsAs(
          entry.getKey(),
          count(lines(entry.getValue()), null, GPT2),
          new Training(30000, 0, List.of(), null),
          frame -> frame,
          GPT2);
    }
  }

  @Test
  void trainingOnTheWholeCorpusGivesHfsTokenizerJsonByteForByte() throws IOException {
    NormalizerSpec nfc = new NormalizerSpec.Nfc();
    PreTokenizerSpec qwen2 = split(SplitPattern.QWEN2, false);
    PretokenCounts counts = new PretokenCounts();
    TrainingPretokenizer path = new TrainingPretokenizer(nfc, qwen2, List.of());
    TokenizerConformanceTest.forEachDocument(
        (id, text) -> {
          byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
          path.split(utf8, 0, utf8.length, counts::addAll);
        });
    List<String> end = List.of("<|endoftext|>");
    trainsAs(
        "shared-docs-qwen2-32000",
        counts,
        new Training(32000, 2, end, null),
        frame -> frame.specialTokens(end).normalizer(nfc),
        qwen2);
  }

  /** Each line with its newline, as HF reads files. */
  private static List<byte[]> lines(Path file) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    byte[] text = Files.readAllBytes(file);
    for (int from = 0; from < text.length; ) {
      int to = from;
      while (to < text.length && text[to] != '\n') {
        to++;
      }
      to = Math.min(text.length, to + 1);
      lines.add(Arrays.copyOfRange(text, from, to));
      from = to;
    }
    return lines;
  }
}
