package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.json.Decides;

class JobKeysTest {
  @Test
  void everyKeyButASectionThatIsAlwaysThereSaysWhatItDecides() {
    List<String> silent = new ArrayList<>();
    JobKeys.all()
        .forEach(
            (path, key) -> {
              if (key.decides().length == 0) {
                silent.add(path);
              }
            });
    assertThat(silent)
        .containsExactly("shards", "shards.bin", "shards.partition", "shards.blend", "report");
  }

  @Test
  void findsTheKeyOfEachValue() {
    assertThat(JobKeys.at("tokenizer.train.mix.en").decides())
        .containsExactly(Decides.GROUPS, Decides.VOCABULARY);
    assertThat(JobKeys.at("tokenizer.train.mix.a.b[3]"))
        .isEqualTo(JobKeys.at("tokenizer.train.mix"));
    assertThat(JobKeys.at("shards.formats[12]").grows()).isTrue();
    assertThat(JobKeys.at("corpus.inputs[0].weight").decides()).containsExactly(Decides.FILES);
    assertThatThrownBy(() -> JobKeys.at("shard")).hasMessage("shard is no key of the job file");
  }

  @Test
  void theNamesOfFilesAreThoseOfLocations() {
    assertThat(
            JobKeys.all().entrySet().stream()
                .filter(key -> JobKeys.namesFiles(key.getValue()))
                .map(key -> key.getKey())
                .filter(key -> !key.endsWith(".path"))
                .toList())
        .containsExactly(
            "corpus.inputs",
            "corpus.validationInputs",
            "corpus.excludeIds",
            "tokenizer.train.inputs",
            "tokenizer.train.counts",
            "tokenizer.train.continueFrom",
            "tokenizer.train.parity.dev",
            "tokenizer.load",
            "shards.from",
            "embeddings.table",
            "report.reference",
            "output");
  }

  @Test
  void aChangeMakesAgainWhatTheRolesSay() {
    assertThat(JobKeys.makesAgain(JobKeys.at("shards.endOfDocument")))
        .containsExactly(Decides.Made.TOKENIZER, Decides.Made.SHARDS);
    assertThat(JobKeys.makesAgain(JobKeys.at("corpus.maxDeadLetterRate")))
        .containsExactly(Decides.Made.NOTHING);
  }
}
