package org.merganser.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.output.OtherSchemaException;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.OutputTree;
import org.merganser.store.ChecksummedFile;

/** An output folder that another version of the program wrote is refused, and left as it is. */
class OtherSchemaTest {
  private static final String TO_DO =
      " has schema 9, and this version of merganser reads and writes %d; use the version that wrote"
          + " it, or run the job into another folder";

  @TempDir Path folder;
  private Path out;
  private Path job;

  @BeforeEach
  void run() throws IOException {
    out = folder.resolve("out");
    Files.writeString(folder.resolve("corpus.txt"), "a rank orders merges\n".repeat(9));
    job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: corpus.txt, format: lines }
            tokenizer: { train: { vocabSize: 280, pattern: gpt2 } }
            report: { enabled: false }
            output: out
            """);
    CommandLineRun.line("run %s", job).succeeded();
  }

  private static String withSchema9(String json) {
    String changed = json.replaceFirst("\"schema\" ?: ?[0-9]+", "\"schema\": 9");
    assertThat(changed).isNotEqualTo(json);
    return changed;
  }

  @Test
  void noCommandReadsOrReplacesWhatAnotherVersionFinished() throws IOException {
    Path manifest = out.resolve(Manifest.FILE);
    Files.writeString(manifest, withSchema9(Files.readString(manifest)));
    Files.delete(out.resolve("run/finished.json"));
    Map<String, String> before = OutputTree.sums(out);
    List<String> commands =
        List.of(
            "run JOB",
            "run JOB --replace",
            "run JOB --explain",
            "run JOB --key",
            "verify OUT",
            "log OUT",
            "embed OUT --table sample-data/embeddings.parquet --output OTHER",
            "convert OUT --to npy --output OTHER");
    for (String command : commands) {
      String line =
          command
              .replace("JOB", "" + job)
              .replace("OUT", "" + out)
              .replace("OTHER", "" + folder.resolve("other"));
      CommandLineRun refused = CommandLineRun.line(line).endedWith(2);
      assertThat(refused.err())
          .as(line)
          .contains("out/" + Manifest.FILE + TO_DO.formatted(Manifest.SCHEMA_VERSION))
          .hasLineCount(1);
    }
    assertThat(OutputTree.sums(out)).isEqualTo(before);
    assertThat(folder.resolve("other")).doesNotExist();
  }

  @Test
  void aDamagedSchemaIsNotThatOfAnotherVersion() throws IOException {
    byte[] whole = Files.readAllBytes(out.resolve(Manifest.FILE));
    Files.writeString(out.resolve(Manifest.FILE), withSchema9(new String(whole, UTF_8)));
    CommandLineRun.line("run %s", job).succeeded();
    assertThat(Files.readAllBytes(out.resolve(Manifest.FILE))).isEqualTo(whole);
  }

  @Test
  void noRunGoesOnWithReceiptsOfAnotherVersion() throws IOException {
    Files.delete(out.resolve(Manifest.FILE));
    try (Stream<Path> files = Files.walk(out.resolve("run/units"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).toList()) {
        byte[] content = ChecksummedFile.contentOf(Files.readAllBytes(file));
        String json = withSchema9(new String(content, UTF_8));
        Files.write(file, ChecksummedFile.withSum(json.getBytes(UTF_8)));
      }
    }
    assertThat(CommandLineRun.line("run %s", job).endedWith(2).err())
        .containsPattern(
            "run/units/[0-9a-f]+/[0-9]+\\.json" + TO_DO.formatted(UnitReceipt.SCHEMA_VERSION));
  }

  @Test
  void theSchemaIsReadBeforeWhatOtherVersionsMayHave() throws IOException {
    byte[] json = "{\"new\": [1], \"schema\": 9}".getBytes(UTF_8);
    assertThatThrownBy(() -> Manifest.read(json, "states/0123/manifest.json"))
        .isInstanceOf(OtherSchemaException.class)
        .hasMessageStartingWith("states/0123/manifest.json has schema 9, and this version");
    assertThatThrownBy(() -> UnitReceipt.read(ChecksummedFile.withSum(json), "run/units/f/0.json"))
        .isInstanceOf(OtherSchemaException.class)
        .hasMessageStartingWith("run/units/f/0.json has schema 9, and this version");
  }
}
