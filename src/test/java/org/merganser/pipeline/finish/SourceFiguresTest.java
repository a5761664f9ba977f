package org.merganser.pipeline.finish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Totals;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/** Where the text of a run is from, counted again from its shards and its files. */
final class SourceFiguresTest {
  @TempDir static Path folder;
  private static Path out;
  private static OutputPaths paths;
  private static SourceFigures figures;

  @BeforeAll
  static void run() throws IOException {
    Path many = Files.createDirectories(folder.resolve("many"));
    for (int i = 0; i < 30; i++) {
      Files.writeString(
          many.resolve("m%02d.jsonl".formatted(i)),
          "{\"text\": \"%s\"}\n{\"text\": \"same\"}\nnot JSON\n".formatted("word ".repeat(5 + i)));
    }
    Files.writeString(many.resolve("empty.jsonl"), "");
    Path few = Files.createDirectories(folder.resolve("few"));
    Files.writeString(few.resolve("f.jsonl"), "{\"text\": \"" + "word ".repeat(800) + "\"}\n\n");
    Path held = Files.createDirectories(folder.resolve("held"));
    Files.writeString(held.resolve("v.jsonl"), "{\"text\": \"for validation\"}\n");
    out = folder.resolve("out");
    Jobs.sample(
            out,
            List.of("learn=null", "embeddings=null", "tokenizer.train.vocabSize=300"),
            "corpus.inputs=['%s', {path: '%s', group: few}]".formatted(many, few),
            "corpus.validationInputs=['" + held + "']",
            "corpus.deduplicate=exact",
            "corpus.maxDeadLetterRate=1",
            "shards.groupBy=null")
        .succeeded();
    paths = OutputPaths.of(out.toString());
    figures =
        SourceFigures.of(
            paths,
            FinishedOutput.at(paths).manifest(),
            SkippedInputs.read(paths.at(OutputPaths.SKIPPED)),
            Set.of());
  }

  private static SourceFigures.Row row(List<SourceFigures.Row> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  private static Totals sum(List<SourceFigures.Row> rows) {
    return rows.stream().map(SourceFigures.Row::totals).reduce(Totals.ZERO, Totals::plus);
  }

  @Test
  void rowsOfInputsAndOfFilesAddUpToTheTotalsOfTheManifest() throws IOException {
    Totals all = FinishedOutput.at(paths).manifest().totals();
    assertThat(sum(figures.inputs())).isEqualTo(all);
    assertThat(sum(figures.files())).isEqualTo(all);
    assertThat(all.sums().duplicates()).isEqualTo(29);
    assertThat(all.sums().dead()).isEqualTo(30);
  }

  @Test
  void anInputHasTheDocumentsOfItsFiles() {
    assertThat(figures.inputs().stream().map(SourceFigures.Row::name))
        .containsExactly(
            "" + folder.resolve("few"), "" + folder.resolve("many"), "" + folder.resolve("held"));
    Totals many = row(figures.inputs(), "" + folder.resolve("many")).totals();
    assertThat(many.files()).isEqualTo(31);
    assertThat(many.sums().documents()).isEqualTo(31);
    assertThat(many.sums().dead()).isEqualTo(30);
    assertThat(many.sums().duplicates()).isEqualTo(29);
    Totals held = row(figures.inputs(), "" + folder.resolve("held")).totals();
    assertThat(held.sums().validation().documents()).isEqualTo(1);
    assertThat(held.sums().documents()).isZero();
  }

  @Test
  void theTwentyFilesWithTheMostTextHaveTheTokensOfTheirShardsAndTheOthersAreOneRow()
      throws IOException {
    Map<String, Long> tokens = new TreeMap<>();
    for (ShardRow row : ShardRows.of(out.resolve("shards/parquet"))) {
      tokens.merge(row.file, (long) row.count, Long::sum);
    }
    List<String> names = new ArrayList<>(List.of("f.jsonl"));
    for (int i = 29; names.size() < 20; i--) {
      names.add("m%02d.jsonl".formatted(i));
    }
    assertThat(figures.files().stream().map(SourceFigures.Row::name).limit(20))
        .containsExactlyElementsOf(names);
    for (String name : names) {
      assertThat(row(figures.files(), name).totals().sums().tokens())
          .as(name)
          .isEqualTo(tokens.remove(name));
    }
    SourceFigures.Row others = row(figures.files(), "");
    assertThat(others.rows()).isEqualTo(33 - 20);
    assertThat(others.totals().sums().tokens())
        .isEqualTo(tokens.values().stream().mapToLong(count -> count).sum());
    assertThat(figures.files()).hasSize(21);
  }

  @Test
  void theDiskIsThatOfAllFilesButThePage() throws IOException {
    Map<String, Long> expected;
    try (Stream<Path> files = Files.walk(out)) {
      expected =
          files
              .filter(Files::isRegularFile)
              .collect(
                  Collectors.groupingBy(
                      SourceFiguresTest::folderOf,
                      Collectors.summingLong(f -> f.toFile().length())));
    }
    expected
        .keySet()
        .removeAll(List.of("report.html", "manifest.json", "inputs.jsonl", "outputs.jsonl"));
    Map<String, Long> found = new TreeMap<>();
    figures.disk().forEach((name, part) -> found.put(name, part.bytes()));
    assertThat(found).isEqualTo(new TreeMap<>(expected));
  }

  private static String folderOf(Path file) {
    String path = out.relativize(file).toString();
    return path.startsWith("run/")
        ? "run/"
        : path.substring(0, path.lastIndexOf('/') + 1).isEmpty()
            ? path
            : path.substring(0, path.lastIndexOf('/') + 1);
  }

  /** A file of inputs.jsonl has the place of the input that named it. */
  @Test
  void theListOfInputsNamesTheInputOfEachFile() throws IOException {
    Map<String, String> named = new TreeMap<>();
    OutputJson.forEachLine(
        paths,
        Manifest.INPUTS,
        InputLine.class,
        line -> named.put(line.path(), line.validationInput() + " " + line.input()));
    assertThat(named)
        .containsEntry("v.jsonl", "true 0")
        .containsEntry("m00.jsonl", "null 0")
        .containsEntry("f.jsonl", "null 1");
  }
}
