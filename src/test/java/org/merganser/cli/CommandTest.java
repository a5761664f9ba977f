package org.merganser.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.checksum.Sha256;
import org.merganser.job.JobSchema;
import org.merganser.tokenizer.Tokenizer;

/** What the commands say, as whole text where it is short. */
@Tag("run")
final class CommandTest {
  @TempDir static Path folder;
  private static String tokenizer;
  private static Path trained;

  @BeforeAll
  static void trainATokenizer() throws IOException {
    Path corpus =
        Files.writeString(
            folder.resolve("text.txt"), "low lower lowest newer wider 車 車 ".repeat(20));
    trained = folder.resolve("trained");
    CommandLineRun.line(
            "train --input %s --vocab-size 270 --pattern qwen2 --special-token <|end|> --output %s"
                + " --targetParallelism=2",
            corpus, trained)
        .succeeded();
    tokenizer = trained.resolve("tokenizer.json").toString();
  }

  static Stream<Arguments> commands() {
    return Stream.of(
        Arguments.of(List.of()),
        Arguments.of(List.of("run")),
        Arguments.of(List.of("train")),
        Arguments.of(List.of("encode")),
        Arguments.of(List.of("count")),
        Arguments.of(List.of("embed")),
        Arguments.of(List.of("tokenize")),
        Arguments.of(List.of("decode")),
        Arguments.of(List.of("inspect")),
        Arguments.of(List.of("predict")),
        Arguments.of(List.of("embeddings")),
        Arguments.of(List.of("embeddings", "init")),
        Arguments.of(List.of("embeddings", "import")),
        Arguments.of(List.of("embeddings", "export")),
        Arguments.of(List.of("schema")));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpsWithAnExample(List<String> command) {
    String[] args =
        Stream.concat(command.stream(), Stream.of("--help", "--all")).toArray(String[]::new);
    String help = CommandLineRun.of(args).succeeded().out();
    String name = ("merganser " + String.join(" ", command)).strip();
    assertThat(help).startsWith("Usage: " + name + " ");
    assertThat(help.substring(help.indexOf("Example"))).contains(": " + name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "decode OUT 5 7|\"5\" is not read: ids come from standard input, a list a line: {\"ids\":"
            + " [5, 7]}",
        "decode --tokenizer OUT x|\"x\" is not read: ids come from standard input, a list a line:"
            + " {\"ids\": [1, 2]}",
        "tokenize OUT --jsonl low|\"low\" is not read: with --jsonl, standard input is",
        "convert x --to npy --pack-remainder pad|--pack-remainder has no effect without"
            + " --pack-length",
        "convert x --to npy --pack-strategy bestFit|--pack-strategy has no effect without"
            + " --pack-length",
        "convert x --to npy --shuffle-of documents|--shuffle-of has no effect without"
            + " --shuffle-seed",
        "train --vocab-size 9 --output x --counts c --text-field t|--text-field has no effect"
            + " without --input",
        "train --vocab-size 9 --output x --input c --group-by g|--group-by has no effect without"
            + " --mix",
        "audit OUT --rare 3|--rare has no effect without --input",
        "audit OUT --format lines|--format has no effect without --input",
        "trim OUT --output x --remove rare --text-field t|--text-field has no effect without"
            + " --input",
        "trim OUT --output x --ids i --input c|--input has no effect with --ids",
        "trim OUT --output x --keep-vocab 9 --input c --rare 3|--rare has no effect without"
            + " --remove",
        "trim OUT --output x --keep-vocab 9 --tensor t|--tensor has no effect without --table",
        "embeddings export x --to npy --tensor t --output x|--tensor has no effect with --to npy",
        "verify x --at 0 --full|--full has no effect with --at",
        "inspect x --job --skipped|--skipped has no effect with --job",
        "inspect x --job --json|--json has no effect with --job",
        "inspect x --skipped --tokens 3|--tokens has no effect with --skipped",
        "run pipelines/sample.yaml --explain --json|--json has no effect with --explain",
        "predict x low --strategy random --k 3|--k has no effect without --strategy top-k",
        "predict x low --strategy greedy --temperature 2|--temperature has no effect with"
            + " --strategy greedy",
        "count pipelines/sample.yaml --input c|--input has no effect beside pipelines/sample.yaml",
      })
  void refusesWhatHasNoEffect(String line, String message) {
    CommandLineRun ran = CommandLineRun.line(line.replace("OUT", tokenizer));

    assertThat(ran.endedWith(2).err()).startsWith("merganser: " + message);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void helpShowsTheHelpOfACommand() {
    assertThat(CommandLineRun.of("help", "run").succeeded().out())
        .isEqualTo(CommandLineRun.of("run", "--help").out());
    assertThat(CommandLineRun.of("help", "embeddings", "init").succeeded().out())
        .startsWith("Usage: merganser embeddings init ");
    assertThat(CommandLineRun.of("help").succeeded().out()).startsWith("Usage: merganser ");
  }

  @Test
  void takesBeamsFlagsWithASpace() throws IOException {
    CommandLineRun run =
        CommandLineRun.line(
            "run pipelines/sample.yaml --explain --targetParallelism 2 --runner DirectRunner");
    run.succeeded();
    assertThat(
            CommandLineRun.of(
                    "run", "pipelines/sample.yaml", "--targetParallelism", "x", "--explain")
                .endedWith(2)
                .err())
        .contains("targetParallelism");
  }

  @Test
  void takesNumbersAsPeopleWriteThem() {
    assertThat(CommandLineRun.of("predict", "--top=1Ti", "x").exitCode()).isEqualTo(2);
    assertThat(CommandLineRun.of("predict", "--top=1Ti", "x").err())
        .contains("Invalid value for option '--top': 1Ti is more than 2147483647");
    assertThat(CommandLineRun.of("predict", "--top=3x", "x").err())
        .contains(
            "Invalid value for option '--top': \"3x\" is not an integer such as 32000, 32k, 64Ki,"
                + " 5GiB or 1.5TB");
    Path table = folder.resolve("sizes.parquet");
    assertThat(
            CommandLineRun.line("embeddings init --rows 0.5Ki --dim 8 --output %s", table)
                .succeeded()
                .out())
        .contains("512");
  }

  @Test
  void takesBeamsFlagsAfterInputs() {
    for (String flag : List.of("--runner=NoRunner", "--runner NoRunner")) {
      assertThat(
              CommandLineRun.line(
                      "encode --tokenizer %s --output %s --input a b %s",
                      tokenizer, folder.resolve("x"), flag.split(" "))
                  .endedWith(2)
                  .err())
          .contains("NoRunner")
          .doesNotContain("Exception");
    }
    assertThat(CommandLineRun.of("encode", "--input", "--output", "x").endedWith(2).err())
        .contains("--input names no file");
    assertThat(CommandLineRun.of("encode", "--output", "--runner=x").endedWith(2).err())
        .contains("--runner=x")
        .doesNotContain("Exception");
  }

  @Test
  void namesTheLineOfATab() throws IOException {
    Path job = Files.writeString(folder.resolve("tab.yaml"), "corpus:\n\tinputs: [ a ]\n");
    assertThat(CommandLineRun.of("run", job.toString()).endedWith(2).err())
        .contains(job + ": line 2 is not YAML: found character '\\t(TAB)'");
  }

  @Test
  void takesARunOnceByArgumentOrOption() {
    assertThat(CommandLineRun.of("verify").endedWith(2).err())
        .contains("an argument is missing: the output folder of a run (or --run OUT)");
    assertThat(CommandLineRun.of("verify", "--run", "a", "b").endedWith(2).err())
        .contains("--run a and b are both given; name the run once");
    assertThat(
            CommandLineRun.of("tokenize", "--tokenizer", folder.toString(), "x").endedWith(2).err())
        .contains(folder + " is a folder without a tokenizer.json");
    assertThat(CommandLineRun.of("tokenize", "no such thing").endedWith(2).err())
        .contains("\"no such thing\" is neither a tokenizer.json nor the output folder of a run");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(CommandLineRun.of().endedWith(2).err()).contains("a command is missing");
    assertThat(CommandLineRun.of("tokenize").endedWith(2).err())
        .contains("a tokenizer is missing: name a tokenizer.json, or the output folder of a run");
    assertThat(CommandLineRun.of("embeddings", "init", "--dim", "2", "--output", "x").err())
        .contains("needs --rows or --tokenizer");
  }

  @Test
  void showsTheTokensOfATextToAPerson() {
    assertThat(
            CommandLineRun.of("tokenize", "--tokenizer", tokenizer, "low lower", "車\t")
                .succeeded()
                .out())
        .isEqualTo(shown("low lower 車\t"));
    assertThat(
            CommandLineRun.reading("low\n".getBytes(UTF_8), "tokenize", "--tokenizer", tokenizer)
                .succeeded()
                .out())
        .isEqualTo(shown("low\n"))
        .endsWith(" tokens, 4 bytes\n");
  }

  private static String shown(String text) {
    Tokenizer loaded = Tokenizer.read(Path.of(tokenizer));
    int[] ids = loaded.encode(text);
    StringBuilder lines = new StringBuilder();
    for (int id : ids) {
      String token = new String(loaded.bytes(id), UTF_8);
      lines.append(
          token.contains("\uFFFD")
              ? "%8d  bytes %s%n".formatted(id, hex(loaded.bytes(id)))
              : "%8d  \"%s\"%n".formatted(id, token.replace("\n", "\\n").replace("\t", "\\t")));
    }
    return lines + "%d tokens, %d bytes%n".formatted(ids.length, text.getBytes(UTF_8).length);
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bytes);
  }

  @Test
  void takesSpecialTextForTextUnlessToldOtherwise() {
    String[] text = {"tokenize", "--tokenizer", tokenizer, "<|end|>"};
    assertThat(CommandLineRun.of(text).succeeded().out()).doesNotContain("<|end|>");
    assertThat(
            CommandLineRun.of("tokenize", "--special-text", "parse", text[1], text[2], text[3])
                .succeeded()
                .out())
        .isEqualTo("       0  \"<|end|>\"\n1 token, 7 bytes\n");
    assertThat(
            CommandLineRun.of("tokenize", "--special-text", "reject", text[1], text[2], text[3])
                .endedWith(2)
                .err())
        .isEqualTo("merganser: the document holds the special token \"<|end|>\" at byte 0\n");
  }

  @Test
  void encodesJsonLinesInOrderAndDecodesThemBack() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      lines.append("{\"n\": %d, \"text\": \"lower %d 車\\n\"}\n".formatted(i, i));
      lines.append(i % 100 == 0 ? "\n" : "");
    }
    String ids = jsonl(lines.toString()).succeeded().out();
    assertThat(ids.lines()).hasSize(3000).allMatch(line -> line.matches("\\{\"ids\":\\[[\\d,]+]}"));
    String texts =
        CommandLineRun.reading(ids.getBytes(UTF_8), "decode", "--tokenizer", tokenizer)
            .succeeded()
            .out();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      expected.append("{\"text\":\"lower %d 車\\n\"}\n".formatted(i));
    }
    assertThat(texts).isEqualTo(expected.toString());
  }

  private static CommandLineRun jsonl(String lines) {
    return CommandLineRun.reading(
        lines.getBytes(UTF_8), "tokenize", "--tokenizer", tokenizer, "--jsonl");
  }

  @Test
  void encodesTheLastLineWithoutItsNewlineAndAnEmptyText() {
    assertThat(jsonl("{\"text\": \"\"}").succeeded().out()).isEqualTo("{\"ids\":[]}\n");
    assertThat(jsonl("").succeeded().out()).isEmpty();
  }

  @Test
  void namesTheFirstJsonLineItCannotEncodeAndWritesTheOnesBefore() {
    CommandLineRun ran = jsonl("{\"text\": \"low\"}\n\n{\"txt\": 1}\n{\"text\": \"low\"}\n");
    assertThat(ran.endedWith(2).out().lines()).hasSize(1);
    assertThat(ran.err()).startsWith("merganser: standard input, line 3: ");
    assertThat(jsonl("{\"text\": \"low\n").endedWith(2).err())
        .startsWith("merganser: standard input, line 1: ");
    assertThat(jsonl("{\"text\": \"\\ud800\"}\n").endedWith(2).err())
        .startsWith("merganser: standard input, line 1: ");
  }

  @Test
  void decodesHalfACharacterToItsBytes() {
    Tokenizer loaded = Tokenizer.read(Path.of(tokenizer));
    int first = loaded.id("è"); // byte 0xE8 in the byte-level alphabet
    assertThat(loaded.bytes(first)).containsExactly(0xE8);
    CommandLineRun ran = decode("{\"ids\": [" + first + "]}\n\n{\"ids\": []}\n");
    assertThat(ran.succeeded().out()).isEqualTo("{\"bytes\":\"6A==\"}\n{\"text\":\"\"}\n");
    assertThat(decode("{\"ids\": [0]}").succeeded().out()).isEqualTo("{\"text\":\"<|end|>\"}\n");
    assertThat(
            CommandLineRun.reading(
                    "{\"ids\": [0]}".getBytes(UTF_8),
                    "decode",
                    "--tokenizer",
                    tokenizer,
                    "--skip-special-tokens")
                .succeeded()
                .out())
        .isEqualTo("{\"text\":\"\"}\n");
  }

  private static CommandLineRun decode(String lines) {
    return CommandLineRun.reading(lines.getBytes(UTF_8), "decode", "--tokenizer", tokenizer);
  }

  @Test
  void namesTheLineItCannotDecode() {
    int bound = Tokenizer.read(Path.of(tokenizer)).idBound();
    assertThat(decode("{\"ids\": [1]}\n{\"ids\": [" + bound + "]}\n").endedWith(2).err())
        .isEqualTo(
            "merganser: standard input, line 2: %d is not an id of this tokenizer, whose ids are below %d\n"
                .formatted(bound, bound));
    assertThat(decode("{\"ids\": [-1]}").endedWith(2).err()).contains("line 1: -1 is not an id");
    assertThat(decode("{\"ids\": [1.5]}").endedWith(2).err()).contains("line 1: 1.5 is not an id");
    assertThat(decode("{\"text\": \"a\"}").endedWith(2).err())
        .isEqualTo(
            "merganser: standard input, line 1: has no list \"ids\"; expected {\"ids\": [1, 2]}\n");
    assertThat(decode("[1").endedWith(2).err())
        .startsWith("merganser: standard input, line 1: is not JSON: ");
  }

  @Test
  void inspectsATokenizer() throws IOException {
    String out = CommandLineRun.of("inspect", tokenizer, "--tokens", "3").succeeded().out();
    assertThat(out)
        .startsWith("A tokenizer: " + tokenizer + "\n")
        .contains("sha256                 " + Sha256.of(Files.readAllBytes(Path.of(tokenizer))))
        .containsPattern("ids +2\\d\\d\n")
        .contains("       0  \"<|end|>\"  (special)\n")
        .containsPattern("first merges\n +257  \"[a-z ]+\"\n")
        .contains("longest tokens\n       0  \"<|end|>\"\n");
    Path copy = Files.createDirectories(folder.resolve("model")).resolve("tokenizer.json");
    Files.copy(Path.of(tokenizer), copy);
    assertThat(
            CommandLineRun.of("inspect", copy.getParent().toString(), "--tokens=3")
                .succeeded()
                .out())
        .as("a folder with a tokenizer.json, which no run wrote")
        .isEqualTo(out.replace(tokenizer, copy.toString()));
  }

  @Test
  void inspectsARunAndItsTokenizerAsJson() throws IOException {
    JsonNode run = inspectAsJson(trained.toString());
    assertThat(run.get("path").textValue()).isEqualTo(trained.toString());
    assertThat(run.get("manifest"))
        .isEqualTo(new ObjectMapper().readTree(trained.resolve("manifest.json").toFile()));
    JsonNode file = inspectAsJson(tokenizer);
    assertThat(file.get("manifest").isNull()).isTrue();
    JsonNode told = file.get("tokenizer");
    assertThat(run.get("tokenizer")).isEqualTo(told);
    byte[] written = Files.readAllBytes(Path.of(tokenizer));
    JsonNode json = new ObjectMapper().readTree(written);
    assertThat(told.get("sha256").textValue()).isEqualTo(Sha256.of(written));
    assertThat(told.get("merges").intValue()).isEqualTo(json.at("/model/merges").size());
    assertThat(told.get("modelVocabulary").intValue()).isEqualTo(json.at("/model/vocab").size());
    assertThat(told.get("normalizer")).isEqualTo(json.get("normalizer"));
    assertThat(told.get("preTokenizer")).isEqualTo(json.get("pre_tokenizer"));
    assertThat(told.get("bytesWithoutToken")).isEmpty();
    assertThat(told.get("addedTokens")).hasSize(1);
    assertThat(told.at("/addedTokens/0/token").textValue()).isEqualTo("<|end|>");
    assertThat(told.at("/addedTokens/0/special").booleanValue()).isTrue();
    assertThat(told.get("firstMerges")).hasSize(10);
    assertThat(told.at("/firstMerges/0/id").intValue()).isEqualTo(257);
    assertThat(CommandLineRun.of("inspect", tokenizer, "--tokens=-1").endedWith(2).err())
        .contains("--tokens is -1; it must be at least 0");
  }

  @Test
  void theFirstMergesOfATokenizerWithAPrefixAreListed() throws IOException {
    Path file = folder.resolve("prefix.json");
    Files.writeString(
        file,
        """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
         "normalizer": null, "pre_tokenizer": null, "post_processor": null, "decoder": null,
         "model": {"type": "BPE", "dropout": null, "unk_token": null,
           "continuing_subword_prefix": "##", "end_of_word_suffix": null, "fuse_unk": false,
           "byte_fallback": false, "ignore_merges": false,
           "vocab": {"a": 0, "##b": 1, "ab": 2}, "merges": [["a", "##b"]]}}
        """);
    JsonNode merges = inspectAsJson(file.toString()).at("/tokenizer/firstMerges");
    assertThat(merges).singleElement();
    assertThat(merges.at("/0/token").textValue()).isEqualTo("ab");
  }

  private static JsonNode inspectAsJson(String target) throws IOException {
    CommandLineRun run = CommandLineRun.of("inspect", target, "--json").succeeded();
    assertThat(run.err()).isEmpty();
    return new ObjectMapper()
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .readTree(run.out());
  }

  @Test
  void inspectsAnOutputFolder() {
    assertThat(CommandLineRun.of("inspect", trained.toString()).succeeded().out())
        .startsWith("A run's output: " + trained + "\n")
        .containsPattern("files written +7\n")
        .contains("\"vocabSize\" : 270")
        .contains("A tokenizer: " + tokenizer);
    assertThat(CommandLineRun.of("inspect", folder.toString()).endedWith(2).err())
        .contains("has no manifest.json");
    assertThat(CommandLineRun.of("inspect", folder.resolve("no").toString()).endedWith(2).err())
        .isEqualTo("merganser: " + folder.resolve("no") + ": there is no such file\n");
  }

  @Test
  void explainsAJobWithoutRunningIt() {
    Path out = folder.resolve("explained");
    String explained =
        CommandLineRun.of("run", "pipelines/sample.yaml", "--explain", "--set", "output=" + out)
            .succeeded()
            .out();
    assertThat(explained)
        .startsWith("# the job, with every default\nname: null\ncorpus:\n")
        .contains("maxDocumentBytes: 67108864")
        .contains(
            """
            # stages
            count pretokens: 1 unit, 3 files, 3\
            """)
        .contains("encode: 1 unit, 3 files, ")
        .contains("\nlearn merges\n", "\njoin embeddings\n")
        .containsPattern(
            """
            # units
            unit 0: [\\d,]+ bytes
              asia.jsonl \\(jsonl, none\\)
              europe.jsonl \\(jsonl, none\\)
              symbols-and-code.jsonl \\(jsonl, none\\)
            $\
            """);
    assertThat(out).doesNotExist();
  }

  @Test
  void printsTheSchemaOfTheJobFile() {
    assertThat(CommandLineRun.of("schema").succeeded().out()).isEqualTo(JobSchema.json());
  }

  @Test
  void initsTheSameEmbeddingTableEveryTime() throws IOException {
    Path first = folder.resolve("first.parquet");
    Path second = folder.resolve("second.parquet");
    for (Path table : List.of(first, second)) {
      assertThat(
              CommandLineRun.line(
                      "embeddings init --tokenizer %s --dim 4 --seed 5 --output %s",
                      tokenizer, table)
                  .succeeded()
                  .out())
          .isEqualTo(
              "Wrote %s: %d rows of 4 floats\n"
                  .formatted(table, Tokenizer.read(Path.of(tokenizer)).idBound()));
    }
    assertThat(Sha256.of(first)).isEqualTo(Sha256.of(second));
  }
}
