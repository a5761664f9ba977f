package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import org.merganser.json.Json;

/** The first minute of a user with a folder that nobody prepared. */
@Tag("run")
final class InitTest {
  @TempDir Path folder;

  private Path corpus() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("my corpus"));
    for (int i = 0; i < 3; i++) {
      Files.writeString(
          corpus.resolve("part-" + i + ".jsonl"),
          "{\"body\": \"low lower lowest %d\", \"url\": \"http://x/%d\"}\n"
              .formatted(i, i)
              .repeat(1));
    }
    return corpus;
  }

  @Test
  void theJobThatItWritesRuns() throws IOException {
    Path job = Files.createDirectories(folder.resolve("jobs")).resolve("first.yaml");
    CommandLineRun init =
        CommandLineRun.of("init", corpus().toString(), "--output", job.toString()).succeeded();
    assertThat(init.out())
        .startsWith(
            """
            3 files, 156 B stored, about 156 B of text

            format     names          files      bytes  such as
            jsonl      .jsonl             3      156 B  "part-0.jsonl"

            field                 filled  in 3 records
            body                   100 %%  text, 18 characters on average: "low lower lowest 0"
            url                    100 %%  text, 10 characters on average: "http://x/0"

            Each line is a record, and each record is one document, such as:
              "http://x/0": "low lower lowest 0"
              "http://x/1": "low lower lowest 1"
              "http://x/2": "low lower lowest 2"

            Wrote %s
            next             merganser run %s
            """
                .formatted(job, job));
    CommandLineRun run = CommandLineRun.of("run", job.toString(), "--json").succeeded();
    assertThat(run.out()).startsWith("{\n  \"exitCode\" : 0,").contains("\"documents\" : 3,");
    assertThat(run.err()).contains("documents                      3\n");
    assertThat(folder.resolve("jobs/my-corpus-tokenized/manifest.json")).exists();

    CommandLineRun again =
        CommandLineRun.of("init", corpus().toString(), "--output", job.toString());
    assertThat(again.endedWith(2).err()).contains("this file exists already");
    assertThat(CommandLineRun.of("run", job.toString(), "--quiet").succeeded().out()).isEmpty();
  }

  @Test
  void aJobWithSplitsAndATokenizerRuns() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    for (String split : List.of("train", "dev", "test")) {
      Files.writeString(data.resolve(split + ".jsonl"), "{\"text\": \"a " + split + "\"}\n");
    }
    Path tokenizer = folder.resolve("tokenizer");
    CommandLineRun.line(
            "train --input sample-data/corpus --vocab-size 300 --pattern gpt2"
                + " --special-token <|endoftext|> --output %s",
            tokenizer)
        .succeeded();
    Path job = folder.resolve("job.yaml");
    String init = "init %s --tokenizer %s --output %s";
    assertThat(CommandLineRun.line(init, data, tokenizer, job).succeeded().out())
        .containsPattern("test +1 +[0-9]+ B  not read ");
    assertThat(Files.readString(job))
        .contains(
            "  load: \"" + tokenizer + "/tokenizer.json\"  # its ids stay; nothing is learned\n")
        .contains("endOfDocument: null  # the tokenizer names no token that ends a text\n")
        .doesNotContain("train:");
    CommandLineRun.of("run", job.toString()).succeeded();
    Path out = folder.resolve("data-tokenized");
    assertThat(out.resolve("validation/parquet")).isDirectory();
    assertThat(Files.readString(out.resolve("inputs.jsonl")))
        .contains("train.jsonl", "dev.jsonl")
        .doesNotContain("test.jsonl");

    Files.writeString(
        tokenizer.resolve("tokenizer_config.json"),
        "{\"eos_token\": {\"content\": \"<|endoftext|>\"}}");
    Files.delete(job);
    CommandLineRun.line(init, data, tokenizer, job).succeeded();
    assertThat(Files.readString(job))
        .contains("endOfDocument: \"<|endoftext|>\"  # ends a text, as the tokenizer has it\n")
        .doesNotContain("beginOfDocument");

    Path file = tokenizer.resolve("tokenizer.json");
    ObjectNode json = (ObjectNode) Json.MAPPER.readTree(file.toFile());
    json.set(
        "post_processor",
        Json.MAPPER.readTree(
            """
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens":
               {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [0], "tokens": ["<|endoftext|>"]}}}
            """));
    Files.write(file, Json.MAPPER.writeValueAsBytes(json));
    Files.delete(job);
    CommandLineRun.line(init, data, tokenizer, job).succeeded();
    assertThat(Files.readString(job))
        .contains(
            "  beginOfDocument: \"<|endoftext|>\"  # begins a text, as the tokenizer's template has"
                + " it\n  endOfDocument: ");
    CommandLineRun.of("run", job.toString(), "--replace").succeeded();
    assertThat(Files.readString(out.resolve("statistics.json"))).contains("\"begun\"");
  }

  @Test
  void looksIntoCsvAndQuotesNamesWithDots() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("tables"));
    Files.writeString(
        corpus.resolve("a.csv"),
        "\uFEFFid,meta.body\n1,\"a long text, with\nlines\"\n2,another long text\n");
    Path job = folder.resolve("job.yaml");
    CommandLineRun.of("init", corpus.toString(), "--output", job.toString()).succeeded();
    assertThat(Files.readString(job))
        .containsPattern("#   csv +\\.csv +1 ")
        .contains("textField: \"[\\\"meta.body\\\"]\"\n")
        .contains("idField: \"id\"\n");
    assertThat(CommandLineRun.of("run", job.toString(), "--json").succeeded().out())
        .contains("\"documents\" : 2,");
  }

  @Test
  void withoutAFileItIsPrintedAndTheSameEachTime() throws IOException {
    String corpus = corpus().toString();
    String printed = CommandLineRun.of("init", corpus).succeeded().out();
    assertThat(printed)
        .contains("textField: \"body\"\n")
        .contains(" that init has read.\n  idField: \"url\"\n");
    CommandLineRun again = CommandLineRun.of("init", corpus);
    assertThat(again.out()).isEqualTo(printed);
    assertThat(again.err()).endsWith(" --output my-corpus.yaml\n").startsWith("next  ");
    assertThat(CommandLineRun.of("init", corpus + "/none").endedWith(2).err()).contains("none");
    Path named = Files.createDirectories(folder.resolve("(2) 日本語"));
    Files.writeString(named.resolve("a.txt"), "Some text.\n");
    assertThat(CommandLineRun.of("init", named.toString()).succeeded().out())
        .contains("output: \"2-日本語-tokenized\"\n");
  }

  /** As of Kaggle's spam.csv, which is not UTF-8. */
  @Test
  void unnamedColumnsAreNoFields() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("spam"));
    Path file = corpus.resolve("spam.csv");
    String rows =
        "v1,v2,,,\r\n"
            + "ham,\"Go until jurong point, crazy.. Available only in bugis\",,,\r\n"
            + "ham,Ok lar... Joking wif u oni...,,,\r\n"
            + "ham,U dun say so early hor... U c already then say...,,,\r\n"
            + "spam,Free entry in 2 a wkly comp to win \u00a3 100 \u2013 text FA, now,,\r\n"
                .repeat(5);
    Files.writeString(file, rows);
    CommandLineRun init = CommandLineRun.of("init", corpus.toString()).succeeded();
    assertThat(init.out())
        .contains("  textField: \"v2\"\n")
        .containsPattern("#   v1 +100 %  \"spam\".*\n#   v2 +100 %  text.*\n#\n");
    Files.write(file, rows.getBytes(Charset.forName("windows-1252")));
    CommandLineRun other = CommandLineRun.of("init", corpus.toString()).succeeded();
    assertThat(other.out()).contains("  textField: \"v2\"\n");
    assertThat(other.err())
        .contains("the text seems to be in WINDOWS-1252: convert it with iconv -f WINDOWS-1252");
    Files.writeString(file, "note,note,label\n" + "a text,a better text,good\n".repeat(9));
    assertThat(CommandLineRun.of("init", corpus.toString()).endedWith(2).err())
        .contains("spam.csv: the columns 1 and 2 have one name, \"note\", so that no key");
    Files.writeString(file, "\"a\nb\",body,\"a\nb\"\n" + "1,a text of some length,2\n".repeat(9));
    assertThat(CommandLineRun.of("init", corpus.toString()).succeeded().out())
        .contains("#   look at: spam.csv: the columns 1 and 3 have one name, \"a\\nb\", so")
        .contains("textField: \"body\"");
  }

  @Test
  void theOutputFolderOfARunIsNoCorpus() throws IOException {
    Path out = folder.resolve("out");
    String train = "train --input %s --vocab-size 270 --pattern gpt2 --text-field body --output %s";
    CommandLineRun.line(train, corpus(), out).succeeded();
    String refusal =
        "the input %s is the output folder of a run, which holds no corpus; name the corpus that"
            + " this run read";
    for (CommandLineRun run :
        List.of(
            CommandLineRun.of("init", out.toString()),
            CommandLineRun.line(train, out, folder.resolve("other")),
            CommandLineRun.line("count --input %s --tokenizer %s", out + "/", out))) {
      assertThat(run.endedWith(2).err())
          .contains("is the output folder of a run, which holds no corpus; name the corpus that");
    }
    assertThat(CommandLineRun.line(train, out, out).endedWith(2).err()).contains("lies in");
    CommandLineRun.of("init", out + "/*.txt").succeeded();
  }

  @Test
  void aJobFileWithinItsCorpusIsRefused() throws IOException {
    Path job = corpus().resolve("job.yaml");
    assertThat(
            CommandLineRun.of("init", corpus().toString(), "--output", job.toString())
                .endedWith(2)
                .err())
        .contains("lies in the input");
    assertThat(job).doesNotExist();
  }

  @Test
  void aJobFileWhoseOutputWouldHoldTheCorpusIsRefused() throws IOException {
    Path holder = Files.createDirectories(folder.resolve("mine-tokenized"));
    Path moved = Files.move(corpus(), holder.resolve("mine"));
    Path job = folder.resolve("job.yaml");
    assertThat(
            CommandLineRun.of("init", moved.toString(), "--output", job.toString())
                .endedWith(2)
                .err())
        .contains("the input " + moved + " lies in " + holder);
    assertThat(job).doesNotExist();
  }

  /** A model whose template stands each turn between two marks. */
  private static final String TRANSFORMERS =
      """
      class AutoTokenizer:
          def from_pretrained(name):
              return AutoTokenizer()
          def apply_chat_template(self, turns, tokenize, add_generation_prompt):
              text = "".join("<|im_start|>%s\\n%s<|im_end|>" % (t["role"], t["content"]) for t in turns)
              return text + ("<|im_start|>assistant\\n" if add_generation_prompt else "")
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\": 1, \"messages\": [{\"role\": \"user\", \"content\": \"Who?\"},"
            + " {\"role\": \"assistant\", \"content\": \"Me.\"}]}",
        "{\"data\": {\"conversations\": [{\"from\": \"human\", \"value\": \"Who?\"},"
            + " {\"from\": \"gpt\", \"value\": \"Me.\"}]}}",
        "[{\"role\": \"user\", \"content\": \"Who?\"}, {\"role\": \"assistant\", \"content\":"
            + " \"Me.\"}]"
      })
  void chatsBecomeSegmentsByTheLinesThatItPrints(String chat) throws Exception {
    assumeThat(Path.of("/usr/bin/python3")).exists();
    Files.writeString(folder.resolve("transformers.py"), TRANSFORMERS);
    Path chats = Files.writeString(folder.resolve("chats.jsonl"), chat + "\n");
    String advice = CommandLineRun.of("init", chats.toString()).endedWith(2).err();
    String code = advice.substring(advice.indexOf("import json"), advice.indexOf("Save them as"));
    assertThat(code.strip().lines()).hasSize(5);
    Files.writeString(folder.resolve("render.py"), code);
    Process python =
        ChildProcess.start(
            new ProcessBuilder("/usr/bin/python3", "render.py")
                .directory(folder.toFile())
                .redirectInput(chats.toFile())
                .redirectErrorStream(true));
    String segments = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(segments)
        .isEqualTo(
            """
            {"segments": [{"text": "<|im_start|>user\\nWho?<|im_end|><|im_start|>assistant\\n", "loss": false}, {"text": "Me.<|im_end|>", "loss": true}]}
            """);
    Path rendered = Files.writeString(folder.resolve("segments.jsonl"), segments);
    Path job = folder.resolve("segments.yaml");
    CommandLineRun.of("init", rendered.toString(), "--output", job.toString()).succeeded();
    CommandLineRun.of("run", job.toString()).succeeded();

    // A run that takes the chats for records with a text prints the same lines, for any file.
    Files.writeString(job, Files.readString(job).replace("segments.jsonl", "chats.jsonl"));
    String[] told = {"holds chats. They become text by the template of the model", code.strip()};
    List<String> output = List.of("output=" + folder.resolve("none"));
    assertThat(CommandLineRun.with(output, "run", job.toString()).endedWith(3).err())
        .contains("there is no text to train on")
        .contains(told);
    List<String> loaded =
        List.of(
            "output=" + folder.resolve("none"),
            "tokenizer.train=null",
            "tokenizer.load=" + folder.resolve("segments-tokenized"));
    assertThat(CommandLineRun.with(loaded, "run", job.toString()).endedWith(3).err())
        .contains("no document was kept")
        .contains(told);
  }
}
