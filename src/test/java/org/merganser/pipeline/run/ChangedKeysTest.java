package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.JobKeys;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;

/**
 * Every key of the job, changed or added on a finished run: no published byte changes without
 * {@code --replace}.
 */
@Tag("run")
final class ChangedKeysTest {
  private static final String JOB =
      """
      corpus: { inputs: [ corpus ], format: jsonl, validation: 0.2 }
      tokenizer: { train: { vocabSize: 300, pattern: gpt2, specialTokens: [ "<|e|>", "<|p|>" ] } }
      shards: { endOfDocument: "<|e|>", groupBy: lang, partitionBy: lang, formats: [ npy ] }
      embeddings: { table: table.parquet, output: [ rows ] }
      learn: { ngrams: 1 }
      report: { sampleBytes: 1Ki }
      output: out
      """;

  /** Keys whose change goes on without asking: no data file changes, or only new ones appear. */
  private static final Map<String, String> FREE = new LinkedHashMap<>();

  /** Keys whose change is refused, as is each added value. */
  private static final Map<String, String> REFUSED = new LinkedHashMap<>();

  static {
    String free =
        """
        name=A title
        corpus.failOnDeadLetters=true
        corpus.maxDeadLetterRate=0.5
        embeddings.maxSequenceBytes=2Gi
        embeddings.output=[rows, pooled]
        report.enabled=false
        report.granularities=false
        report.documents=5
        report.sampleBytes=2Ki
        report.reference=other.json
        shards.formats=[npy, bin]
        shards.partition.maxGroups=7
        tokenizer.train.keepCounts=true
        """;
    String refused =
        """
        corpus.inputs=[corpus, other]
        corpus.exclude=[b.jsonl]
        corpus.includeAll=true
        corpus.format=lines
        corpus.separator=---
        corpus.textField=title
        corpus.segmentsField=segments
        corpus.idField=title
        corpus.splitField=title
        corpus.maxDocumentBytes=1024
        corpus.maxWholeDocumentBytes=100Mi
        corpus.invalidUtf8=replace
        corpus.validation=0.3
        corpus.validationInputs=[other]
        corpus.deduplicate=exact
        corpus.excludeIds=ids.txt
        tokenizer.load=other.json
        tokenizer.specialText=parse
        tokenizer.fileVersion=2
        tokenizer.train.vocabSize=310
        tokenizer.train.family=qwen2
        tokenizer.train.pattern=cl100k
        tokenizer.train.normalizer=nfc
        tokenizer.train.inputs=[other]
        tokenizer.train.maxBytes=900
        tokenizer.train.mix={en: 1}
        tokenizer.train.feed=lineWithNewline
        tokenizer.train.minFrequency=3
        tokenizer.train.minPretokenCount=2
        tokenizer.train.maxTokenLength=3
        tokenizer.train.initialAlphabet=seen
        tokenizer.train.characters=[x]
        tokenizer.train.limitAlphabet=20
        tokenizer.train.specialTokens=[<|e|>]
        tokenizer.train.addedTokens=[rose]
        tokenizer.train.reserved=1
        tokenizer.train.padTo=64
        tokenizer.train.allowMergeableSpecialTokens=true
        tokenizer.train.counts=[counts.tsv]
        tokenizer.train.countWeights=[2]
        tokenizer.train.continueFrom=other.json
        tokenizer.train.parity.ratios={en: 1, de: 2}
        tokenizer.train.parity.dev=[other]
        tokenizer.train.parity.globalMerges=1
        tokenizer.train.parity.window=3
        tokenizer.train.parity.alpha=3
        tokenizer.train.superwords.from=0.8
        tokenizer.train.superwords.pattern='[a-z ]+'
        shards.from=[elsewhere]
        shards.beginOfDocument=<|p|>
        shards.endOfDocument=<|p|>
        shards.groupBy=title
        shards.bin.header=llmc
        shards.maxTokens=40
        shards.maxBytes=160
        shards.mergedTokens=1000
        shards.pack.length=16
        shards.pack.strategy=bestFit
        shards.pack.remainder=drop
        shards.shuffle.seed=3
        shards.shuffle.of=documents
        shards.preset=hf
        shards.columns={tokenIds: tokens}
        shards.keep=[title]
        shards.partitionBy=null
        shards.partition.groups=[en]
        shards.partition.rest=others
        shards.blend.alpha=0.5
        shards.blend.weights={en: 1, de: 5}
        shards.blend.root=/data/
        embeddings.table=other.parquet
        embeddings.learn.dim=4
        embeddings.learn.window=2
        embeddings.dtype=f16
        learn.ngrams=2
        """;
    free.lines().forEach(line -> FREE.put(line.substring(0, line.indexOf('=')), line));
    refused.lines().forEach(line -> REFUSED.put(line.substring(0, line.indexOf('=')), line));
  }

