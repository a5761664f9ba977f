package org.merganser.tokenizer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;
import org.merganser.SharedData;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.text.NastyText;
import org.merganser.tokenizer.HfTokenizer;
import org.merganser.tokenizer.Tokenizer;

/** What is said of real vocabularies, against HF's library. */
@Tag("conformance")
final class AuditConformanceTest {

  /**
   * A token that is merged from its own text, which is whole characters, is that text's only id, or
   * one of the few that only longer texts have.
   */
  @ParameterizedTest
  @CsvSource({"gpt2, 0, 0", "qwen2_5_derived, 1909, 0", "gptoss, 0, 12", "gpt35turbo, 0, 0"})
  void hfGivesATokenForItsOwnTextUnlessItIsUnreachable(
      String name, int unreachable, int onlyInLongerTexts) throws IOException {
    Path json = SharedData.dir().resolve("tokenizers/" + name + "/tokenizer.json");
    Tokenizer tokenizer = Tokenizer.read(json);
    UnusedTokens unused = new UnusedTokens(tokenizer, new MergeSteps(tokenizer.model()));
    int found = 0;
    int longer = 0;
    try (HfTokenizer hf = new HfTokenizer(Files.readAllBytes(json))) {
      for (int id = 0; id < tokenizer.idBound(); id++) {
        byte[] bytes = tokenizer.bytes(id);
        if (!tokenizer.hasToken(id) || unused.classify(id) == UnusedTokens.Kind.ADDED) {
          continue;
        }
        if (unused.reasonUnreachable(id) != null) {
          found++;
        }
        if (!UnusedTokens.isPartial(bytes)) {
          int[] ids = hf.encode(new String(bytes, StandardCharsets.UTF_8));
          boolean given = Arrays.equals(ids, new int[] {id});
          boolean isUnreachable = unused.reasonUnreachable(id) != null;
          assertThat(given && isUnreachable).as("%d: %s", id, tokenizer.token(id)).isFalse();
          longer += given || isUnreachable ? 0 : 1;
        }
      }
    }
    assertThat(found).isEqualTo(unreachable);
    assertThat(longer).isEqualTo(onlyInLongerTexts);
  }

  /** Lines are short enough that many have no token that is gone. */
  @ParameterizedTest
  @CsvSource({
    "gpt2, 30000",
    "qwen2_5_derived, 60000",
    "gptoss, 60000",
    "gpt35turbo, 50000",
    "mistral_7b_v01, 25000"
  })
  void hfGivesTextWithoutTheTokensThatAreGoneTheSameIds(String name, int size) throws IOException {
    Path json = SharedData.dir().resolve("tokenizers/" + name + "/tokenizer.json");
    Tokenizer tokenizer = Tokenizer.read(json);
    long seed = Seeds.next();
    Random random = new Random(seed);
    BitSet some = new BitSet();
    for (int id = 0; id < tokenizer.idBound(); id++) {
      some.set(id, random.nextInt(3) == 0);
    }
    List<String> lines = new ArrayList<>();
    for (String text : SharedData.firstTexts(SharedData.dir(), 5)) {
      text.lines().filter(line -> !line.isEmpty() && line.length() < 1_000).forEach(lines::add);
    }
    for (int i = 0; i < 5_000; i++) {
      lines.add(NastyText.forTokenizers(random, 8));
    }
    List<TrimmedVocabulary> trims =
        List.of(
            new VocabularyTrim(tokenizer).leaving(size, id -> 0),
            new VocabularyTrim(tokenizer).without(some));
    List<int[]> before = new ArrayList<>();
    try (HfTokenizer old = new HfTokenizer(Files.readAllBytes(json))) {
      lines.forEach(line -> before.add(old.encode(line)));
    }
    for (TrimmedVocabulary trimmed : trims) {
      int[] newIds = trimmed.newIds();
      BitSet removed = trimmed.removed();
      int equal = 0;
      try (HfTokenizer now = new HfTokenizer(trimmed.tokenizer().toJson())) {
        for (int i = 0; i < lines.size(); i++) {
          String line = lines.get(i);
          int[] ids = before.get(i);
          if (Arrays.stream(ids).noneMatch(removed::get)) {
            assertThat(now.encode(line))
                .as("seed %d, %s: %s", seed, name, line)
                .isEqualTo(Arrays.stream(ids).map(id -> newIds[id]).toArray());
            equal++;
          }
        }
      }
      System.out.printf(
          "%s without %d tokens: %d of %d texts have none of them%n",
          name, removed.cardinality(), equal, lines.size());
      assertThat(equal).isGreaterThan(500).isLessThan(lines.size());
    }
  }
}
