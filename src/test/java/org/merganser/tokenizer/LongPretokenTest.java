package org.merganser.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainerSettings.Alphabet;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.unicode.ByteAlphabet;

/** Without a split pattern a document is one pretoken, encoded in many parts between barriers. */
class LongPretokenTest {
  private static final PreTokenizerSpec NO_PATTERN =
      new PreTokenizerSpec.ByteLevel(false, false, false);

  @Test
  void everyWayHasTheIdsOfHfForAPretokenOfManyParts() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    String all = String.join("\n", sampleDocuments());
    for (int kind = 0; kind < 4; kind++) {
      boolean spansWords = kind % 2 == 0;
      boolean ignoreMerges = kind / 2 == 0;
      List<String> pretokens = spansWords ? List.of(all) : List.of(all.split("(?= )"));
      byte[] json = trained(pretokens, 500, ignoreMerges).toJson();
      Tokenizer tokenizer = Tokenizer.read(json, "tokenizer.json");
      EncodingWays warm = new EncodingWays(tokenizer);
      try (HfTokenizer hf = new HfTokenizer(json)) {
        // From short to long, so that buffers grow at each of these texts.
        for (int i = 1; i <= 16; i++) {
          String text = slice(random, all, 64 * i * i);
          String what = "seed " + seed + ", text " + i + " of kind " + kind;
          int[] expected = hf.encode(text);
          warm.check(text, expected, () -> what);
          new EncodingWays(tokenizer).check(text, expected, () -> what);
        }
      }
    }
  }

  /**
   * An entry of the caches has up to seven ids if they are only counted, and up to four if they are
   * stored: more must not be written, or counted, than the buffer has room for.
   */
  @Test
  void everyWayHasTheIdsOfHfWhereverABufferGrows() {
    // The merge joins the last byte of 車 to the first of 中, so that the two are one part of five
    // ids.
    String merge = ByteAlphabet.toChar(0x8A) + " " + ByteAlphabet.toChar(0xE4);
    TrainedBpe trained = TokenizerBuilderTest.trained(List.of(), merge);
    byte[] json = TokenizerBuilder.of(trained, NO_PATTERN).build().toJson();
    Tokenizer tokenizer = Tokenizer.read(json, "tokenizer.json");
    try (HfTokenizer hf = new HfTokenizer(json)) {
      for (int before = 0; before < 8; before++) {
        String text = "x".repeat(before) + "車中".repeat(1_000);
        String what = before + " ids before the parts";
        new EncodingWays(tokenizer).check(text, hf.encode(text), () -> what);
      }
    }
  }

  private static List<String> sampleDocuments() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String file : List.of("asia", "europe", "symbols-and-code")) {
      Path path = Path.of("sample-data/corpus", file + ".jsonl");
      for (String line : Files.readAllLines(path)) {
        texts.add(TestTokenizers.JSON.readTree(line).get("text").asText());
      }
    }
    return texts;
  }

  /** This many characters from anywhere in a text. */
  private static String slice(Random random, String text, int length) {
    int from = random.nextInt(text.length() - length);
    int to = from + length;
    // Half of a surrogate pair is no text.
    return text.substring(from, to).replaceAll("^[\\uDC00-\\uDFFF]|[\\uD800-\\uDBFF]$", "");
  }

  private static Tokenizer trained(List<String> pretokens, int merges, boolean ignoreMerges) {
    PretokenCounts counts = new PretokenCounts();
    for (String pretoken : pretokens) {
      byte[] text = pretoken.getBytes(UTF_8);
      counts.add(text, 0, text.length, 1);
    }
    TrainerSettings settings =
        new TrainerSettings(256 + merges, 2, List.of(), Alphabet.BYTES, List.of(), null, null);
    TrainedBpe trained =
        new BpeTrainer(settings)
            .train(counts::forEachSorted, TrainingBound.NONE, learned -> {})
            .trained();
    return TokenizerBuilder.of(trained, NO_PATTERN).ignoreMerges(ignoreMerges).build();
  }
}
