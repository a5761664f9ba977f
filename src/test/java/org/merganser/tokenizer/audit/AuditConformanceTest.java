package org.merganser.tokenizer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.SharedData;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.tokenizer.HfTokenizer;
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
      for (String text : SharedData.firstTexts(SharedData.dir(), 30)) {
        if (!name.startsWith("mistral") || text.length() < 100_000) {
          assertThat(Arrays.stream(hf.encode(text)).filter(proved::get)).as(text).isEmpty();
        }
      }
    }
    assertThat(proved.cardinality()).isEqualTo(unreachable);
    assertThat(open).isEqualTo(unknown);
  }
}
