package org.merganser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.merganser.checksum.Sha256;
import org.merganser.cli.Main;
import org.merganser.pipeline.Jobs;
import org.merganser.store.FileStore;

/**
 * The sample job with corpus, table and output in another file system. It must write the same files
 * there as into a local folder.
 */
final class RemoteSample {
  private static final Path CORPUS = Path.of("sample-data/corpus");

  private final String root;
  private final List<String> beamFlags;

  /** The text of the last command. */
  private String printed = "";

  /**
   * @param root a location in the file system under test that is empty
   * @param beamFlags with which Beam reaches it
   */
  RemoteSample(String root, List<String> beamFlags) {
    this.root = root;
    this.beamFlags = beamFlags;
  }

  /**
   * Checks a run, a second run, a run that continues, and damage.
   *
   * @param local an empty folder
   */
  void check(Path local) throws IOException {
    // Before any file can be sent, Beam must have been told the flags.
    assertThat(run("--explain", "--set", "output=" + local.resolve("explained"))).isZero();
    FileStore store = FileStore.of(root);
    try (Stream<Path> files = Files.walk(CORPUS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        send(store, file, root + "/corpus/" + CORPUS.relativize(file));
      }
    }
    send(store, Path.of("sample-data/embeddings.parquet"), root + "/table.parquet");
    // A name that means something to globs and URIs.
    String output = root + "/out #1 [a]";
    String[] remote = {
      "--set", "corpus.inputs=[\"" + root + "/corpus\"]",
      "--set", "embeddings.table=" + root + "/table.parquet",
      "--set", "output=" + output
    };
    Path there = local.resolve("local");
    assertThat(run("--set", "output=" + there)).isZero();

    assertThat(run(remote)).isZero();
    assertThat(printed).containsPattern("documents +16\\s");
    Map<String, String> expected = sums(FileStore.of(there.toString()), there.toString());
    assertThat(sums(store, output)).isEqualTo(expected).hasSizeGreaterThan(8);

    assertThat(run(remote)).isZero();
    assertThat(printed).startsWith("Nothing to do");

    store.delete(output + "/shards/parquet/part-0000000-000.parquet");
    assertThat(run(remote)).isZero();
    assertThat(printed).doesNotContain("Nothing to do");
    assertThat(sums(store, output)).isEqualTo(expected);

    damageChangesNothing(store, output, remote, expected);
    abandonsAFailedWrite(store);
    store.publish(root + "/empty", out -> {});
    assertThat(store.readAll(root + "/empty")).isEmpty();
  }

