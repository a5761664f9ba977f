package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.job.key.KeyRole;

class KeyTest {
  @Test
  void everyKeyButASectionThatIsAlwaysThereSaysWhatItDecides() {
    List<String> silent = new ArrayList<>();
    JobKeys.all()
        .forEach(
            (path, key) -> {
              if (key.roles().isEmpty()) {
                silent.add(path);
              }
            });
    assertThat(silent)
        .containsExactly("shards", "shards.bin", "shards.partition", "shards.blend", "report");
  }

  @Test
  void keysYamlSaysWhatEachKeyMeansAndNothingElse() throws IOException {
    try (InputStream in = Key.class.getResourceAsStream("keys.yaml")) {
      List<String> described = new ArrayList<>();
      new YAMLMapper().readTree(in).fieldNames().forEachRemaining(described::add);
      assertThat(described)
          .containsExactlyElementsOf(
              JobKeys.all().values().stream().map(Key::path).distinct().toList());
    }
    assertThat(JobKeys.all().values()).allSatisfy(key -> assertThat(key.doc()).endsWith("."));
  }

  @Test
  void findsTheKeyOfEachValue() {
    assertThat(JobKeys.at("tokenizer.train.mix.en").roles())
        .containsExactly(KeyRole.GROUPS, KeyRole.VOCABULARY);
    assertThat(JobKeys.at("tokenizer.train.mix.a.b[3]"))
        .isEqualTo(JobKeys.at("tokenizer.train.mix"));
    assertThat(JobKeys.at("shards.formats[12]").declared().grows()).isTrue();
    assertThat(JobKeys.at("corpus.inputs[0].weight").roles()).containsExactly(KeyRole.FILES);
    assertThatThrownBy(() -> JobKeys.at("shard")).hasMessage("shard is no key of the job file");
  }

  @Test
  void theNamesOfFilesAreThoseOfLocations() {
    assertThat(
            JobKeys.all().entrySet().stream()
                .filter(key -> key.getValue().namesFiles())
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
    assertThat(JobKeys.at("shards.endOfDocument").rewritten())
        .containsExactly(KeyRole.Result.TOKENIZER, KeyRole.Result.SHARDS);
    assertThat(JobKeys.at("corpus.maxDeadLetterRate").rewritten())
        .containsExactly(KeyRole.Result.NOTHING);
  }
}
