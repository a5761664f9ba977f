package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which keys of a job are locations. */
final class JobLocationsTest {

  /**
   * A new key that is a text belongs into one of the two lists, or it is not seen from the folder
   * of the job file.
   */
  @Test
  void eachTextOfAJobIsALocationOrIsNot() {
    List<String> locations = new ArrayList<>();
    List<String> others = new ArrayList<>();
    collect(Job.class, "", locations, others);
    assertThat(locations)
        .containsExactlyInAnyOrder(
            "corpus.inputs.path",
            "corpus.validationInputs.path",
            "corpus.excludeIds",
            "tokenizer.train.inputs.path",
            "tokenizer.train.parity.dev.path",
            "tokenizer.train.counts",
            "tokenizer.train.continueFrom",
            "tokenizer.load",
            "shards.from",
            "embeddings.table",
            "report.reference",
            "output");
    assertThat(others)
        .containsExactlyInAnyOrder(
            "name",
            "corpus.inputs.separator",
            "corpus.inputs.textField",
            "corpus.inputs.idField",
            "corpus.inputs.group",
            "corpus.validationInputs.separator",
            "corpus.validationInputs.textField",
            "corpus.validationInputs.idField",
            "corpus.validationInputs.group",
            "corpus.exclude",
            "corpus.separator",
            "corpus.textField",
            "corpus.segmentsField",
            "corpus.idField",
            "corpus.splitField",
            "corpus.minAge",
            "tokenizer.train.pattern",
            "tokenizer.train.specialTokens",
            "tokenizer.train.inputs.separator",
            "tokenizer.train.inputs.textField",
            "tokenizer.train.inputs.idField",
            "tokenizer.train.inputs.group",
            "tokenizer.train.mix",
            "tokenizer.train.parity.ratios",
            "tokenizer.train.parity.dev.separator",
            "tokenizer.train.parity.dev.textField",
            "tokenizer.train.parity.dev.idField",
            "tokenizer.train.parity.dev.group",
            "tokenizer.train.addedTokens",
            "tokenizer.train.characters",
            "tokenizer.train.superwords.pattern",
            "shards.beginOfDocument",
            "shards.endOfDocument",
            "shards.groupBy",
            "shards.columns",
            "shards.keep",
            "shards.partitionBy",
            "shards.partition.groups",
            "shards.partition.rest",
            "shards.blend.weights",
            "shards.blend.root");
  }

  private static void collect(
      Class<?> section, String path, List<String> locations, List<String> others) {
    for (Key key : JobKeys.of(section).values()) {
      String name = JobKeys.join(path, key.name());
      if (key.type().isRecord()) {
        collect(key.type(), name, locations, others);
      } else if (key.declared().orFirstKey()) {
        collect(key.elementType(), name, locations, others);
      } else if (key.map() != null
          || key.type() == String.class
          || key.elementType() == String.class) {
        (key.declared().isLocation() ? locations : others).add(name);
      }
    }
  }
}