  /**
   * Adds to a corpus in three steps, in two of which processes are killed. The bytes are those of
   * the same steps with a local corpus and a local output, and the output keeps all versions.
   *
   * @param local an empty folder
   * @param beamOptions options of the JVM with which a process that is killed reaches the store
   */
  void checkAppending(Path local, List<String> beamOptions)
      throws IOException, InterruptedException {
    Path tokenizer = local.resolve("tokenizer");
    Jobs.train(tokenizer, "--input=sample-data/corpus --vocab-size=300 --pattern=gpt2");
    Random random = new Random(Seeds.next());
    String there = root + "/appended";
    Path here = local.resolve("appended");
    long millis = 0;
    for (int step = 0; step < 3; step++) {
      for (int file = step; file < 30; file += 3) {
        String name = "corpus/" + file + ".txt";
        byte[] text = ("Document " + file + " of step " + step + ". ").repeat(99).getBytes(UTF_8);
        Files.createDirectories(local.resolve("corpus"));
        Files.write(local.resolve(name), text);
      }
      // Also tells Beam the flags, before any file can be sent.
      assertThat(command(appending(local + "/corpus", tokenizer, here.toString()))).isZero();
      for (int file = step; file < 30; file += 3) {
        String name = "corpus/" + file + ".txt";
        send(FileStore.of(root), local.resolve(name), root + "/appending/" + name);
      }
      List<String> remote = appending(root + "/appending/corpus", tokenizer, there);
      for (int kill = 0; step > 0 && kill < 3; kill++) {
        List<String> arguments = new ArrayList<>(remote);
        arguments.addAll(beamFlags);
        Process process =
            ChildProcess.start(
                new ProcessBuilder(
                        JavaProcess.command(beamOptions, "org.merganser.cli.Main", arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(local.resolve("killed.log").toFile()));
        process.waitFor(millis / 3 + random.nextLong(millis), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
      }
      long began = System.nanoTime();
      assertThat(command(remote)).as(printed).isZero();
      // A new process takes about as long again to start.
      millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + 1000;
      assertThat(shards(FileStore.of(root), there))
          .isEqualTo(shards(FileStore.of(here.toString()), here.toString()))
          .hasSizeGreaterThan(2 * step + 1);
    }
    assertThat(verify(there)).as(printed).isZero();
    assertThat(command(List.of("log", there, "--json"))).as(printed).isZero();
    JsonNode versions = new ObjectMapper().readTree(printed).get("versions");
    assertThat(versions.findValuesAsText("documents")).containsExactly("30", "20", "10");
    String first = versions.get(2).get("sha256").textValue();
    assertThat(versions.get(1).get("parent").textValue()).isEqualTo(first);
    assertThat(command(List.of("verify", there, "--at", first))).as(printed).isZero();
  }

  private static List<String> appending(String corpus, Path tokenizer, String output) {
    return List.of(
        "run",
        "pipelines/sample.yaml",
        "--set=corpus={inputs: ['" + corpus + "'], format: text, append: true}",
        "--set=tokenizer={load: '" + tokenizer + "'}",
        "--set=shards={formats: [bin]}",
        "--set=embeddings=null",
        "--set=learn=null",
        "--set=output=" + output);
  }

  /** SHA-256 of the shards, by path. */
  private static Map<String, String> shards(FileStore store, String output) throws IOException {
    Map<String, String> sums = sums(store, output);
    sums.keySet().removeIf(path -> !path.startsWith("shards/"));
    return sums;
  }

  /**
   * If a run did not finish, a flipped bit in each file of {@code run/} does not change the result
   * of the next run. {@code verify --full} finds one in a published file.
   */
  private void damageChangesNothing(
      FileStore store, String output, String[] remote, Map<String, String> expected)
      throws IOException {
    Random random = new Random(Seeds.next());
    store.delete(output + "/manifest.json");
    store.delete(output + "/shards/parquet/part-0000000-000.parquet");
    for (FileStore.Entry entry : store.listFolder(output + "/run")) {
      flip(store, entry.location(), random);
    }
    assertThat(run(remote)).as(printed).isZero();
    assertThat(sums(store, output)).isEqualTo(expected);
    assertThat(verify(output)).as(printed).isZero();
    flip(store, output + "/embedded/rows.parquet", random);
    assertThat(verify(output)).as(printed).isEqualTo(1);
    assertThat(printed).contains("embedded/rows.parquet");
  }

  private static void flip(FileStore store, String location, Random random) throws IOException {
    byte[] bytes = store.readAll(location);
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      store.publish(location, out -> out.write(bytes));
    }
  }

  /** A failed write leaves no file, and does not change a file that was there. */
  private void abandonsAFailedWrite(FileStore store) throws IOException {
    String whole = root + "/abandoned/whole";
    store.publish(whole, out -> out.write("whole".getBytes(UTF_8)));
    for (String name : new String[] {"new", "whole"}) {
      assertThatThrownBy(
              () ->
                  store.publish(
                      root + "/abandoned/" + name,
                      out -> {
                        out.write(new byte[12 << 20]);
                        throw new IOException("cut short");
                      }))
          .hasMessage("cut short");
    }
    assertThat(store.listFolder(root + "/abandoned"))
        .extracting(FileStore.Entry::location)
        .containsExactly(whole);
    assertThat(store.readAll(whole)).asString(UTF_8).isEqualTo("whole");
  }

  private static void send(FileStore store, Path file, String location) throws IOException {
    store.publish(location, out -> Files.copy(file, out));
  }

  /**
   * SHA-256 by path of all files but {@code run/}, the page and the manifest with its locations.
   */
  private static Map<String, String> sums(FileStore store, String output) throws IOException {
    Map<String, String> sums = new HashMap<>();
    for (FileStore.Entry entry : store.listFolder(output)) {
      String path = store.pathWithin(output, entry.location());
      if (!path.startsWith("run/")
          && !path.equals("manifest.json")
          && !path.equals("report.html")) {
        sums.put(path, Sha256.of(store.readAll(entry.location())));
      }
    }
    return sums;
  }

  private int run(String... settings) {
    List<String> arguments = new ArrayList<>(List.of("run", "pipelines/sample.yaml"));
    arguments.addAll(List.of(settings));
    int exitCode = command(arguments);
    if (exitCode != 0) {
      System.err.println(printed);
    }
    return exitCode;
  }

  private int verify(String output) {
    return command(List.of("verify", output, "--full"));
  }

  private int command(List<String> arguments) {
    StringWriter text = new StringWriter();
    PrintWriter printer = new PrintWriter(text);
    List<String> all = new ArrayList<>(arguments);
    all.addAll(beamFlags);
    int exitCode = Main.run(printer, printer, all.toArray(String[]::new));
    printed = text.toString();
    return exitCode;
  }
}