  /** What some of these changes need beside them. */
  private static final Map<String, List<String>> BESIDE =
      Map.ofEntries(
          Map.entry("corpus.separator", List.of("corpus.format=text")),
          Map.entry("corpus.splitField", List.of("corpus.validation=0")),
          Map.entry("corpus.validationInputs", List.of("corpus.validation=0")),
          Map.entry("shards.groupBy", List.of("shards.partitionBy=null")),
          Map.entry("tokenizer.load", List.of("tokenizer.train=null")),
          Map.entry("tokenizer.train.family", List.of("tokenizer.train.pattern=null")),
          Map.entry("tokenizer.train.continueFrom", List.of("tokenizer.train.pattern=null")),
          Map.entry("tokenizer.train.countWeights", List.of("tokenizer.train.counts=[counts.tsv]")),
          Map.entry("shards.bin.header", List.of("shards.formats=[npy, bin]")),
          Map.entry("shards.pack.strategy", List.of("shards.pack.length=16")),
          Map.entry("shards.pack.remainder", List.of("shards.pack.length=16")),
          Map.entry("shards.shuffle.of", List.of("shards.pack.length=16")),
          Map.entry("shards.partition.rest", List.of("shards.partition.groups=[en]")),
          Map.entry("embeddings.learn.dim", List.of("embeddings.table=null")),
          Map.entry("embeddings.learn.window", List.of("embeddings.table=null")),
          Map.entry(
              "shards.from",
              List.of(
                  "corpus=null",
                  "tokenizer=null",
                  "shards.endOfDocument=null",
                  "shards.groupBy=null",
                  "shards.partitionBy=null")));

  /** A file or folder in a setting. */
  private static final Pattern FILE =
      Pattern.compile(
          "(other|table)\\.parquet|(corpus|other)(?=[,\\]])|\\w+\\.(tsv|json|txt)\\b|elsewhere");

  @TempDir Path folder;
  private Path out;

