package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which keys of a job are locations. */
final class JobLocationsTest {

  @Test
  void everyLocationIsChangedAndNothingElse() {
    Job job =
        JobReader.of(
            List.of(
                "corpus={inputs: [a, b/*], idField: a}",
                "tokenizer={load: t.json}",
                "embeddings={table: e.parquet}",
                "report={reference: r.json}",
                "output=out"),
            "test");
    Job changed = JobLocations.changed(job, (key, location) -> "/x/" + location);
    assertThat(changed)
        .isEqualTo(
            JobReader.of(
                List.of(
                    "corpus={inputs: [/x/a, /x/b/*], idField: a}",
                    "tokenizer={load: /x/t.json}",
                    "embeddings={table: /x/e.parquet}",
                    "report={reference: /x/r.json}",
                    "output=/x/out"),
                "test"));
  }

  @Test
  void locationsOfTrainingAreChangedToo() {
    Job job =
        JobReader.of(
            List.of(
                "corpus={inputs: [a]}",
                "tokenizer={train: {vocabSize: 300, inputs: [b], continueFrom: t.json,"
                    + " addedTokens: [c]}}",
                "output=out"),
            "test");
    TrainSection train =
        JobLocations.changed(job, (key, location) -> "/x/" + location).tokenizer().train();
    assertThat(train.sample().inputs()).extracting(Job.Input::path).containsExactly("/x/b");
    assertThat(train.continueFrom()).isEqualTo("/x/t.json");
    assertThat(train.tokens().addedTokens()).containsExactly("c");
  }

  /** A new key that is a text belongs into one of the two lists, or it fails on a cluster only. */
  @Test
  void eachTextOfAJobIsALocationOrIsNot() {
    List<String> locations = new ArrayList<>();
    List<String> others = new ArrayList<>();
    collect(Job.class, "", locations, others);
    assertThat(locations)
        .containsExactlyInAnyOrder(
            "corpus.inputs.path",
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
            "corpus.inputs.textField",
            "corpus.inputs.idField",
            "corpus.inputs.group",
            "corpus.textField",
            "corpus.segmentsField",
            "corpus.idField",
            "tokenizer.train.family",
            "tokenizer.train.pattern",
            "tokenizer.train.specialTokens",
            "tokenizer.train.inputs.textField",
            "tokenizer.train.inputs.idField",
            "tokenizer.train.inputs.group",
            "tokenizer.train.mix",
            "tokenizer.train.parity.ratios",
            "tokenizer.train.parity.dev.textField",
            "tokenizer.train.parity.dev.idField",
            "tokenizer.train.parity.dev.group",
            "tokenizer.train.addedTokens",
            "tokenizer.train.characters",
            "tokenizer.train.superwords.pattern",
            "shards.endOfDocument",
            "shards.groupBy",
            "shards.pack.beginOfDocument",
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
    for (RecordComponent component : section.getRecordComponents()) {
      boolean unwrapped = component.isAnnotationPresent(Unwrapped.class);
      String key = unwrapped ? path : JobTree.join(path, component.getName());
      if (component.getType().isRecord()) {
        collect(component.getType(), key, locations, others);
      } else if (component.getAnnotation(Field.class).orFirstKey()) {
        collect(Job.Input.class, key, locations, others);
      } else if (component.getGenericType().getTypeName().contains("java.lang.String")) {
        (component.getAnnotation(Field.class).isLocation() ? locations : others).add(key);
      }
    }
  }
}
