package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong command lines: what is said of them, in at most four lines, and the exit code 2. */
final class UsageErrorsTest {
  private static String[] said(String line) {
    CommandLineRun run = CommandLineRun.of(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(run.endedWith(2).out()).as(line).isEmpty();
    String[] lines = run.err().split("\n");
    assertThat(lines).as(line).hasSizeBetween(2, 4);
    assertThat(lines[0]).startsWith("merganser: ");
    return lines;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --verbos                                | merganser             | there is no option --verbos here
          run job.yaml --replac                   | merganser run         | there is no option --replac here; did you mean "--replace"?
          run job.yaml --dry-run                  | merganser run         | there is no option --dry-run here; did you mean "--explain"?
          run job.yaml --vocab-size 500           | merganser run         | there is no option --vocab-size here; here it is --set tokenizer.train.vocabSize=…
          run job.yaml --plan                     | merganser run         | there is no option --plan here; did you mean "--explain"?
          encode --formats bin                    | merganser encode      | there is no option --formats here; did you mean "--to"?
          run --replac                            | merganser run         | there is no option --replac here; did you mean "--replace"?
          run job.yaml --targetParalelism 3       | merganser run         | there is no option --targetParalelism here; did you mean "--targetParallelism"?
          run job.yaml --runer=FlinkRunner        | merganser run         | there is no option --runer here; did you mean "--runner"?
          run job.yaml --flinkMaster=host:8081    | merganser run         | there is no option --flinkMaster here; --flinkMaster goes with --runner=FlinkRunner
          run job.yaml other.yaml                 | merganser run         | there is no place for the argument "other.yaml"
          compare A src docs --input I            | merganser compare     | src is a folder without a tokenizer.json; name a tokenizer.json, or the output folder of a run
          verify OUT --ful                        | merganser verify      | there is no option --ful here; did you mean "--full"?
          log OUT --jsn                           | merganser log         | there is no option --jsn here; did you mean "--json"?
          count job.yaml --tokeniser T            | merganser count       | there is no option --tokeniser here; did you mean "--tokenizer"?
          train --vocabsize 300                   | merganser train       | there is no option --vocabsize here; did you mean "--vocab-size"?
          embeddings init --dimm=3                | merganser embeddings init | there is no option --dimm here; did you mean "--dim"?
          cat OUT --lim 3                         | merganser cat         | there is no option --lim here; did you mean "--limit"?
          convert OUT --to npy,megatrom           | merganser convert     | --to: "megatrom" is not allowed; allowed: parquet, megatron, bin, npy, datatrove, litdata, dolma; did you mean "megatron"?
          encode --tokenizer T --input I --output O --format josnl | merganser encode | --format: "josnl" is not allowed; allowed: auto, text, lines, paragraphs, jsonl, json, csv, tsv, parquet, warc; did you mean "jsonl"?
          predict OUT --strategy topk Text        | merganser predict     | --strategy: "topk" is not allowed; allowed: greedy, random, top-k, temperature; did you mean "top-k"?
          """)
  void namesWhatIsWrongAndTheNearestRightForm(String line, String command, String problem) {
    assertThat(said(line)).containsExactly("merganser: " + problem, "See " + command + " --help");
  }

  @ParameterizedTest
  @CsvSource({
    "foo, merganser, ''",
    "foo --help, merganser, ''",
    "help foo, merganser, ''",
    "--help foo, merganser, ''",
    "rnu, merganser, run",
    "trian, merganser, train",
    "tokenise, merganser, tokenize",
    "embeding, merganser, embeddings",
    "tok, merganser, tokenize",
    "embeddings inti, merganser embeddings, init",
    "embeddings foo --help, merganser embeddings, ''",
  })
  void namesTheNearestCommandIfOneIsNear(String line, String group, String near) {
    String name = line.replaceAll("embeddings | ?--help ?|help ", "");
    String suggestion = near.isEmpty() ? "" : "; did you mean \"" + near + "\"?";
    assertThat(said(line))
        .containsExactly(
            "merganser: there is no command \"" + name + "\"" + suggestion,
            "See " + group + " --help");
  }

  @Test
  void saysHowACommandIsCalledThatLacksSomething() {
    assertThat(said("run job.yaml -x"))
        .containsExactly(
            "merganser: there is no option -x here",
            "Usage: merganser run [OPTIONS] JOB.yaml",
            "See merganser run --help");
    assertThat(said("init --input corpus")[1]).startsWith("Usage: merganser init ");
    assertThat(said("run")[1]).startsWith("Usage: merganser run ").endsWith(" JOB.yaml");
    assertThat(said("convert OUT")[0]).contains("Missing required option: '--to=");
    assertThat(said("run job.yaml --set")[0]).contains("--set").contains("KEY=VALUE");
    assertThat(said("")[0]).endsWith("merganser init FOLDER --output JOB.yaml");
  }
}
