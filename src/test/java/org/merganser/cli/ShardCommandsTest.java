package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.layout.LayoutRows;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.shard.ShardRow;

/** {@code convert} and {@code cat}: shards of an earlier run, without its text. */
@Tag("run")
final class ShardCommandsTest {
  private static final String ALL = "megatron,bin,npy,datatrove";

  @TempDir static Path folder;
  private static Path corpus;
  private static Path out;
  private static Path converted;
  private static Path packed;

  @BeforeAll
  static void convertARunWhoseTextIsGone() throws IOException {
    corpus = Files.copy(Path.of("sample-data/corpus/europe.jsonl"), folder.resolve("c.jsonl"));
    out = folder.resolve("out");
    CommandLineRun.line(
            "run pipelines/sample.yaml --set corpus.inputs=[%s] --set tokenizer.train.vocabSize=500"
                + " --set embeddings=null --set output=%s",
            corpus, out)
        .succeeded();
    Files.delete(corpus);
    converted = folder.resolve("converted");
    CommandLineRun.of("convert", out.toString(), "--to", ALL, "--output", converted.toString())
        .succeeded();
    packed = folder.resolve("packed");
    CommandLineRun.line(
            "convert %s --to %s --output %s --pack-length 77 --bin-header llmc --max-tokens 5000"
                + " --shuffle-seed 1",
            out, ALL, packed)
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
  @ValueSource(strings = {"megatron", "bin", "npy", "datatrove"})
  void everyLayoutHasTheSameDocuments(String layout) throws IOException {
    assertThat(shown(converted.resolve("shards/" + layout)))
        .isEqualTo(shown(out.resolve("shards/parquet")));
    assertThat(ManifestVerification.check("" + converted, true).findings()).isEmpty();
  }

  private static List<String> shown(Path shards) throws IOException {
    return LayoutRows.show(LayoutRows.ofFolder(shards));
  }

  @ParameterizedTest
  @ValueSource(strings = {"megatron", "bin", "npy", "datatrove"})
  void everyLayoutHasTheSamePackedSequences(String layout) throws IOException {
    List<ShardRow> expected = LayoutRows.ofFolder(packed.resolve("shards/packed/parquet"));
    List<ShardRow> actual = LayoutRows.ofFolder(packed.resolve("shards/packed/" + layout));
    assertThat(LayoutRows.show(actual)).isEqualTo(LayoutRows.show(expected));
    assertThat(actual).hasSizeGreaterThan(100).allMatch(row -> row.count >= 1 && row.count <= 77);
  }

  @Test
  void aFileOfAnotherLayoutIsRefusedWithWhatToNameInstead() {
    for (String name : List.of("npy/part-0000000-000.npy", "npy/part-0000000-000.index.parquet")) {
      Path file = converted.resolve("shards/" + name);
      assertThat(CommandLineRun.of("cat", file.toString()).endedWith(2).err())
          .contains(file + ": is not a Parquet shard; name the output folder of the run");
    }
    assertThat(CommandLineRun.of("cat", converted.toString()).endedWith(2).err())
        .contains(converted + ": holds no Parquet shards; name the output folder of the run");
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
    assertThat(cat(packed, "--doc", second, "--limit", "1"))
        .contains("-- from ", ": " + second + ", c.jsonl at ");
    assertThat(CommandLineRun.of("cat", out.toString(), "--doc", "nobody").endedWith(2).err())
        .contains("no row holds document \"nobody\"");
    assertThat(cat(out, "--doc", second, "--limit", "0")).isEmpty();
  }

  @Test
  void waitingDeadLettersAreThoseOfAFolder() throws IOException {
    Path file = folder.resolve("letters.jsonl.zst");
    Files.write(file, Zstd.compress("{\"a\": 1}\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(CommandLineRun.of("cat", file.toString(), "--waiting").endedWith(2).err())
        .contains("--waiting reads the output folder of a run, and " + file + " is no folder");
    assertThat(CommandLineRun.of("cat", file.toString()).endedWith(2).err())
        .contains(file + ": has a line that is no dead letter, since it has no member \"raw\"");
  }

  @Test
  void aLimitBelowNoneIsRefused() {
    assertThat(CommandLineRun.line("cat %s --limit -1", out).endedWith(2).err())
        .contains("--limit is -1: it is a number of rows");
  }

  @Test
  void aTokenizerThatDidNotMakeTheShardIsRefused() throws IOException {
    Path other = folder.resolve("other.json");
    Files.writeString(other, Files.readString(out.resolve("tokenizer/tokenizer.json")) + "\n");
    String err =
        CommandLineRun.of("cat", out.toString(), "--tokenizer", other.toString())
            .endedWith(2)
            .err();
    assertThat(err).contains("was made with the tokenizer of sha256", "--tokenizer");
  }

  @Test
  void anUnknownLayoutIsRefusedWithTheKnownOnes() {
    assertThat(CommandLineRun.of("convert", out.toString(), "--to", "megatorn").endedWith(2).err())
        .contains("did you mean \"megatron\"", "npy", "litdata");
    assertThat(CommandLineRun.of("convert", out.toString(), "--to", "parquet").endedWith(2).err())
        .contains("other layouts");
  }

  @Test
  void aShardThatIsCutShortIsNamed() throws IOException {
    Path whole = out.resolve("shards/parquet/part-0000000-000.parquet");
    Path cut = folder.resolve("cut.parquet");
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 10));
    assertThat(
            CommandLineRun.of("cat", cut.toString(), "--tokenizer", out.toString())
                .endedWith(1)
                .err())
        .contains(cut + " is not a readable Parquet file");
  }
}
