package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.FileVersion;

/** {@code tokenizer.fileVersion}: the form of tokenizer.json, learned and loaded. */
@Tag("run")
final class FileVersionRunTest {
  private static final String LEARN =
      "tokenizer: { train: { vocabSize: 400, pattern: qwen2 } }\nshards: { endOfDocument: null }\n";

  @TempDir static Path folder;

  @BeforeAll
  static void learn() throws IOException {
    Files.writeString(folder.resolve("text.txt"), "Ducks swim, and ducks dive.\n".repeat(40));
    run("first", LEARN).succeeded();
    run("second", LEARN, "tokenizer.fileVersion=2").succeeded();
  }

  private static CommandLineRun run(String out, String job, String... settings) throws IOException {
    String whole = "corpus: { inputs: [ text.txt ] }\n" + job + "output: " + out + "\n";
    Path file = Files.writeString(folder.resolve(out + ".yaml"), whole);
    return CommandLineRun.with(List.of(settings), "run", file.toString());
  }

  private static Path file(String out) {
    return folder.resolve(out).resolve("tokenizer/tokenizer.json");
  }

  private static Map<String, String> ids(String out) throws IOException {
    Map<String, String> ids = new TreeMap<>();
    for (ShardRow row : ShardRows.of(folder.resolve(out).resolve("shards/parquet"))) {
      ids.put(row.docId, Arrays.toString(ShardRows.ids(row)));
    }
    assertThat(ids).isNotEmpty();
    return ids;
  }

  private static JsonNode manifest(String out) throws IOException {
    return Json.MAPPER.readTree(folder.resolve(out).resolve("manifest.json").toFile());
  }

  @Test
  void aLearnedTokenizerIsWrittenInTheVersionThatTheJobAsksFor() throws IOException {
    Tokenizer learned = Tokenizer.read(file("first"));
    assertThat(learned.parts().fileVersion()).isEqualTo(FileVersion.V1);
    assertThat(file("second")).hasBinaryContent(learned.toJson(FileVersion.V2));
    assertThat(ids("second").values()).containsExactlyElementsOf(ids("first").values());
  }

  @Test
  void theVersionIsPartOfTheRequest() throws IOException {
    assertThat(manifest("second").at("/request/keys/tokenizer.fileVersion").asText())
        .isEqualTo("2");
    assertThat(manifest("first").at("/request/keys").has("tokenizer.fileVersion")).isFalse();
    CommandLineRun again = run("second", LEARN).endedWith(2);
    assertThat(again.err()).contains("tokenizer.fileVersion").contains("--replace");
    assertThat(run("second", LEARN, "tokenizer.fileVersion=2").succeeded().out())
        .contains("Nothing to do");
  }

  @Test
  void aLoadedFileKeepsItsBytesInItsOwnVersionAndIsWrittenAnewInTheOther() throws IOException {
    String load = "tokenizer: { load: %s, fileVersion: %d }\nshards: { endOfDocument: null }\n";
    for (String from : List.of("first", "second")) {
      for (int version = 1; version <= 2; version++) {
        String out = from + "-as-" + version;
        run(out, load.formatted(from, version)).succeeded();
        boolean asItIs = from.equals(version == 1 ? "first" : "second");
        byte[] loaded = Files.readAllBytes(file(from));
        assertThat(file(out))
            .hasBinaryContent(
                asItIs ? loaded : Tokenizer.read(file(from)).toJson(FileVersion.of(version)));
        assertThat(ids(out).values()).containsExactlyElementsOf(ids("first").values());
      }
    }
  }

  @Test
  void aLoadedFileWithoutAFormInTheVersionIsRefusedBeforeAnythingIsWritten() throws IOException {
    String json = Files.readString(file("first"));
    String spaced = json.replace("\"add_prefix_space\": false", "\"add_prefix_space\": true");
    assertThat(spaced).isNotEqualTo(json);
    Files.writeString(folder.resolve("spaced.json"), spaced);
    CommandLineRun refused =
        run(
                "spaced",
                "tokenizer: { load: spaced.json, fileVersion: 2 }\n"
                    + "shards: { endOfDocument: null }\n")
            .endedWith(2);
    assertThat(refused.err())
        .contains("tokenizer.fileVersion: ")
        .contains("spaced.json: $.pre_tokenizer: {\"type\":\"ByteLevel\",\"add_prefix_space\":true")
        .contains("has no form in version 2.0");
    assertThat(folder.resolve("spaced/tokenizer")).doesNotExist();
  }
}
