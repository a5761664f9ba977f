package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.Lineage;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

/** Names of files and folders, as a pipeline reports them. */
final class FileLineageTest {
  @Test
  void namesAreThoseOfBeamsFileSystems() {
    assertThat(
            reported(
                "s3://bucket/corpus/a.jsonl",
                "s3://bucket/out/",
                "s3://whole/",
                "gs://bucket/a",
                "hdfs://namenode:8020/data/a",
                "/data/a b",
                "/data/out/",
                "file:///data/c"))
        .containsExactlyInAnyOrder(
            "s3:bucket.`corpus/a.jsonl`",
            "s3:bucket.out/",
            "s3:whole",
            "gcs:bucket.a",
            "hdfs:`namenode:8020`.data/a",
            "file:`/data/a b`",
            "file:/data/out/",
            "file:/data/c");
  }

  @Test
  void aHundredFilesAreNamedAndOneMoreMakesThemFolders() {
    List<String> files =
        IntStream.range(0, 101).mapToObj(i -> "s3://b/x/" + i % 2 + "/" + i).toList();
    assertThat(reported(files.subList(0, 100))).hasSize(100).contains("s3:b.x/0/0", "s3:b.x/1/99");
    assertThat(reported(files)).containsExactlyInAnyOrder("s3:b.x/0/", "s3:b.x/1/");
  }

  @Test
  void theOrderOfFilesDoesNotMatterNorHowDeepTheyLie() {
    List<String> files =
        Stream.of(
                IntStream.range(0, 10_000).mapToObj(i -> "s3://b/" + i % 60 + "/y/z/" + i),
                IntStream.range(0, 90).mapToObj(i -> "s3://c/" + i % 30 + "/" + i),
                Stream.of("s3://d/a", "/e"))
            .flatMap(all -> all)
            .collect(Collectors.toCollection(ArrayList::new));
    Set<String> expected = reported(files);
    assertThat(expected).hasSize(92).contains("s3:b.59/", "s3:c.29/", "s3:d.a", "file:/e");
    Collections.shuffle(files, new Random(Seeds.next()));
    assertThat(reported(files)).isEqualTo(expected);
  }

  @Test
  void moreBucketsThanTheLimitAreOneName() {
    assertThat(reported(IntStream.range(0, 101).mapToObj(i -> "s3://" + i + "/a").toList()))
        .containsExactly("s3:");
  }

  private static Set<String> reported(String... locations) {
    return reported(List.of(locations));
  }

  private static Set<String> reported(List<String> locations) {
    Pipeline pipeline = Pipeline.create(RunnerFlags.options(List.of("--targetParallelism=1")));
    pipeline.apply(Create.of("once")).apply(ParDo.of(new Report(List.copyOf(locations))));
    PipelineResult result = pipeline.run();
    assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
    assertThat(Lineage.query(result.metrics(), Lineage.Type.SINK)).isEmpty();
    return Lineage.query(result.metrics(), Lineage.Type.SOURCE);
  }

  private static final class Report extends DoFn<String, Void> {
    private final List<String> locations;

    Report(List<String> locations) {
      this.locations = locations;
    }

    @ProcessElement
    public void process() throws IOException {
      FileLineage lineage = new FileLineage();
      locations.forEach(lineage::add);
      lineage.report(Lineage.getSources());
    }
  }
}
