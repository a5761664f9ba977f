package org.merganser.pipeline.finish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.version.OutputCleaning;

/** What a folder keeps of earlier jobs when another one has finished in it. */
@Tag("run")
final class UnusedFilesTest {
  private static final int FILES = 600;

  @TempDir static Path folder;
  private static Path corpus;
  private static Path first;
  private static Path second;
  private static Path fresh;

  /** Two jobs in one folder, the second over a corpus that has changed, and the second alone. */
  @BeforeAll
  static void runOneJobAfterAnother() throws IOException {
    corpus = Files.createDirectory(folder.resolve("corpus"));
    for (int i = 0; i < FILES; i++) {
      Files.writeString(file(i), "line " + i + " of many\nline " + i / 2 + " once more\n\n");
    }
    first = folder.resolve("first");
    run(first, 300);
    second = folder.resolve("second");
    OutputTree.copy(first, second);
    Files.delete(file(3));
    Files.writeString(file(FILES - 3), "another text");
    run(second, 310);
    fresh = folder.resolve("fresh");
    run(fresh, 310);
  }

  private static Path file(int number) {
    return corpus.resolve(String.format(Locale.ROOT, "%04d.txt", number));
  }

  private static void run(Path out, int vocabulary, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "corpus={inputs: ['" + corpus + "'], format: lines, deduplicate: exact}",
                "shards.groupBy=null",
                "learn={ngrams: 1}",
                "shards.shuffle={seed: 7}",
                "tokenizer.train.vocabSize=" + vocabulary,
                "--replace"));
    all.addAll(List.of(settings));
    Jobs.sample(out, all.toArray(String[]::new)).succeeded();
  }

  /** The files below run, without those that say when and where something ran. */
  private static List<String> records(Path out) throws IOException {
    return OutputTree.files(out).stream()
        .filter(path -> path.startsWith("run/"))
        .filter(path -> !path.matches("run/workers/.*"))
        .toList();
  }

  @Test
  void keepsWhatTheSecondJobAloneWouldHave() throws IOException {
    assertThat(records(first)).anyMatch(path -> path.startsWith("run/units/"));
    assertThat(records(second)).containsExactlyElementsOf(records(fresh));
    assertThat(OutputTree.sums(second)).isEqualTo(OutputTree.sums(fresh));
    for (Path out : List.of(first, second)) {
      OutputPaths paths = OutputPaths.of(out.toString());
      assertThat(new OutputCleaning(paths).foreign(FinishedOutput.at(paths).outputs())).isEmpty();
    }
  }

  @Test
  void mayBeCutShortAtAnyDeletion() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    List<String> old = new ArrayList<>(records(first));
    old.removeAll(records(second));
    assertThat(old.stream().map(path -> path.split("/")[1]).distinct())
        .contains("units", "plan", "counts", "texts", "duplicates", "read")
        .contains("shuffle", "learned");
    for (int i = 0; i < 3; i++) {
      Path out = folder.resolve("cut-" + i);
      OutputTree.copy(second, out);
      // Killed after it had deleted some, before it had noted that the run has finished.
      for (String path : old) {
        if (random.nextBoolean()) {
          Files.createDirectories(out.resolve(path).getParent());
          Files.copy(first.resolve(path), out.resolve(path));
        }
      }
      Files.delete(out.resolve("run/finished.json"));
      run(out, 310);
      assertThat(records(out)).as("seed %d, case %d", seed, i).isEqualTo(records(second));
      assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(second));
      JsonNode finished =
          new JsonMapper().readTree(Files.readAllBytes(out.resolve("run/finished.json")));
      assertThat(finished.path("unitsEncoded").longValue()).isZero();
      assertThat(finished.path("unitsKept").longValue()).isPositive();
    }
  }

  @Test
  void aJobThatGoesOnFindsItsReceiptsAmongThoseOfOthers() throws IOException {
    Path out = folder.resolve("resumed");
    OutputTree.copy(second, out);
    for (String path : new TreeSet<>(records(first))) {
      if (!Files.exists(out.resolve(path))) {
        Files.createDirectories(out.resolve(path).getParent());
        Files.copy(first.resolve(path), out.resolve(path));
      }
    }
    Files.delete(out.resolve("run/finished.json"));
    Files.delete(out.resolve("manifest.json"));
    Files.delete(out.resolve("shards/parquet/part-0000001-000.parquet"));
    run(out, 310);
    assertThat(ManifestVerification.check("" + out, true).findings()).isEmpty();
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(second));
    JsonNode finished =
        new JsonMapper().readTree(Files.readAllBytes(out.resolve("run/finished.json")));
    assertThat(finished.path("unitsEncoded").longValue()).isEqualTo(1);
  }
}
