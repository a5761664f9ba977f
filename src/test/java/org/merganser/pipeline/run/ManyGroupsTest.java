package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.report.statistics.Statistics;

/**
 * A field with a value of its own for each document is no field to group by, but no harm either.
 */
@Tag("run")
final class ManyGroupsTest {
  private static final int FILES = 600;
  private static final int DOCUMENTS = 10;

  @TempDir Path folder;

  @Test
  void groupsBeyondTheBoundAreOneWhateverTheParallelism() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int file = 0; file < FILES; file++) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < DOCUMENTS; i++) {
        lines.add("{\"text\": \"some words\", \"url\": \"u" + (file * DOCUMENTS + i) + "\"}");
      }
      Files.write(corpus.resolve(String.format(Locale.ROOT, "%03d.jsonl", file)), lines);
    }
    Path one = run(corpus, "one", "--targetParallelism=1");
    assertThat(OutputTree.sums(one, "shards/")).hasSizeGreaterThan(1);
    assertThat(OutputTree.sums(run(corpus, "two", "--targetParallelism=2")))
        .isEqualTo(OutputTree.sums(one));
    Statistics statistics =
        Statistics.read(Files.readAllBytes(one.resolve(Statistics.FILE)), "statistics");
    assertThat(statistics.groups()).hasSize(BoundedGroups.MOST + 1);
    assertThat(statistics.groups().stream().mapToLong(Statistics.GroupRow::documents).sum())
        .isEqualTo(FILES * DOCUMENTS);
    assertThat(statistics.groups())
        .filteredOn(row -> row.group().equals(BoundedGroups.OTHER))
        .singleElement()
        .satisfies(
            row -> assertThat(row.documents()).isEqualTo(FILES * DOCUMENTS - BoundedGroups.MOST));
  }

  private Path run(Path corpus, String name, String parallelism) {
    Path out = folder.resolve(name);
    Jobs.lean(
            out,
            "corpus={inputs: ['" + corpus + "'], format: jsonl}",
            "shards.groupBy=url",
            "embeddings=null",
            "report.enabled=true",
            "tokenizer.train.vocabSize=270",
            parallelism)
        .succeeded();
    return out;
  }
}