  @BeforeEach
  void run() throws IOException {
    out = folder.resolve("out");
    Files.createDirectories(folder.resolve("other"));
    Files.createDirectories(folder.resolve("corpus"));
    for (String file : List.of("corpus/a.jsonl", "corpus/b.jsonl", "other/c.jsonl")) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        lines.append(
            "{\"id\": \"%s%d\", \"title\": \"t%d\", \"lang\": \"%s\", \"text\": \"a rose %d is a rose\"}\n"
                .formatted(file, i, i % 4, i % 3 == 0 ? "de" : "en", i * 7 % 11));
      }
      Files.writeString(folder.resolve(file), lines);
    }
    Files.writeString(folder.resolve("ids.txt"), "corpus/a.jsonl3\n");
    Files.writeString(folder.resolve("counts.tsv"), "rose\t9\nis\t8\n");
    Files.writeString(folder.resolve("job.yaml"), JOB);
    Jobs.table(folder.resolve("table.parquet"), 400, 4);
    Jobs.table(folder.resolve("other.parquet"), 400, 8);
    job().succeeded();
    OutputTree.copy(out, folder.resolve("elsewhere"));
    Files.copy(out.resolve("tokenizer/tokenizer.json"), folder.resolve("other.json"));
  }

  private CommandLineRun job(String... flags) {
    List<String> all = new ArrayList<>(List.of("run", folder.resolve("job.yaml").toString()));
    all.addAll(List.of(flags));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private CommandLineRun with(List<String> settings) throws IOException {
    List<String> flags = new ArrayList<>();
    for (String setting : settings) {
      flags.add("--set=" + setting);
    }
    return job(flags.toArray(String[]::new));
  }

  /** The data files: neither lists nor figures. */
  private SortedMap<String, String> data() throws IOException {
    SortedMap<String, String> sums = OutputTree.sums(out);
    Set.of("README.md", "manifest.json", "inputs.jsonl", "outputs.jsonl", "statistics.json")
        .forEach(sums::remove);
    return sums;
  }

  private List<String> settings(String key, String setting) {
    List<String> all = new ArrayList<>(BESIDE.getOrDefault(key, List.of()));
    all.add(setting);
    all.replaceAll(one -> FILE.matcher(one).replaceAll(folder + "/$0"));
    return all;
  }

  @Test
  void everyKeyIsTried() {
    Set<String> keys = new TreeSet<>(JobKeys.all().keySet());
    keys.removeIf(key -> JobKeys.all().keySet().stream().anyMatch(k -> k.startsWith(key + ".")));
    keys.removeIf(key -> key.matches(".*([iI]nputs|dev)\\.\\w+"));
    keys.addAll(
        List.of(
            "corpus.inputs",
            "corpus.validationInputs",
            "tokenizer.train.inputs",
            "tokenizer.train.parity.dev"));
    keys.remove("output"); // another folder
    keys.removeAll(Set.of("corpus.append", "corpus.minAge", "corpus.changedFiles")); // NightsTest
    Set<String> tried = new TreeSet<>(FREE.keySet());
    tried.addAll(REFUSED.keySet());
    assertThat(tried).isEqualTo(keys);
  }

  @Test
  void aChangedKeyThatWouldReplaceDataIsRefusedAndNamed() throws IOException {
    SortedMap<String, String> before = OutputTree.sums(out);
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, String> change : REFUSED.entrySet()) {
      CommandLineRun refused = with(settings(change.getKey(), change.getValue()));
      String section = change.getKey().replaceFirst("\\.[^.]+$", ""); // named where it is new
      boolean named =
          Stream.of(change.getKey(), section).anyMatch(key -> refused.err().contains(key + ": "));
      boolean says =
          Stream.of(", which decides ", "add --replace", "name another output")
              .allMatch(refused.err()::contains);
      if (refused.exitCode() != 2 || !named || !says || !OutputTree.sums(out).equals(before)) {
        wrong.add(change + " ends with " + refused.exitCode() + ": " + refused.err());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void otherChangesGoOnAndKeepEveryDataFile() throws IOException {
    Path copy = folder.resolve("copy");
    OutputTree.copy(out, copy);
    SortedMap<String, String> before = data();
    for (Map.Entry<String, String> change : FREE.entrySet()) {
      with(settings(change.getKey(), change.getValue())).succeeded();
      assertThat(data()).as(change.getKey()).containsAllEntriesOf(before);
      OutputTree.delete(out);
      OutputTree.copy(copy, out);
    }
  }

  @Test
  void newFilesOfUnchangedInputsAreFollowedAndTheSummarySaysWhatWasReplaced() throws IOException {
    Files.copy(folder.resolve("other/c.jsonl"), folder.resolve("corpus/c.jsonl"));
    CommandLineRun followed = job().succeeded();
    assertThat(followed.out())
        .containsPattern("published: \\d+ files? added, \\d+ replaced, 0 deleted");
    Files.delete(folder.resolve("corpus/c.jsonl"));
    assertThat(job().succeeded().out())
        .containsPattern("published: \\d+ files? added, \\d+ replaced, 0 deleted");
    Jobs.table(folder.resolve("table.parquet"), 400, 8);
    assertThat(job().succeeded().out()).contains(" added, 1 replaced, 0 deleted");
    assertThat(job("--set=name=other").succeeded().out())
        .contains("published: 0 files added, 0 replaced, 0 deleted");
  }

  @Test
  void aTableOfTheSameContentUnderAnotherNameIsNoChange() throws IOException {
    Files.copy(folder.resolve("table.parquet"), folder.resolve("same.parquet"));
    job("--set=embeddings.table=" + folder.resolve("same.parquet")).succeeded();
  }

  @Test
  void explainSaysForEachChangedKeyWhichStagesRunAgain() throws IOException {
    assertThat(job("--explain").succeeded().out()).doesNotContain("# changed keys");
    String text =
        job("--explain", "--set=shards.maxTokens=40", "--set=learn.ngrams=2").succeeded().out();
    assertThat(text)
        .contains(
            """
            # changed keys
            shards.maxTokens: null (now 40)
              runs again: encode, make layouts
              runs again if its input changes: count n-grams, learn n-grams, join embeddings, measure
            learn.ngrams: 1 (now 2)
              runs again: count n-grams, learn n-grams
              does not run again: encode, make layouts, join embeddings, measure
            """);
  }

  /** The page lists what may change without asking. */
  @Test
  void thePageOfTheOutputFolderListsWhatMayChange() throws IOException {
    String page = Files.readString(Path.of("docs/output-folder.md"));
    String list = page.substring(page.indexOf("## What a run replaces"));
    list = list.substring(0, list.indexOf("\n## "));
    Set<String> listed = new TreeSet<>();
    Matcher key = Pattern.compile("`([a-z]+(\\.[a-zA-Z]+)*)`").matcher(list);
    while (key.find()) {
      listed.add(key.group(1));
    }
    Set<String> free = new TreeSet<>(FREE.keySet());
    free.removeIf(name -> name.startsWith("report."));
    free.addAll(List.of("report", "corpus.append", "embeddings", "learn", "output"));
    assertThat(listed).isEqualTo(free);
  }
}
