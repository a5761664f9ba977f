package org.merganser.pipeline.output.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.Sha256;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;

/** A version is moved with every file that it lists, or not at all. */
final class WaitingVersionTest {
  private static final String F = "0123456789abcdef".repeat(2);
  private static final String WAITS = "shards/parquet/part-0000001-000.parquet";
  private static final String IN_PLACE = "shards/parquet/part-0000000-000.parquet";

  @TempDir Path out;
  private RunPaths run;
  private WaitingVersion version;

  @BeforeEach
  void stageAVersion() throws IOException {
    run = RunPaths.of(OutputPaths.of(out.toString()), F);
    write(run.output().at(IN_PLACE), "kept");
    write(run.at(WAITS), "new");
    write(run.at("outputs.jsonl"), line(IN_PLACE, "kept") + line(WAITS, "new"));
    version = WaitingVersion.of(run);
  }

  private static void write(String location, String text) throws IOException {
    Path file = Path.of(location);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String line(String path, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    WrittenFile file = new WrittenFile(path, bytes.length, Sha256.of(bytes), 0, 0);
    return Json.MAPPER.writeValueAsString(file) + "\n";
  }

  @Test
  void whatWaitsIsMovedAndWhatIsInPlaceStays() throws IOException {
    assertThat(version.waiting()).containsExactly(WAITS);
    assertThat(version.inPlace()).containsExactly(IN_PLACE);
    assertThat(version.moves(List.of()).keySet()).containsExactly("outputs.jsonl", WAITS);
    assertThat(version.at(WAITS)).isEqualTo(run.at(WAITS));
    assertThat(version.at(IN_PLACE)).isEqualTo(run.output().at(IN_PLACE));
    assertThat(version.root()).isEqualTo(out.toString());
    assertThat(version.tokenizerAtRoot()).isFalse();
  }

  @Test
  void aListedFileThatIsGoneIsNamedAndNothingIsMoved() throws IOException {
    for (Path gone : List.of(Path.of(run.at(WAITS)), Path.of(run.output().at(IN_PLACE)))) {
      byte[] content = Files.readAllBytes(gone);
      Files.delete(gone);
      assertThatThrownBy(() -> version.moves(List.of()))
          .isInstanceOf(RunException.class)
          .hasMessageContaining(gone + ": was deleted while the run was active");
      Files.write(gone, content);
    }
  }
}
