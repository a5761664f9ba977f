package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.MerganserRun;
import org.merganser.shard.Duck;

/** Reads the dataset card of an output as HF's datasets does, and the files that it names. */
@Tag("run")
final class DatasetCardRunTest {
  private static final Map<String, String> TYPES =
      Map.of(
          "string", "VARCHAR", "int64", "BIGINT", "int32", "INTEGER", "int8", "TINYINT", "float64",
          "DOUBLE", "bool", "BOOLEAN");

  @TempDir Path folder;

  private CommandLineRun run(Path out, String... settings) throws IOException {
    Path corpus = folder.resolve("corpus.jsonl");
    if (!Files.exists(corpus)) {
      StringBuilder lines = new StringBuilder();
      String[] languages = {"no", "en", "zh-Hans"};
      for (int i = 0; i < 40; i++) {
        lines.append(
            "{\"id\": \"d%d\", \"text\": \"%s\", \"lang\": \"%s\", \"score\": %d.5}\n"
                .formatted(
                    i,
                    "a rose is a rose ".repeat(i % 7 * (i % 5 == 0 ? 20 : 1) + 1),
                    languages[i % 3],
                    i));
      }
      Files.writeString(corpus, lines);
    }
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        """
        corpus: { inputs: [ corpus.jsonl ], validation: 0.2 }
        tokenizer: { train: { vocabSize: 280, pattern: gpt2, specialTokens: [ "<|end|>" ] } }
        shards: { endOfDocument: "<|end|>", groupBy: lang }
        """);
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("output=" + out);
    return CommandLineRun.with(all, "run", job.toString());
  }

  /** The YAML between the first two lines of three hyphens. */
  private static JsonNode frontMatter(Path out) throws IOException {
    String card = Files.readString(out.resolve("README.md"));
    assertThat(card).startsWith("---\n");
    return new YAMLMapper().readTree(card.substring(4, card.indexOf("\n---\n", 4) + 1));
  }

  /** Checks rows, columns and sizes against the files that the card names. */
  private static int checkConfigurations(Path out, boolean hasRows) throws Exception {
    JsonNode card = frontMatter(out);
    JsonNode configs = card.path("configs");
    JsonNode infos = card.path("dataset_info");
    assertThat(configs.size()).isEqualTo(infos.size());
    assertThat(configs.path(0).path("config_name").asText()).isEqualTo("default");
    for (int i = 0; i < configs.size(); i++) {
      JsonNode info = infos.path(i);
      assertThat(info.path("config_name")).isEqualTo(configs.path(i).path("config_name"));
      List<String> columns = new ArrayList<>();
      for (JsonNode feature : info.path("features")) {
        String type = TYPES.get(feature.path(feature.has("dtype") ? "dtype" : "sequence").asText());
        columns.add(
            feature.path("name").asText() + "|" + type + (feature.has("dtype") ? "" : "[]"));
      }
      long bytes = 0;
      JsonNode files = configs.path(i).path("data_files");
      assertThat(info.path("splits").size()).isEqualTo(hasRows ? files.size() : 0);
      for (int k = 0; k < files.size(); k++) {
        String split = files.path(k).path("split").asText();
        assertThat(split).isEqualTo(k == 0 ? "train" : "validation");
        String glob = out + "/" + files.path(k).path("path").asText();
        assertThat(
                Duck.query(
                    "select column_name, column_type from (describe select * from"
                        + " read_parquet('%s', hive_partitioning = false))",
                    glob))
            .isEqualTo(columns);
        long size =
            Long.parseLong(
                Duck.query("select sum(size)::bigint from read_blob('%s')", glob).get(0));
        bytes += size;
        JsonNode counted = info.path("splits").path(k);
        if (hasRows) {
          assertThat(counted.path("name").asText()).isEqualTo(split);
          assertThat(counted.path("num_bytes").asLong()).isEqualTo(size);
          assertThat(Duck.query("select count(*) from '%s'", glob))
              .containsExactly(counted.path("num_examples").asText());
        }
      }
      assertThat(info.path("download_size").asLong()).isEqualTo(bytes);
      assertThat(info.path("dataset_size").asLong()).isEqualTo(bytes);
    }
    return configs.size();
  }

  @Test
  void theCardNamesFilesColumnsAndRowsAsTheyAre() throws Exception {
    Path out = folder.resolve("out");
    run(
            out,
            "shards.preset=hf",
            "shards.pack={length: 16, remainder: pad}",
            "shards.shuffle={seed: 1, of: documents}",
            "shards.keep=[score]",
            "shards.formats=[npy]")
        .succeeded();
    assertThat(checkConfigurations(out, true)).isEqualTo(3);
    JsonNode card = frontMatter(out);
    assertThat(card.path("language").toString()).isEqualTo("[\"en\",\"no\",\"zh\"]");
    assertThat(card.path("tags").toString()).contains("\"tokenized\"");
    Manifest manifest = MerganserRun.manifest(out.toString());
    assertThat(Files.readString(out.resolve("README.md")))
        .contains(
            "SHA-256 `" + manifest.tokenizerSha256() + "`",
            "`" + manifest.request().sha256() + "`",
            "`" + manifest.data() + "`",
            "`shards/packed/npy/`");
  }

  @Test
  void groupsWithFoldersOfTheirOwnAreFoundToo() throws Exception {
    Path out = folder.resolve("grouped");
    run(out, "shards.partitionBy=lang", "shards.groupBy=null").succeeded();
    assertThat(checkConfigurations(out, true)).isEqualTo(1);
    assertThat(frontMatter(out).path("configs").toString()).contains("shards/parquet/*/*.parquet");
  }

  @Test
  void rowsAreNotToldWhereADocumentMayHaveSeveral() throws Exception {
    Path out = folder.resolve("cut");
    run(out, "corpus.maxDocumentBytes=1024", "corpus.validation=0").succeeded();
    assertThat(Duck.query("select max(part) > 0 from '%s/shards/parquet/*.parquet'", out))
        .containsExactly("true");
    assertThat(checkConfigurations(out, false)).isEqualTo(1);
  }

  @Test
  void theCardIsListedAndNoPartOfTheDataAndTheSameEachTime() throws Exception {
    Path out = folder.resolve("first");
    run(out).succeeded();
    Path again = folder.resolve("again");
    run(again).succeeded();
    Path card = out.resolve("README.md");
    assertThat(again.resolve("README.md")).hasSameBinaryContentAs(card);
    assertThat(Files.readString(out.resolve("outputs.jsonl")))
        .contains("{\"path\":\"README.md\",\"size\":" + Files.size(card))
        .contains(Sha256.of(card));
    String data = MerganserRun.manifest(out.toString()).data();
    Files.delete(card);
    assertThat(CommandLineRun.line("verify %s", out).endedWith(1).out())
        .contains("missing  README.md");
    assertThat(run(out).succeeded().out()).doesNotContain("Nothing to do");
    assertThat(again.resolve("README.md")).hasSameBinaryContentAs(card);
    assertThat(MerganserRun.manifest(out.toString()).data()).isEqualTo(data);
    assertThat(run(out).succeeded().out()).contains("Nothing to do");
  }

  private String replaced(Path out, int vocabulary) {
    return CommandLineRun.line(
            "run %s --replace --set output=%s --set tokenizer.train.vocabSize=%s",
            folder.resolve("job.yaml"), out, vocabulary)
        .succeeded()
        .out();
  }

  @Test
  void aReadmeOfTheUserIsKeptByEveryRunAndIsNoDamage() throws Exception {
    Path out = folder.resolve("users");
    String kept =
        "card             README.md is not the one that the last run wrote, so it is kept";
    run(out).succeeded();
    Path card = Files.writeString(out.resolve("README.md"), "# Mine\n");
    assertThat(run(out).succeeded().out()).contains("Nothing to do", kept);
    assertThat(replaced(out, 281)).contains(kept);
    assertThat(card).hasContent("# Mine\n");
    assertThat(replaced(out, 280)).contains(kept);

    Files.delete(card);
    assertThat(run(out).succeeded().out()).doesNotContain(kept);
    String written = Files.readString(card);
    assertThat(written).startsWith("---\n");
    Files.writeString(card, written.replace("That of the texts.", "CC0-1.0."));
    CommandLineRun.line("verify %s --full", out).succeeded();
    assertThat(run(out).succeeded().out()).contains("Nothing to do", kept);
    assertThat(replaced(out, 270)).contains(kept);
    assertThat(card).content().contains("CC0-1.0.");
    assertThat(Files.readString(out.resolve("outputs.jsonl"))).doesNotContain("README.md");
    CommandLineRun.line("verify %s --full", out).succeeded();
  }

  @Test
  void aRunWithoutACardDeletesThatOfARunAndKeepsThatOfTheUser() throws Exception {
    Path out = folder.resolve("out");
    run(out).succeeded();
    Path users = folder.resolve("users");
    run(users).succeeded();
    Path card = Files.writeString(users.resolve("README.md"), "# Mine\n");
    for (Path each : List.of(out, users)) {
      CommandLineRun.line(
              "train --input %s --vocab-size 280 --pattern gpt2 --output %s --replace",
              folder.resolve("corpus.jsonl"), each)
          .succeeded();
      assertThat(each.resolve("shards/parquet/part-0000000-000.parquet")).doesNotExist();
    }
    assertThat(out.resolve("README.md")).doesNotExist();
    assertThat(card).hasContent("# Mine\n");
  }

  @Test
  void anOutputWithoutIdsHasNoCard() throws Exception {
    Path out = folder.resolve("out");
    run(out).succeeded();
    Path vocabulary = folder.resolve("vocabulary");
    CommandLineRun.line(
            "train --input %s --vocab-size 280 --pattern gpt2 --output %s",
            folder.resolve("corpus.jsonl"), vocabulary)
        .succeeded();
    assertThat(vocabulary.resolve("README.md")).doesNotExist();
    CommandLineRun.line(
            "embeddings init --rows 280 --dim 4 --output %s", folder.resolve("t.parquet"))
        .succeeded();
    Path joined = folder.resolve("joined");
    CommandLineRun.line("embed %s --table %s --output %s", out, folder.resolve("t.parquet"), joined)
        .succeeded();
    assertThat(joined.resolve("README.md")).doesNotExist();
    CommandLineRun.line("convert %s --to bin --output %s", out, folder.resolve("bin")).succeeded();
    JsonNode card = frontMatter(folder.resolve("bin"));
    assertThat(card.has("configs")).isFalse();
    assertThat(Files.readString(folder.resolve("bin/README.md"))).contains("`shards/bin/`");
  }
}
