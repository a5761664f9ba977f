package org.merganser.tokenizer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
import org.merganser.tokenizer.HfTokenizer;
import org.merganser.tokenizer.NastyText;
import org.merganser.tokenizer.Tokenizer;

/** What is said of real vocabularies, against HF's library. */
@Tag("conformance")
final class AuditConformanceTest {

  @ParameterizedTest
  @CsvSource({
    "gpt2, 13, 4",
    "qwen2_5_derived, 1922, 17",
    "gptoss, 13, 2",
    "gpt35turbo, 13, 1",
    "mistral_7b_v01, 139, 1"
  })
  void hfGivesEveryTokenForItsWitnessAndNoneThatIsProvedUnreachable(
      String name, int unreachable, int unknown) throws IOException {
    Path json = SharedData.dir().resolve("tokenizers/" + name + "/tokenizer.json");
    Tokenizer tokenizer = Tokenizer.read(json);
    ReachabilityAnalysis analysis =
        new ReachabilityAnalysis(tokenizer, new MergeSteps(tokenizer.model()));
    BitSet proved = new BitSet();
    int open = 0;
    try (HfTokenizer hf = new HfTokenizer(Files.readAllBytes(json))) {
      for (int id = 0; id < tokenizer.idBound(); id++) {
        if (tokenizer.token(id) == null) {
          continue;
        }
        Reachability answer = analysis.of(id);
        if (answer instanceof Reachability.Witness witness) {
          assertThat(hf.encode(witness.text())).as("id %d: %s", id, witness.text()).contains(id);
        } else if (answer instanceof Reachability.Unreachable) {
          proved.set(id);
        } else {
          open++;
        }
      }
      for (String text : SharedData.firstTexts(SharedData.dir(), 5)) {
        if (!name.startsWith("mistral") || text.length() < 10_000) {
          assertThat(Arrays.stream(hf.encode(text)).filter(proved::get)).as(text).isEmpty();
        }
      }
    }
    assertThat(proved.cardinality()).isEqualTo(unreachable);
    assertThat(open).isEqualTo(unknown);
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
      lines.add(NastyText.document(random, 8));
    }
    List<TrimmedVocabulary> trims =
        List.of(
            new VocabularyTrim(tokenizer).leaving(size, null),
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
