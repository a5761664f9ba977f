package org.merganser.pipeline.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.checksum.Sha256;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.JobReader;
import org.merganser.json.Json;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Request;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;

/** What {@code run --key} says of an output, and what proves its data without this program. */
@Tag("run")
class RequestStatusTest {
  @TempDir Path folder;
  private Path corpus;
  private Path out;

  @BeforeEach
  void writeCorpus() throws IOException {
    corpus = Files.createDirectories(folder.resolve("corpus"));
    out = folder.resolve("out");
    for (String name : List.of("one", "two", "three")) {
      Files.writeString(corpus.resolve(name + ".txt"), (name + " rose is a rose\n").repeat(9));
    }
  }

  private CommandLineRun run(String... more) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            corpus: { inputs: [ corpus ] }
            tokenizer: { train: { vocabSize: 280, pattern: gpt2 } }
            report: { enabled: false }
            output: out
            """);
    return CommandLineRun.of(
        Stream.concat(Stream.of("run", job.toString()), Stream.of(more)).toArray(String[]::new));
  }

  private String differences(String... more) throws IOException {
    CommandLineRun key =
        run(Stream.concat(Stream.of("--key"), Stream.of(more)).toArray(String[]::new));
    assertThat(key.exitCode()).as(key.out() + key.err()).isEqualTo(4);
    assertThat(key.out()).matches("request [0-9a-f]{64}\n.* does not hold it: .*\n");
    return key.out().replaceFirst("(?s).* does not hold it: ", "").strip();
  }

  private Manifest manifest(Path output) throws IOException {
    return Manifest.read(Files.readAllBytes(output.resolve("manifest.json")), "manifest.json");
  }

  /** The sha256 and the time of every file. */
  private SortedMap<String, String> tree(Path root) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.toList()) {
        String sum = Files.isRegularFile(file) ? Sha256.of(file) : "a folder";
        files.put(file.toString(), sum + " " + Files.getLastModifiedTime(file));
      }
    }
    return files;
  }

  @Test
  void theRequestIsKnownBeforeTheRunAndIsThatOfTheManifest() throws IOException {
    assertThat(differences()).isEqualTo("it has no complete run");
    String asked = run("--key").out().lines().findFirst().orElseThrow();
    assertThat(out).doesNotExist();
    run("--quiet").succeeded();
    Manifest manifest = manifest(out);
    assertThat(asked).isEqualTo("request " + manifest.request().sha256());
    SortedMap<String, String> before = tree(folder);
    CommandLineRun key = run("--key").succeeded();
    assertThat(key.out())
        .isEqualTo(asked + "\n" + out + " holds it: data " + manifest.data() + "\n");
    JsonNode json = Json.MAPPER.readTree(run("--key", "--json").succeeded().out());
    assertThat(json.path("request").asText()).isEqualTo(manifest.request().sha256());
    assertThat(json.path("data").asText()).isEqualTo(manifest.data());
    assertThat(json.path("differences")).isEmpty();
    before.remove(folder.toString()); // the job file was written again
    before.remove(folder.resolve("job.yaml").toString());
    assertThat(tree(folder)).containsAllEntriesOf(before).hasSize(before.size() + 2);
  }

  private RequestStatus held(Manifest manifest) throws IOException {
    PreparedRun prepared =
        RunPreparation.prepare(JobReader.read(folder.resolve("job.yaml"), List.of()));
    return RequestStatus.of(
        prepared.spec(), prepared.paths(), manifest, prepared.units(), prepared.trainingUnits());
  }

  /** The manifest of the output with another value. */
  private Manifest with(String member, JsonNode value) throws IOException {
    ObjectNode json =
        (ObjectNode) Json.MAPPER.readTree(Files.readAllBytes(out.resolve("manifest.json")));
    return Manifest.read(Json.MAPPER.writeValueAsBytes(json.set(member, value)), "manifest.json");
  }

  @Test
  void theFolderHoldsTheDataOfAManifestThatWasAskedForTheSame() throws IOException {
    run("--quiet").succeeded();
    Manifest manifest = manifest(out);
    assertThat(held(manifest))
        .isEqualTo(
            new RequestStatus(
                manifest.request().sha256(), out.toString(), manifest.data(), List.of()));
    assertThat(held(null))
        .isEqualTo(
            new RequestStatus(
                manifest.request().sha256(),
                out.toString(),
                null,
                List.of("it has no complete run")));
  }

  @Test
  void aManifestOfOtherDataOrOfAnotherRequestHoldsThemNot() throws IOException {
    run("--quiet").succeeded();
    Manifest manifest = manifest(out);
    RequestStatus other = held(with("data", TextNode.valueOf("0".repeat(64))));
    assertThat(other.data()).isNull();
    assertThat(other.differences())
        .containsExactly("its manifest names other data than outputs.jsonl lists");
    SortedMap<String, String> keys = new TreeMap<>(manifest.request().keys());
    keys.put("learn.ngrams", "3");
    keys.put("tokenizer.train.vocabSize", "290");
    keys.put("tokenizer.load", "ab".repeat(32));
    RequestStatus asked = held(with("request", Json.MAPPER.valueToTree(Request.of(keys))));
    assertThat(asked.data()).isNull();
    assertThat(asked.request()).isEqualTo(manifest.request().sha256());
    assertThat(asked.differences())
        .containsExactly(
            "learn.ngrams 3 → none", "tokenizer: abababababab → none", "vocabSize 290 → 280");
  }

  @Test
  void itSaysWhatDiffersFromTheOutput() throws IOException {
    run("--quiet").succeeded();
    assertThat(differences("--set", "tokenizer.train.vocabSize=290"))
        .isEqualTo("vocabSize 280 → 290");
    assertThat(differences("--set", "shards.formats=[npy]", "--set", "corpus.exclude=two*"))
        .isEqualTo("1 file removed; shards.formats[0] none → npy");
    assertThat(differences("--set", "corpus.format=lines"))
        .matches("corpus.inputs.format \\w{12} → \\w{12}");
    Files.writeString(corpus.resolve("four.txt"), "four");
    Files.writeString(corpus.resolve("five.txt"), "five");
    Files.writeString(corpus.resolve("one.txt"), "another rose");
    assertThat(differences("--set", "tokenizer.train.vocabSize=290"))
        .isEqualTo("2 files added, 1 file changed; vocabSize 280 → 290");
    Files.delete(corpus.resolve("four.txt"));
    Files.delete(corpus.resolve("five.txt"));
    String tokenizer = manifest(out).tokenizerSha256().substring(0, 12);
    Files.copy(out.resolve("tokenizer/tokenizer.json"), folder.resolve("tokenizer.json"));
    assertThat(differences("--set", "tokenizer={load: " + folder + "/tokenizer.json}"))
        .startsWith("1 file changed; tokenizer: none → " + tokenizer + "; ")
        .contains("vocabSize 280 → none");
  }

  @Test
  void aDamagedOutputDoesNotHoldIt() throws IOException {
    run("--quiet").succeeded();
    Path shard = out.resolve("shards/parquet/part-0000000-000.parquet");
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, new byte[] {1});
    assertThat(differences()).isEqualTo("it has no complete run");
    Files.write(shard, bytes);
    run("--key").succeeded();
  }

  @Test
  void aRunThatOnlyLearnsIsAskedForToo() throws IOException {
    String[] learn = {"--key", "--set", "shards.formats=[]"};
    run("--quiet", "--set", "shards.formats=[]").succeeded();
    run(learn).succeeded();
    Files.writeString(corpus.resolve("four.txt"), "four");
    assertThat(differences("--set", "shards.formats=[]")).startsWith("corpus.inputs ");
    Files.delete(corpus.resolve("four.txt"));
    String inputs = "tokenizer.train.inputs=" + corpus + "/one.txt";
    String other = "output=" + folder.resolve("other");
    run("--quiet", "--set", inputs, "--set", other).succeeded();
    run("--key", "--set", inputs, "--set", other).succeeded();
    run("--quiet", "--set", inputs, "--set", other, "--set", "learn={}").succeeded();
    run("--key", "--set", inputs, "--set", other, "--set", "learn={}").succeeded();
  }

  @Test
  void aVocabularyOfTablesOfCountsIsAskedForToo() throws IOException {
    run("--quiet", "--set", "tokenizer.train.keepCounts=true").succeeded();
    String counts = "tokenizer.train.counts=[" + out + "/tokenizer/counts.parquet]";
    String learned = "output=" + folder.resolve("learned");
    for (String formats : List.of("shards.formats=[]", "shards.formats=[npy]")) {
      run("--quiet", "--replace", "--set", counts, "--set", learned, "--set", formats).succeeded();
      Manifest manifest = manifest(folder.resolve("learned"));
      assertThat(
              run("--key", "--set", counts, "--set", learned, "--set", formats).succeeded().out())
          .startsWith("request " + manifest.request().sha256());
    }
  }

  @Test
  void aVocabularyIsLearnedAnewWhereTheRequestNamesOtherTextOfItsParity() throws IOException {
    Files.writeString(corpus.resolve("one.txt"), "alpha ".repeat(20));
    Path two = Files.writeString(corpus.resolve("two.txt"), "omega ".repeat(20));
    Path dev = Files.writeString(folder.resolve("dev.txt"), "zzzzz ".repeat(22));
    List<String> args =
        List.of(
            "--set",
            "corpus.inputs=[{path: %s/one.txt, group: a}, {path: %s, group: b}]"
                .formatted(corpus, two),
            "--set",
            "tokenizer.train.parity.dev=[{path: %s, group: a}, {path: %s, group: b}]"
                .formatted(dev, two),
            "--set",
            "tokenizer.train.vocabSize=260");
    run(args.toArray(String[]::new)).succeeded();
    Manifest before = manifest(out);
    FileTime time = Files.getLastModifiedTime(dev);
    Files.writeString(dev, "alpha ".repeat(22));
    Files.setLastModifiedTime(dev, time);
    List<String> longer = new ArrayList<>(args);
    longer.addAll(List.of("--replace", "--set", "shards.maxTokens=90"));
    run(longer.toArray(String[]::new)).succeeded();
    assertThat(manifest(out).request().keys().get("tokenizer.train.parity.dev"))
        .isNotEqualTo(before.request().keys().get("tokenizer.train.parity.dev"));
    assertThat(manifest(out).tokenizerSha256()).isNotEqualTo(before.tokenizerSha256());
  }

  @Test
  void aCorpusThatGrewInStepsHasAnotherRequestThanAllOfItAtOnce() throws IOException {
    run("--quiet").succeeded();
    String load = "tokenizer={load: " + out + "}";
    String grown = "output=" + folder.resolve("grown");
    String[] append = {"--quiet", "--set", load, "--set", grown, "--set", "corpus.append=true"};
    run(append).succeeded();
    Files.writeString(corpus.resolve("four.txt"), "four roses");
    run(append).succeeded();
    append[0] = "--key";
    run(append).succeeded();
    run("--quiet", "--set", load, "--set", "output=" + folder.resolve("once")).succeeded();
    Manifest inSteps = manifest(folder.resolve("grown"));
    Manifest once = manifest(folder.resolve("once"));
    assertThat(inSteps.request().keys()).containsEntry("corpus.append", "[3, 4]");
    assertThat(inSteps.request().sha256()).isNotEqualTo(once.request().sha256());
    assertThat(inSteps.data()).isNotEqualTo(once.data());
    assertThat(CommandLineRun.of("log", "" + folder.resolve("grown")).succeeded().out())
        .contains(inSteps.data().substring(0, 12));
  }

  @Test
  void aFileThatIsReadInRangesHasTheSumOfTheWhole() throws IOException {
    Files.writeString(
        corpus.resolve("large.jsonl"),
        "{\"text\":\"a rose is a rose is a rose is a rose is a rose\"}\n".repeat(120_000));
    String asked = run("--key").out().lines().findFirst().orElseThrow();
    run("--quiet").succeeded();
    assertThat("request " + manifest(out).request().sha256()).isEqualTo(asked);
    String large =
        Files.readAllLines(out.resolve("inputs.jsonl")).stream()
            .filter(line -> line.contains("large.jsonl"))
            .findFirst()
            .orElseThrow();
    InputLine line = Json.MAPPER.readValue(large, InputLine.class);
    assertThat(line.ranges()).hasSizeGreaterThan(1);
    assertThat(line.fileSha256()).isEqualTo(Sha256.of(corpus.resolve("large.jsonl")));
    run("--key").succeeded();
  }

  @Test
  void verifyFindsDataOfAnotherNameAndOfAnotherRun() throws IOException {
    run("--quiet").succeeded();
    String converted = folder.resolve("converted").toString();
    CommandLineRun.of("convert", "" + out, "--to", "npy", "--output", converted, "-q").succeeded();
    assertThat(manifest(Path.of(converted)).request().keys())
        .containsEntry("shards.from[0]", manifest(out).data());
    CommandLineRun.of("verify", converted).succeeded();
    Files.writeString(corpus.resolve("four.txt"), "four roses");
    run("--quiet").succeeded();
    assertThat(CommandLineRun.of("verify", converted).endedWith(1).out())
        .contains("from  " + out + ": has the data " + manifest(out).data());
    // Its own files are whole, so the next run need not compare every one.
    assertThat(Path.of(converted, "run/damaged")).doesNotExist();
    CommandLineRun.of("convert", "" + out, "--to", "npy", "--output", converted, "-q").succeeded();
    CommandLineRun.of("verify", converted).succeeded();
    Path json = out.resolve("manifest.json");
    String other = Files.readString(json).replace(manifest(out).data(), "0".repeat(64));
    Files.writeString(json, other);
    Files.delete(out.resolve("run/finished.json"));
    assertThat(differences()).isEqualTo("its manifest names other data than outputs.jsonl lists");
    assertThat(CommandLineRun.of("verify", "" + out).endedWith(1).out())
        .contains("data  manifest.json: ");
  }

  private String check(String... more) throws Exception {
    List<String> command =
        Stream.concat(
                Stream.of("python3", "src/dist/check_merganser.py", "" + out), Stream.of(more))
            .toList();
    Process process = ChildProcess.start(new ProcessBuilder(command).redirectErrorStream(true));
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(said.equals("whole\n") ? 0 : 1);
    return said.strip();
  }

  @Test
  void theCheckerForTrainersFindsDamagedMissingExtraAndSwappedFiles() throws Exception {
    boolean python =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "python3")));
    assumeThat(python).as("python3 is installed").isTrue();
    run("--quiet", "--set", "shards.maxTokens=40", "--set", "shards.formats=[npy]").succeeded();
    String data = manifest(out).data();
    assertThat(check(data)).isEqualTo("whole");
    assertThat(check(data.substring(0, 12))).isEqualTo("whole");
    assertThat(check(data, "2", "7")).isEqualTo("whole");
    assertThat(check("0".repeat(64))).contains("holds the data " + data);
    Path first = out.resolve("shards/parquet/part-0000000-000.parquet");
    Path second = out.resolve("shards/parquet/part-0000000-001.parquet");
    byte[] bytes = Files.readAllBytes(first);
    byte[] flipped = bytes.clone();
    flipped[bytes.length / 2] ^= 1;
    Files.write(first, flipped);
    assertThat(check(data)).endsWith("part-0000000-000.parquet has other bytes");
    assertThat(check(data, "1000", "7")).endsWith("part-0000000-000.parquet has other bytes");
    Files.write(first, List.of("cut"));
    assertThat(check(data, "0", "7")).endsWith("part-0000000-000.parquet has another size");
    Files.write(first, Files.readAllBytes(second));
    Files.write(second, bytes);
    assertThat(check(data).lines()).hasSize(2);
    Files.write(second, Files.readAllBytes(first));
    Files.write(first, bytes);
    assertThat(check(data)).isEqualTo("whole");
    Path extra = Files.writeString(out.resolve("shards/parquet/part-9.parquet"), "");
    assertThat(check(data)).isEqualTo("shards/parquet/part-9.parquet is not one of the files");
    Files.delete(extra);
    Path parquet = first.getParent();
    Path elsewhere = Files.move(parquet, folder.resolve("elsewhere"));
    Files.createSymbolicLink(parquet, elsewhere);
    assertThat(check(data)).isEqualTo("whole");
    Files.writeString(elsewhere.resolve("part-9.parquet"), "");
    Path link = Files.createSymbolicLink(out.resolve("shards/more"), out.resolve("shards"));
    assertThat(check(data).lines())
        .containsExactlyInAnyOrder(
            "shards/parquet/part-9.parquet is not one of the files",
            "shards/more is not one of the files");
    Files.delete(link);
    Files.delete(parquet);
    Files.delete(elsewhere.resolve("part-9.parquet"));
    Files.move(elsewhere, parquet);
    Files.delete(second);
    assertThat(check(data)).contains("part-0000000-001.parquet cannot be read");
    Files.write(out.resolve("outputs.jsonl"), List.of("{}"));
    assertThat(check(data)).isEqualTo("outputs.jsonl is not the list of the manifest");
    Files.delete(out.resolve("manifest.json"));
    assertThat(check(data)).contains("holds no dataset that can be read");
  }
}
