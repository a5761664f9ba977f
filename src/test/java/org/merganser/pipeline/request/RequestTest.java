package org.merganser.pipeline.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.JobKeys;
import org.merganser.job.key.KeyRole;
import org.merganser.json.Json;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Request;

/**
 * A request is another one exactly where it must be: what changes data changes the request, and
 * what decides no data changes neither name.
 */
@Tag("run")
class RequestTest {
  private static final String JOB =
      """
      corpus: { inputs: [ corpus ] }
      tokenizer: { train: { vocabSize: 300, pattern: gpt2, specialTokens: [ "<|end|>", "<|pad|>" ] } }
      shards: { endOfDocument: "<|end|>", groupBy: lang }
      report: { enabled: false }
      output: base
      """;

  /** Runs of so few documents are faster with one thread than with several. */
  private static final String ONE_THREAD = "--targetParallelism=1";

  private static final List<String> WORDS = List.of("rose rose", "tulip tulip", "lilium lilium");

  /** The keys that a request has by their values; a new one belongs here if it decides data. */
  private static final String DECIDING =
      """
      corpus.deduplicate
      corpus.idField
      corpus.invalidUtf8
      corpus.maxDocumentBytes
      corpus.maxWholeDocumentBytes
      corpus.segmentsField
      corpus.separator
      corpus.splitField
      corpus.textField
      corpus.validation
      embeddings.dtype
      embeddings.learn.dim
      embeddings.learn.window
      embeddings.output
      learn.ngrams
      shards.beginOfDocument
      shards.bin.header
      shards.blend.alpha
      shards.blend.root
      shards.blend.weights
      shards.columns
      shards.endOfDocument
      shards.formats
      shards.groupBy
      shards.keep
      shards.maxBytes
      shards.maxTokens
      shards.mergedTokens
      shards.pack.length
      shards.pack.remainder
      shards.pack.strategy
      shards.partition.groups
      shards.partition.maxGroups
      shards.partition.rest
      shards.partitionBy
      shards.preset
      shards.shuffle.of
      shards.shuffle.seed
      tokenizer.fileVersion
      tokenizer.specialText
      tokenizer.train.addedTokens
      tokenizer.train.allowMergeableSpecialTokens
      tokenizer.train.characters
      tokenizer.train.countWeights
      tokenizer.train.family
      tokenizer.train.feed
      tokenizer.train.initialAlphabet
      tokenizer.train.keepCounts
      tokenizer.train.limitAlphabet
      tokenizer.train.maxBytes
      tokenizer.train.maxTokenLength
      tokenizer.train.minFrequency
      tokenizer.train.minPretokenCount
      tokenizer.train.mix
      tokenizer.train.normalizer
      tokenizer.train.padTo
      tokenizer.train.parity.alpha
      tokenizer.train.parity.globalMerges
      tokenizer.train.parity.ratios
      tokenizer.train.parity.window
      tokenizer.train.pattern
      tokenizer.train.reserved
      tokenizer.train.specialTokens
      tokenizer.train.superwords.from
      tokenizer.train.superwords.pattern
      tokenizer.train.vocabSize
      """;

  @TempDir Path folder;

  private record Names(String request, String data) {}

  /** A change of the corpus in a folder. */
  @FunctionalInterface
  private interface Change {
    void of(Path corpus) throws IOException;
  }

  private static void corpus(Path corpus) throws IOException {
    Files.createDirectories(corpus);
    for (int file = 0; file < 3; file++) {
      List<String> lines = new ArrayList<>();
      for (int line = 0; line < 12; line++) {
        int word = (file * 12 + line) * 7 % 12;
        lines.add(
            "{\"id\":\"%d-%d\",\"key\":\"k%d%d\",\"lang\":\"%s\",\"title\":\"Rose %d\",\"text\":\"%s\"}"
                .formatted(
                    file,
                    line,
                    file,
                    line,
                    line % 3 == 0 ? "de" : "en",
                    line,
                    "a %s is a %s, café %d\\n\\n\\nthe <|pad|> end is near the end %d"
                        .repeat(1 + line % 2)
                        .formatted(WORDS.get(file), WORDS.get(file), word, line, "a", "b", 1, 2)));
      }
      lines.add(
          lines.get(0).replace("0-0", "again").replace("\"id\":\"" + file, "\"id\":\"x" + file));
      Files.write(corpus.resolve("part-" + file + ".jsonl"), lines);
    }
  }

