package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.receipt.GroupRow;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/** The sample job from end to end: the same bytes from anywhere, and what they hold. */
@Tag("run")
final class SampleRunTest {
  private static final Path CORPUS = Path.of("sample-data/corpus");

  @TempDir static Path folder;
  private static Path base;
  private static CommandLineRun ran;

  @BeforeAll
  static void runTheSampleOnOneThread() {
    base = folder.resolve("base");
    ran = Jobs.sample(base, "--targetParallelism=1").succeeded();
  }

  /** In some locales digits are not ASCII, "I" is no capital of "i", or years are others. */
  @Test
  @Tag("long")
  void writesTheSameBytesAndAsciiDigitsInEveryLocale() throws Exception {
    List<String> locales =
        List.of(
            "-Duser.language=ar -Duser.country=EG",
            "-Duser.language=tr -Duser.country=TR",
            "-Duser.language=th -Duser.country=TH -Duser.extensions=u-ca-buddhist-nu-thai");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < locales.size(); i++) {
      List<String> options = new ArrayList<>(List.of(locales.get(i).split(" ")));
      options.add("-Dfile.encoding=UTF-8");
      String[] job = {"run", "pipelines/sample.yaml", "--set", Jobs.VOCABULARY, "--set"};
      List<String> args = new ArrayList<>(List.of(job));
      args.add("output=" + folder.resolve("locale-" + i));
      processes.add(
          ChildProcess.start(
              new ProcessBuilder(JavaProcess.command(options, "org.merganser.cli.Main", args))
                  .redirectErrorStream(true)
                  .redirectOutput(folder.resolve("locale-" + i + ".txt").toFile())));
    }
    for (int i = 0; i < locales.size(); i++) {
      int exitCode = processes.get(i).waitFor();
      String printed = Files.readString(folder.resolve("locale-" + i + ".txt"));
      assertThat(exitCode).as("%s: %s", locales.get(i), printed).isZero();
      assertThat(printed.codePoints().filter(c -> Character.isDigit(c) && c > '9'))
          .as("digits in %s: %s", locales.get(i), printed)
          .isEmpty();
      assertThat(OutputTree.sums(folder.resolve("locale-" + i)))
          .as(locales.get(i))
          .isEqualTo(OutputTree.sums(base));
    }
  }

  @Test
  void writesEverythingOfTheOutputLayout() throws IOException {
    assertThat(OutputTree.sums(base).keySet())
        .containsExactly(
            "README.md",
            "embedded/pooled/part-0000000-000.parquet",
            "embedded/rows.parquet",
            "inputs.jsonl",
            "learned/ngrams.bin",
            "manifest.json",
            "outputs.jsonl",
            "shards/parquet/part-0000000-000.parquet",
            "statistics.json",
            "tokenizer/merges.txt",
            "tokenizer/special_tokens_map.json",
            "tokenizer/token_bytes.npy",
            "tokenizer/tokenizer.json",
            "tokenizer/tokenizer.tiktoken",
            "tokenizer/tokenizer_config.json",
            "tokenizer/vocab.json");
    assertThat(ManifestVerification.check("" + base, true).findings()).isEmpty();
  }

  @Test
  void endsBySayingWhatItMadeAndTheHeadlineFigures() {
    assertThat(ran.out())
        .contains("Wrote " + base)
        .containsPattern("documents +16\n")
        .containsPattern("text bytes +384,590\n")
        .containsPattern("bytes per token +\\d\\.\\d{3}\n")
        .containsPattern("vocabulary +1,024\n")
        .containsPattern("\ntime +[\\d.]+ s\n")
        .containsPattern("\npage +file:///.*/report.html \\(it has text of 16 documents; .*\\)\n")
        .endsWith("\nnext             merganser predict --run " + base + " 'Once upon a'\n");
    assertThat(ran.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void givesTheSameBytesWhateverTheParallelism(int threads) throws IOException {
    Path out = folder.resolve("parallel-" + threads);
    Jobs.sample(out, "--targetParallelism=" + threads).succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(base));
  }

  @Test
  void givesTheSameBytesUnderTheChecksOfTheDirectRunner() throws IOException {
    Path out = folder.resolve("enforced");
    Jobs.sample(out, "--enforceImmutability=true", "--enforceEncodability=true").succeeded();
    assertThat(OutputTree.sums(out)).isEqualTo(OutputTree.sums(base));
  }

  @Test
  void givesTheSameBytesFromFilesMadeAndListedInAnotherOrder() throws IOException {
    Path corpus = folder.resolve("corpus");
    List<Path> files = new ArrayList<>();
    try (Stream<Path> listed = Files.list(CORPUS)) {
      listed.sorted().forEach(files::add);
    }
    copy(files, corpus, 1_000_000_000_000L);
    Path forth = folder.resolve("forth");
    Jobs.sample(forth, "learn=null", "corpus.inputs=[" + corpus + "]").succeeded();

    Collections.reverse(files);
    copy(files, corpus, 1_500_000_000_000L);
    Path back = folder.resolve("back");
    Jobs.sample(back, "learn=null", "corpus.inputs=[" + corpus + "]").succeeded();
    assertThat(OutputTree.sums(back)).isEqualTo(OutputTree.sums(forth));

    Path glob = folder.resolve("glob");
    Jobs.sample(glob, "corpus.inputs=['" + corpus + "/{symbols-and-code,europe,asia}.jsonl']")
        .succeeded();
    SortedMap<String, String> sums = OutputTree.sums(glob);
    SortedMap<String, String> expected = new TreeMap<>(OutputTree.sums(base));
    sums.remove("manifest.json"); // it holds the job, whose inputs are spelled otherwise
    expected.remove("manifest.json");
    assertThat(sums).isEqualTo(expected);
  }

  @Test
  void learnsTheSameVocabularyFromInputsListedInAnotherOrder() throws IOException {
    Path out = folder.resolve("listed");
    Jobs.sample(
            out,
            "corpus.inputs=[sample-data/corpus/symbols-and-code.jsonl,"
                + " sample-data/corpus/europe.jsonl, sample-data/corpus/asia.jsonl]",
            "learn=null",
            "embeddings=null")
        .succeeded();
    assertThat(OutputTree.sums(out, "tokenizer/")).isEqualTo(OutputTree.sums(base, "tokenizer/"));
    assertThat(OutputTree.sums(out, "shards/")).isNotEqualTo(OutputTree.sums(base, "shards/"));
  }

  @Test
  void doesNothingTheSecondTimeAndSaysSo() throws IOException {
    SortedMap<String, FileTime> before = OutputTree.times(base, "");
    CommandLineRun again = Jobs.sample(base).succeeded();
    assertThat(again.out())
        .isEqualTo(
            ("Nothing to do: %s is already the result of this job and input.\n"
                    + "page             file://%s/report.html (it has text of 16 documents;"
                    + " report.documents: 0 leaves text out)\n"
                    + "train on         %s/shards/parquet/part-0000000-000.parquet\n"
                    + "open             python3 -c 'f = \"%s/shards/parquet/\";"
                    + " import pyarrow.dataset as d; print(d.dataset(f).head(3))'\n"
                    + "next             merganser predict --run %s 'Once upon a'\n")
                .formatted(base, base, base, base, base));
    assertThat(OutputTree.times(base, "")).isEqualTo(before);
  }

  @Test
  void countsByGroupInReceipts() throws IOException {
    UnitReceipt receipt = null;
    for (String path : OutputTree.files(base.resolve("run/units"))) {
      if (path.endsWith(".json")) {
        UnitReceipt found =
            UnitReceipt.read(Files.readAllBytes(base.resolve("run/units").resolve(path)), path);
        receipt = found.stage().equals("encode") ? found : receipt;
      }
    }
    assertThat(receipt).isNotNull();
    assertThat(receipt.groups())
        .hasSizeGreaterThanOrEqualTo(13)
        .extracting(GroupRow::group)
        .contains("en", "ja");
    assertThat(receipt.groups().stream().mapToLong(g -> g.counts().documents()).sum())
        .isEqualTo(16);
    assertThat(receipt.groups().stream().mapToLong(g -> g.counts().tokens()).sum())
        .isEqualTo(receipt.inputs().stream().mapToLong(r -> r.sums().tokens()).sum());
  }

  @Test
  void trainsWithTheCommandWhatTheJobTrains() throws IOException {
    Path out = folder.resolve("trained");
    Jobs.train(
        out,
        "--input sample-data/corpus --format jsonl --vocab-size 1024 --pattern qwen2 --normalizer"
            + " nfc --special-token <|endoftext|>");
    assertThat(Files.readAllBytes(out.resolve("tokenizer.json")))
        .isEqualTo(Files.readAllBytes(base.resolve("tokenizer/tokenizer.json")));
    assertThat(OutputTree.sums(out).keySet())
        .containsExactly(
            "inputs.jsonl",
            "manifest.json",
            "merges.txt",
            "outputs.jsonl",
            "special_tokens_map.json",
            "token_bytes.npy",
            "tokenizer.json",
            "tokenizer.tiktoken",
            "tokenizer_config.json",
            "vocab.json");
  }

  @Test
  void readsTheTextOnceWhenTheTokenizerIsLoaded() throws IOException {
    Path out = folder.resolve("loaded");
    String trained = base.resolve("tokenizer/tokenizer.json").toString();

    CommandLineRun.line(
            "encode --tokenizer %s --input sample-data/corpus --group-by lang --end-of-document"
                + " <|endoftext|> --output %s",
            trained, out)
        .succeeded();
    assertThat(OutputTree.sums(out, "shards/")).isEqualTo(OutputTree.sums(base, "shards/"));
    assertThat(OutputTree.sums(out, "tokenizer/")).isEqualTo(OutputTree.sums(base, "tokenizer/"));
    assertThat(out.resolve("run/counts")).doesNotExist();
  }

  @Test
  void joinsTheShardsOfAnEarlierRunAsThatRunDid() throws IOException {
    Path out = folder.resolve("embed");
    CommandLineRun.line(
            "embed --run %s --table sample-data/embeddings.parquet --outputs rows,pooled"
                + " --output %s",
            base, out)
        .succeeded();
    assertThat(OutputTree.sums(out, "embedded/")).isEqualTo(OutputTree.sums(base, "embedded/"));
    assertThat(out.resolve("shards")).doesNotExist();
  }

  private static void copy(List<Path> files, Path corpus, long modified) throws IOException {
    Files.createDirectories(corpus);
    for (Path file : files) {
      Files.deleteIfExists(corpus.resolve(file.getFileName()));
    }
    for (Path file : files) {
      Path copy = Files.copy(file, corpus.resolve(file.getFileName()));
      Files.setLastModifiedTime(copy, FileTime.fromMillis(modified++));
    }
  }
}
