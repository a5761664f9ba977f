package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.verify.OutputVerification;

/** {@code convert} and {@code cat}: shards of an earlier run, without its text. */
final class ShardCommandsTest {
  private static final String ALL = "megatron,bin,npy,datatrove,arrow,mds";

  @TempDir static Path folder;
  private static Path corpus;
  private static Path out;
  private static Path converted;
  private static Path packed;

  @BeforeAll
  static void convertARunWhoseTextIsGone() throws IOException {
    corpus = Files.copy(Path.of("sample-data/corpus/europe.jsonl"), folder.resolve("c.jsonl"));
    out = folder.resolve("out");
    CommandLineRun.of(
            "run",
            "pipelines/sample.yaml",
            "--set",
            "corpus.inputs=[" + corpus + "]",
            "--set",
            "tokenizer.train.vocabSize=500",
            "--set",
            "embeddings=null",
            "--set",
            "output=" + out)
        .succeeded();
    Files.delete(corpus);
    converted = folder.resolve("converted");
    CommandLineRun.of("convert", out.toString(), "--to", ALL, "--output", converted.toString())
        .succeeded();
    packed = folder.resolve("packed");
    CommandLineRun.of(
            "convert",
            out.toString(),
            "--to",
            ALL,
            "--output",
            packed.toString(),
            "--pack-length",
            "77",
            "--bin-header",
            "llmc",
            "--max-tokens",
            "5000",
            "--shuffle-seed",
            "1")
        .succeeded();
  }

  private static String cat(Object... args) {
    List<String> all = new ArrayList<>(List.of("cat"));
    for (Object arg : args) {
      all.add(arg.toString());
    }
    return CommandLineRun.of(all.toArray(String[]::new)).succeeded().out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "npy", "datatrove", "arrow", "mds"})
  void everyLayoutShowsTheSameDocuments(String layout) throws IOException {
    assertThat(cat(converted.resolve("shards/" + layout), "--jsonl"))
        .isEqualTo(cat(out, "--jsonl"));
    assertThat(OutputVerification.verify(converted, true)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "npy", "datatrove", "arrow", "mds"})
  void everyLayoutShowsTheSamePackedSequences(String layout) throws IOException {
    List<JsonNode> expected = rows(cat(packed.resolve("shards/packed/parquet"), "--jsonl"));
    List<JsonNode> actual = rows(cat(packed.resolve("shards/packed/" + layout), "--jsonl"));
    assertThat(actual).hasSameSizeAs(expected).hasSizeGreaterThan(100);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).path("ids")).isEqualTo(expected.get(i).path("ids"));
      assertThat(actual.get(i).path("pieces")).isEqualTo(expected.get(i).path("pieces"));
      assertThat(actual.get(i).path("ids").size()).isBetween(1, 77);
    }
  }

  private static List<JsonNode> rows(String jsonl) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : jsonl.lines().toList()) {
      rows.add(new JsonMapper().readTree(line));
    }
    return rows;
  }

  @Test
  void theTextThatIsShownIsThatOfTheCorpus() throws IOException {
    JsonMapper json = new JsonMapper();
    List<String> texts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("sample-data/corpus/europe.jsonl"))) {
      texts.add(json.readTree(line).path("text").asText() + "<|endoftext|>");
    }
    assertThat(rows(cat(out, "--jsonl")).stream().map(row -> row.path("text").asText()))
        .containsExactlyElementsOf(texts);
  }

  @Test
  void oneDocumentIsShownByItsName() throws IOException {
    String second = rows(cat(out, "--jsonl")).get(1).path("doc_id").asText();
    assertThat(cat(out, "--doc", second)).startsWith("== " + second + ": ");
    assertThat(cat(packed.resolve("shards/packed/npy"), "--doc", second, "--limit", "1"))
        .contains("-- from ", ": " + second + ", c.jsonl at ");
    assertThat(CommandLineRun.of("cat", out.toString(), "--doc", "nobody").endedWith(1).err())
        .contains("no row holds document \"nobody\"");
  }

  @Test
  void aTokenizerThatDidNotMakeTheShardIsRefused() throws IOException {
    Path other = folder.resolve("other.json");
    Files.writeString(other, Files.readString(out.resolve("tokenizer/tokenizer.json")) + "\n");
    String err =
        CommandLineRun.of("cat", out.toString(), "--tokenizer", other.toString())
            .endedWith(1)
            .err();
    assertThat(err).contains("was made with the tokenizer of sha256", "--tokenizer");
  }

  @Test
  void anUnknownLayoutIsRefusedWithTheKnownOnes() {
    assertThat(CommandLineRun.of("convert", out.toString(), "--to", "megatorn").endedWith(2).err())
        .contains("did you mean \"megatron\"", "arrow", "mds");
    assertThat(CommandLineRun.of("convert", out.toString(), "--to", "parquet").endedWith(2).err())
        .contains("other layouts");
  }

  @Test
  void aShardThatIsCutShortIsNamed() throws IOException {
    for (String name : List.of("npy/part-0000000-000.npy", "mds/part-0000000-000.mds")) {
      Path whole = converted.resolve("shards/" + name);
      Path cut = folder.resolve(whole.getFileName().toString());
      byte[] bytes = Files.readAllBytes(whole);
      Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length - 10));
      Path index = whole.resolveSibling("part-0000000-000.index.parquet");
      if (Files.exists(index)) {
        Files.copy(index, folder.resolve("part-0000000-000.index.parquet"));
      }
      assertThat(
              CommandLineRun.of(
                      "cat",
                      cut.toString(),
                      "--tokenizer",
                      out.resolve("tokenizer/tokenizer.json").toString())
                  .endedWith(1)
                  .err())
          .contains(cut.toString(), "cut short");
    }
  }
}
