package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.shard.ShardRows;

/** Inputs that say how what lies there is read. */
@Tag("run")
final class InputSettingsTest {
  private static final String TRAIN =
      "tokenizer: { train: { vocabSize: 300, pattern: gpt2, minFrequency: 1 } }\n";

  @TempDir Path folder;

  @BeforeEach
  void writeACorpus() throws IOException {
    Files.createDirectories(folder.resolve("plain/en"));
    Files.writeString(folder.resolve("plain/en/a.txt"), "low lower lowest low low");
    Files.writeString(folder.resolve("web.jsonl"), "{\"content\":\"new newer\",\"url\":\"u1\"}\n");
    Files.writeString(
        folder.resolve("chat.jsonl"),
        "{\"messages\":[{\"content\":\"wide wider\"}],\"key\":7,\"lang\":\"de\"}\n");
  }

  private CommandLineRun run(String out, String job, String... flags) throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), job + "output: " + out + "\n");
    List<String> args = new ArrayList<>(List.of("run", file.toString()));
    for (String flag : flags) {
      args.addAll(flag.startsWith("--") ? List.of(flag) : List.of("--set", flag));
    }
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private static final String THREE_INPUTS =
      """
      corpus:
        inputs:
        - { path: plain, group: books, format: lines }
        - { path: web.jsonl, textField: content, idField: url }
        - { path: chat.jsonl, textField: "messages[0].content", idField: "chat-{key}", group: chat }
      shards: { groupBy: lang }
      """;

  private List<String> rows(String out) throws IOException {
    return ShardRows.of(folder.resolve(out).resolve("shards/parquet")).stream()
        .map(row -> row.docId + " " + row.group)
        .toList();
  }

  @Test
  void leavesOutHiddenNamesAndWhatTheJobExcludesAndSaysHowMany() throws IOException {
    Files.write(folder.resolve("plain/en/.DS_Store"), new byte[] {0, 1, (byte) 0xFF});
    Files.writeString(folder.resolve("plain/_SUCCESS"), "no text of the corpus");
    Files.writeString(folder.resolve("plain/en/b.draft"), "old text");
    String job = "corpus: { inputs: plain, exclude: [ '*.draft', 'plain/old/**' ] }\n" + TRAIN;
    String explained = run("out", job, "--explain").succeeded().out();
    assertThat(explained)
        .contains(
            "# not read\ncorpus.exclude \"*.draft\": 1, such as " + folder + "/plain/en/b.draft\n",
            "corpus.exclude \"plain/old/**\": 0\nnames that begin with . or _: 2, such as ");
    assertThat(run("out", job).succeeded().out())
        .containsPattern("dead letters +0\n")
        .containsPattern("not read +1 corpus.exclude \"\\*.draft\"\n")
        .containsPattern("not read +2 names that begin with . or _\n");
    assertThat(rows("out")).containsExactly("en/a.txt null");
    assertThat(json("out/inputs.jsonl").path("path").asText()).isEqualTo("en/a.txt");
    String other = job.replace("'*.draft'", "'*.DRAFT'");
    JsonNode summary =
        Json.MAPPER.readTree(run("out", other, "--json", "--replace").succeeded().out());
    assertThat(summary.path("leftOut").path("corpus.exclude \"*.DRAFT\"").asInt(-1)).isZero();
    assertThat(summary.path("documents").asInt()).isEqualTo(2);
    assertThat(run("out", job.replace("'*.draft'", "en")).endedWith(2).err())
        .contains("corpus.inputs hold no file that is read; not read: corpus.exclude \"en\": 1,");
  }

  private JsonNode json(String path) throws IOException {
    return Json.MAPPER.readTree(Files.readAllBytes(folder.resolve(path)));
  }

  @Test
  void readsEachInputAsItSays() throws IOException {
    run("out", THREE_INPUTS + TRAIN).succeeded();
    assertThat(rows("out")).containsExactly("en/a.txt#0 books", "u1 null", "chat-7 chat");
    assertThat(ManifestVerification.check("" + folder.resolve("out"), true).findings()).isEmpty();
    assertThat(json("out/manifest.json").at("/job/corpus/inputs").toString())
        .isEqualTo(
            "[{\"path\":\"plain\",\"format\":\"lines\",\"group\":\"books\"},"
                + "{\"path\":\"web.jsonl\",\"textField\":\"content\",\"idField\":\"url\"},"
                + "{\"path\":\"chat.jsonl\",\"textField\":\"messages[0].content\","
                + "\"idField\":\"chat-{key}\",\"group\":\"chat\"}]");
    assertThat(run("out", THREE_INPUTS + TRAIN).succeeded().out()).contains("Nothing to do");
  }

  @Test
  void separatesTheTextsOfEachInputByItsLineOrThatOfTheCorpus() throws IOException {
    Files.writeString(folder.resolve("plain/b.md"), "one\n---\ntwo\n<|end|>\nthree\n");
    Files.writeString(folder.resolve("stories.txt"), "one\n---\ntwo\n<|end|>\nthree\n");
    String job =
        """
        corpus:
          inputs: [ plain, { path: stories.txt, separator: "---" }, web.jsonl ]
          textField: content
          separator: "<|end|>"
        """;
    run("out", job + TRAIN).succeeded();
    assertThat(rows("out"))
        .containsExactly(
            "b.md#0 null",
            "b.md#20 null",
            "en/a.txt#0 null",
            "stories.txt#0 null",
            "stories.txt#8 null",
            "web.jsonl#0 null");
    assertThat(ManifestVerification.check("" + folder.resolve("out"), true).findings()).isEmpty();
    assertThat(run("out", job + TRAIN).succeeded().out()).contains("Nothing to do");
    CommandLineRun changed = run("out", job.replace("separator: \"---\"", "group: x") + TRAIN);
    assertThat(changed.exitCode()).isEqualTo(2);
    assertThat(changed.err()).contains("corpus.inputs");
  }

  @Test
  void encodesOnlyTheFilesOfAnInputThatSaysSomethingElseNow() throws IOException {
    String load = "tokenizer: { load: tokens/tokenizer.json }\n";
    run("tokens", "corpus: { inputs: [ plain ] }\nshards: { formats: [] }\n" + TRAIN).succeeded();
    // Files of half a unit are units of their own.
    Files.writeString(folder.resolve("plain/en/a.txt"), "low lower\n".repeat(215_000));
    run("out", THREE_INPUTS + load).succeeded();
    String unchanged =
        run("out", THREE_INPUTS.replace("chat-{key}", "c{key}") + load, "--replace")
            .succeeded()
            .out();
    assertThat(unchanged).containsPattern("units +1 encoded, 1 kept");
    assertThat(rows("out")).endsWith("u1 null", "c7 chat");
  }

  @Test
  void countsGroupsThatOnlyInputsHave() throws IOException {
    String job =
        "corpus: { inputs: [ { path: plain, group: books }, web.jsonl ], "
            + "textField: content }\nshards: { formats: [] }\ntokenizer: { load: tokens }\n";
    run("tokens", "corpus: { inputs: [ plain ] }\nshards: { formats: [] }\n" + TRAIN).succeeded();
    run("count", job).succeeded();
    assertThat(Files.readString(folder.resolve("count/groups.jsonl")))
        .contains("\"books\"")
        .contains("\"(none)\"");
  }

  @Test
  void aWeightCountsAsCopiesOfTheInputDo() throws IOException {
    String job = "corpus: { inputs: [ %s ] }\nshards: { formats: [] }\n" + TRAIN;
    String keep = "tokenizer.train.keepCounts=true";
    run(
            "weighted",
            job.formatted(
                    "{ path: plain, weight: 3 }, { path: web.jsonl, textField: content, weight: 0"
                        + " }, chat.jsonl")
                .replace("chat.jsonl", "{ path: chat.jsonl, textField: \"messages[0].content\" }"),
            keep)
        .succeeded();
    for (String copy : List.of("one", "two", "three")) {
      Files.createDirectories(folder.resolve("copies/" + copy));
      Files.copy(folder.resolve("plain/en/a.txt"), folder.resolve("copies/" + copy + "/a.txt"));
    }
    run(
            "copied",
            job.formatted("copies, { path: chat.jsonl, textField: \"messages[0].content\" }"),
            keep)
        .succeeded();
    for (String file : List.of("tokenizer.json", "counts.parquet")) {
      assertThat(folder.resolve("weighted").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("copied").resolve(file));
    }
  }

  @Test
  void groupsOfInputsAreGroupsOfAMix() throws IOException {
    String job =
        """
        corpus:
          inputs:
          - { path: plain, group: books }
          - { path: web.jsonl, textField: content, group: web }
        shards: { formats: [] }
        tokenizer: { train: { vocabSize: 300, pattern: gpt2, mix: { web: 1 }, keepCounts: true } }
        """;
    run("mixed", job).succeeded();
    run(
            "alone",
            job.replace("- { path: plain, group: books }", "").replace("mix: { web: 1 }, ", ""))
        .succeeded();
    assertThat(folder.resolve("mixed/counts.parquet"))
        .hasSameBinaryContentAs(folder.resolve("alone/counts.parquet"));
  }

  @Test
  void countTakesAJobWithWeights() throws IOException {
    run("out", "corpus: { inputs: [ { path: plain, weight: 3 } ] }\n" + TRAIN).succeeded();
    String file = folder.resolve("job.yaml").toString();
    CommandLineRun.of("count", file, "--tokenizer", folder.resolve("out").toString()).succeeded();
  }

  @Test
  void refusesAKeyThatIsUnknownAndATemplateThatIsNone() throws IOException {
    String refused =
        run(
                "out",
                """
                corpus:
                  inputs:
                  - plain
                  - { path: web.jsonl, wight: 2 }
                tokenizer: { load: tokens }
                """)
            .err();
    assertThat(refused).contains("corpus.inputs[1].wight: unknown key; did you mean \"weight\"?");
    assertThat(run("out", "corpus: { inputs: [ { path: a, textField: \"{a\" } ] }\n" + TRAIN).err())
        .contains("corpus.inputs[0].textField: \"{a\" is not a template of fields");
  }
}