  private Names run(Path job, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("run", job.toString(), "--quiet"));
    args.addAll(List.of(more));
    CommandLineRun run = CommandLineRun.of(args.toArray(String[]::new));
    assertThat(run.exitCode()).as("%s: %s", args, run.err()).isZero();
    String output = args.stream().filter(a -> a.startsWith("output=")).reduce("", (a, b) -> b);
    Path folder =
        output.isEmpty()
            ? job.resolveSibling("base")
            : Path.of(output.substring("output=".length()));
    Manifest manifest = Manifest.read(Files.readAllBytes(folder.resolve("manifest.json")), "it");
    return new Names(manifest.request().sha256(), manifest.data());
  }

  private Names base() throws IOException {
    corpus(folder.resolve("corpus"));
    return run(Files.writeString(folder.resolve("job.yaml"), JOB));
  }

  private Names changed(String name, Change change) throws IOException {
    Path place = Files.createDirectories(folder.resolve(name));
    corpus(place.resolve("corpus"));
    change.of(place.resolve("corpus"));
    return run(Files.writeString(place.resolve("job.yaml"), JOB), ONE_THREAD);
  }

  private Names set(String name, String settings) throws IOException {
    List<String> args = new ArrayList<>(List.of(ONE_THREAD));
    for (String setting : settings.split(" ; ")) {
      args.addAll(List.of("--set", setting.replace("HERE", folder.toString())));
    }
    args.addAll(List.of("--set", "output=" + folder.resolve("out-" + name)));
    return run(folder.resolve("job.yaml"), args.toArray(String[]::new));
  }

  private static void edit(Path file, String old, String now) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(old);
    Files.writeString(file, text.replaceFirst(old, now));
  }

  private static Map<String, Change> changesOfTheCorpus() {
    Map<String, Change> changes = new LinkedHashMap<>();
    changes.put("a letter", c -> edit(c.resolve("part-0.jsonl"), "rose", "ross"));
    changes.put("an id", c -> edit(c.resolve("part-1.jsonl"), "1-3", "1-33"));
    changes.put("a group", c -> edit(c.resolve("part-1.jsonl"), "\"de\"", "\"fr\""));
    changes.put("a blank line", c -> edit(c.resolve("part-1.jsonl"), "\n", "\n\n"));
    changes.put("a file less", c -> Files.delete(c.resolve("part-2.jsonl")));
    changes.put(
        "a file more", c -> Files.writeString(c.resolve("part-3.jsonl"), "{\"text\":\"x\"}"));
    changes.put("a file renamed", c -> Files.move(c.resolve("part-2.jsonl"), c.resolve("z.jsonl")));
    changes.put(
        "a file in a folder",
        c -> {
          Files.createDirectories(c.resolve("z"));
          Files.move(c.resolve("part-2.jsonl"), c.resolve("z/part-2.jsonl"));
        });
    changes.put(
        "two files swapped",
        c -> {
          Files.move(c.resolve("part-2.jsonl"), c.resolve("t"));
          Files.move(c.resolve("part-1.jsonl"), c.resolve("part-2.jsonl"));
          Files.move(c.resolve("t"), c.resolve("part-1.jsonl"));
        });
    changes.put(
        "a file compressed",
        c -> {
          Path file = c.resolve("part-2.jsonl");
          byte[] bytes = Files.readAllBytes(file);
          Files.delete(file);
          try (OutputStream out =
              new GZIPOutputStream(Files.newOutputStream(c.resolve("part-2.jsonl.gz")))) {
            out.write(bytes);
          }
        });
    changes.put(
        "lines in another order",
        c -> {
          List<String> lines = new ArrayList<>(Files.readAllLines(c.resolve("part-0.jsonl")));
          Collections.reverse(lines);
          Files.write(c.resolve("part-0.jsonl"), lines);
        });
    return changes;
  }

  /** Settings that change the data of the base, one case a line. */
  private static final String SETTINGS =
      """
      corpus.inputs=[HERE/corpus/part-1.jsonl, HERE/corpus]
      corpus.inputs=[{path: HERE/corpus, group: all}]
      corpus.inputs=[{path: HERE/corpus, textField: title}]
      corpus.inputs=[{path: HERE/corpus, idField: key}]
      corpus.inputs=[{path: HERE/corpus/part-0.jsonl, weight: 9}, HERE/corpus]
      corpus.inputs=[{path: HERE/corpus, format: lines}]
      corpus.exclude=part-0.jsonl
      corpus.format=text
      corpus.textField='{title} {text}'
      corpus.validation=0.3
      corpus.validationInputs=[HERE/corpus/part-0.jsonl]
      corpus.deduplicate=exact
      corpus.excludeIds=HERE/ids.txt
      tokenizer.train.vocabSize=290
      tokenizer.train.pattern=llama3
      tokenizer.train.pattern='[a-z]+|[^a-z]+'
      tokenizer.train.normalizer=nfd
      tokenizer.train.minFrequency=30
      tokenizer.train.minPretokenCount=40
      tokenizer.train.maxTokenLength=3
      tokenizer.train.initialAlphabet=seen
      tokenizer.train.specialTokens=[<|end|>]
      tokenizer.train.specialTokens=[<|pad|>, <|end|>]
      tokenizer.train.addedTokens=[rose]
      tokenizer.train.reserved=3
      tokenizer.train.padTo=64
      tokenizer.train.feed=lineWithNewline
      tokenizer.train.maxBytes=500
      tokenizer.train.mix={de: 0.9, en: 0.1}
      tokenizer.train.inputs=[HERE/corpus/part-0.jsonl]
      tokenizer.train.superwords={from: 0.95}
      tokenizer.train.keepCounts=true
      tokenizer.train={vocabSize: 310, continueFrom: HERE/base, specialTokens: [<|end|>]}
      tokenizer.specialText=parse
      tokenizer.fileVersion=2
      tokenizer.train.parity={}
      shards.formats=[npy]
      shards.formats=[bin]
      shards.formats=[bin] ; shards.bin.header=llmc
      shards.formats=[megatron]
      shards.formats=[datatrove]
      shards.maxTokens=100
      shards.endOfDocument=null
      shards.endOfDocument=<|pad|>
      shards.groupBy=null
      shards.pack.length=16
      shards={pack: {length: 16, strategy: bestFit}, endOfDocument: <|end|>}
      shards={pack: {length: 16, remainder: drop}, endOfDocument: <|end|>}
      shards.beginOfDocument=<|pad|>
      shards={pack: {length: 16}, beginOfDocument: <|pad|>, endOfDocument: <|end|>}
      shards.shuffle.seed=1
      shards={shuffle: {seed: 1, of: documents}, pack: {length: 16}, endOfDocument: <|end|>}
      shards={shuffle: {seed: 1, of: sequences}, pack: {length: 16}, endOfDocument: <|end|>}
      shards.keep=[title]
      shards.partitionBy=lang
      shards.columns={group: language}
      embeddings={learn: {dim: 4}, output: [rows]}
      embeddings={learn: {dim: 4}, output: [pooled]}
      learn={ngrams: 2}
      """;

  @Test
  @Tag("long")
  void whatChangesDataChangesTheRequestToo() throws IOException {
    Map<String, Names> all = new LinkedHashMap<>();
    all.put("base", base());
    Files.writeString(folder.resolve("ids.txt"), "1-3\n");
    for (Map.Entry<String, Change> change : changesOfTheCorpus().entrySet()) {
      all.put(change.getKey(), changed(change.getKey().replace(' ', '-'), change.getValue()));
    }
    for (String setting : SETTINGS.lines().toList()) {
      all.put(setting, set(String.valueOf(all.size()), setting));
    }
    assertThat(all).hasSizeGreaterThan(60);
    Map<String, String> byRequest = new LinkedHashMap<>();
    Map<String, String> byData = new LinkedHashMap<>();
    List<String> same = new ArrayList<>();
    all.forEach(
        (name, names) -> {
          String request = byRequest.putIfAbsent(names.request(), name);
          String data = byData.putIfAbsent(names.data(), name);
          if (request != null || data != null) {
            same.add(name + " has the request of " + request + " and the data of " + data);
          }
        });
    assertThat(same).isEmpty();
  }

  /** Settings that decide no data, and spellings of what the base has. */
  private static final String SAME =
      """
      name=Roses
      report.granularities=false
      report.sampleBytes=1Ki
      corpus.failOnDeadLetters=true
      corpus.maxDeadLetterRate=0.5
      corpus.exclude='*.tmp'
      corpus.format=jsonl
      corpus.format=auto
      corpus.textField=text
      corpus.idField=id
      corpus.inputs=HERE/corpus
      corpus.inputs={path: HERE/corpus}
      corpus.inputs=HERE/corpus/
      corpus.inputs=[HERE/corpus, HERE/corpus]
      corpus.inputs=[{path: HERE/corpus, weight: 1}]
      corpus.inputs=[{path: HERE/corpus, format: jsonl}]
      corpus.validation=0.0
      corpus.excludeIds=[]
      corpus.validationInputs=[]
      corpus.maxDocumentBytes=64Mi
      tokenizer.train.vocabSize='300'
      tokenizer.train.vocabSize=0.3k
      tokenizer.train.minFrequency=2
      tokenizer.train.mix=null
      tokenizer.specialText=text
      tokenizer.fileVersion=1
      shards.formats=[parquet]
      shards.maxTokens=null
      shards.blend.alpha=1.0
      learn=null
      """;

  /** Settings and flags of runs that write the same data elsewhere. */
  private static final String SAME_RUNS =
      """
      report.enabled=true
      corpus.inputs=HERE/corpus/*.jsonl
      corpus.inputs=[HERE/corpus/part-0.jsonl, HERE/corpus/part-1.jsonl, HERE/corpus/part-2.jsonl]
      corpus.exclude=part-9*
      corpus.inputs=HERE/corpus/**
      corpus.inputs=HERE/elsewhere
      corpus.inputs=HERE/a place/corpus
      corpus.inputs=HERE/link
      corpus.inputs=HERE/touched
      corpus.inputs=HERE/hidden
      """;

  @Test
  void whatDecidesNoDataChangesNeitherName() throws IOException {
    Names base = base();
    // Other bytes under the same format of requests would be the same name of something else.
    assertThat(Request.FORMAT_VERSION).isEqualTo(1);
    assertThat(base)
        .isEqualTo(
            new Names(
                "17a37d57fd5514bf2ea72888924c24da70b222aac48ce47251f22749260149e7",
                "69512bd309cd300c4b4775a9ca153477fb1778514942a7d88e3e30bd173c3ebd"));
    corpus(folder.resolve("elsewhere"));
    corpus(folder.resolve("a place/corpus"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("corpus"));
    corpus(folder.resolve("touched"));
    for (int file = 0; file < 3; file++) {
      Path touched = folder.resolve("touched/part-" + file + ".jsonl");
      Files.setLastModifiedTime(touched, FileTime.fromMillis(1_000_000_000_000L));
    }
    corpus(folder.resolve("hidden"));
    Files.writeString(folder.resolve("hidden/.index"), "nothing to read");
    Map<String, Names> runs = new LinkedHashMap<>();
    for (String setting : SAME_RUNS.lines().toList()) {
      runs.put(setting, set(String.valueOf(runs.size()), setting));
    }
    for (String flag : List.of("--targetParallelism=1", "--targetParallelism=3", "--rehash")) {
      String output = "output=" + folder.resolve("flags" + runs.size());
      runs.put(flag, run(folder.resolve("job.yaml"), flag, "--set", output));
    }
    runs.put("a second run", run(folder.resolve("job.yaml")));
    Path turned = folder.resolve("turned.yaml");
    List<String> lines = new ArrayList<>(JOB.lines().toList());
    Collections.reverse(lines);
    Files.writeString(turned, "# the same, from the end\n" + String.join("\n", lines) + "\n");
    runs.put("keys in another order", run(turned, "--set", "output=" + folder.resolve("turned")));
    assertThat(runs).hasSizeGreaterThan(14);
    assertThat(runs).allSatisfy((name, names) -> assertThat(names).isEqualTo(base));
    for (String setting : SAME.lines().toList()) {
      CommandLineRun key =
          CommandLineRun.of(
              "run",
              folder.resolve("job.yaml").toString(),
              "--key",
              "--set",
              setting.replace("HERE", folder.toString()));
      assertThat(key.out()).as(setting).startsWith("request " + base.request() + "\n");
      assertThat(key.exitCode()).as(setting).isZero();
    }
  }

  @Test
  void everyKeyOfAJobDecidesDataOrIsKnownNotTo() throws IOException {
    TreeSet<String> keys = new TreeSet<>();
    JsonNode schema =
        Json.MAPPER.readTree(Files.readAllBytes(Path.of("pipelines/job.schema.json")));
    addKeys(schema, "", keys);
    keys.removeIf(
        key -> JobKeys.at(key).namesFiles() || !JobKeys.at(key).hasRole(KeyRole.requested()));
    assertThat(String.join("\n", keys) + "\n").isEqualTo(DECIDING);
  }

  private static void addKeys(JsonNode node, String path, TreeSet<String> keys) {
    for (Map.Entry<String, JsonNode> key : node.path("properties").properties()) {
      String at = path.isEmpty() ? key.getKey() : path + "." + key.getKey();
      int before = keys.size();
      addKeys(key.getValue(), at, keys);
      key.getValue().path("anyOf").forEach(either -> addKeys(either, at, keys));
      if (keys.size() == before && keys.stream().noneMatch(k -> k.startsWith(at + "."))) {
        keys.add(at);
      }
    }
    node.path("anyOf").forEach(either -> addKeys(either, path, keys));
  }
}
