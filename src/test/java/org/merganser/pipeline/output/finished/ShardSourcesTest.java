package org.merganser.pipeline.output.finished;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.merganser.job.JobReader;
import org.merganser.job.ShardsSection;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Request;
import org.merganser.output.manifest.Totals;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;

final class ShardSourcesTest {
  /** A finished run whose job has these tokens around documents. */
  private static ShardSources run(@Nullable String begin, @Nullable String end) {
    ObjectNode job = JsonNodeFactory.instance.objectNode();
    job.putObject("shards").put("beginOfDocument", begin).put("endOfDocument", end);
    Manifest.ListFile list = new Manifest.ListFile("list", 0, 0, "sha256");
    Manifest manifest =
        new Manifest(
            Manifest.SCHEMA_VERSION,
            job,
            "sha256",
            300,
            null,
            Totals.ZERO,
            null,
            list,
            list,
            null,
            null,
            Request.of(new TreeMap<>()),
            "sha256");
    return new ShardSources(List.of(OutputPaths.of("/run")), List.of(manifest));
  }

  /** The section of a job that continues from such a run. */
  private static ShardsSection shards(String... keys) {
    List<String> values = new ArrayList<>(List.of(keys));
    values.addAll(List.of("shards.from=/run", "shards.formats=[npy]", "output=/out"));
    return JobReader.of(values, "test").shards();
  }

  @Test
  void theTokensAroundDocumentsAreThoseOfTheRunUnlessTheJobNamesOthers() {
    ShardSources run = run("<a>", "<b>");
    assertThat(run.beginOfDocument(shards())).isEqualTo("<a>");
    assertThat(run.endOfDocument(shards())).isEqualTo("<b>");
    assertThat(run.beginOfDocument(shards("shards.beginOfDocument=<a>"))).isEqualTo("<a>");
    assertThat(run.endOfDocument(shards("shards.endOfDocument=<b>"))).isEqualTo("<b>");
    assertThat(run(null, null).endOfDocument(shards())).isNull();
  }

  @Test
  void anotherTokenIsRefusedInTheSameWordsAtBothEnds() {
    assertThatThrownBy(() -> run("<a>", null).beginOfDocument(shards("shards.beginOfDocument=<c>")))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "shards.beginOfDocument: \"<c>\" is not what documents of /run begin with, which is"
                + " \"<a>\"; encode again with it, or leave it out");
    assertThatThrownBy(() -> run("<a>", "<b>").endOfDocument(shards("shards.endOfDocument=<c>")))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "shards.endOfDocument: \"<c>\" is not what documents of /run end with, which is"
                + " \"<b>\"; encode again with it, or leave it out");
    assertThatThrownBy(() -> run("<a>", null).endOfDocument(shards("shards.endOfDocument=<c>")))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("end with, which is nothing;")
        .hasMessageNotContaining("null");
  }
}
