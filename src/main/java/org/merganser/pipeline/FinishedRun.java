package org.merganser.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.merganser.job.Job;
import org.merganser.shard.Manifest;
import org.merganser.shard.WrittenFile;
import org.merganser.store.FileStore;

/** An output folder whose run has finished: what it was, what it wrote, what may be swept. */
final class FinishedRun {
  private static final JsonMapper JSON = new JsonMapper();

  /** The folders in which every file is in outputs.jsonl, or left over from an earlier job. */
  private static final List<String> SWEPT = List.of("shards", "embedded", "dead-letters");

  private FinishedRun() {}

  /** Whether the output is already that of this job and input, every file there with its size. */
  static boolean matches(PreparedRun prepared) throws IOException {
    OutputLayout layout = prepared.spec().layout();
    String finished = layout.at(layout.finished());
    FileStore store = FileStore.of(finished);
    if (!store.exists(finished) || !store.exists(layout.at(Manifest.FILE))) {
      return false;
    }
    JsonNode earlier = JSON.readTree(store.readAll(finished));
    if (!earlier.path("fingerprint").asText().equals(prepared.fingerprint())) {
      return false;
    }
    for (WrittenFile file : outputs(layout)) {
      if (!Receipts.present(layout, file)) {
        return false;
      }
    }
    return true;
  }

  /** Notes that the run has finished and sweeps what earlier runs left in its folders. */
  static void publish(PreparedRun prepared) throws IOException {
    OutputLayout layout = prepared.spec().layout();
    sweep(layout);
    ObjectNode finished = JSON.createObjectNode();
    finished.put("fingerprint", prepared.fingerprint());
    ObjectNode seconds = finished.putObject("secondsByStage");
    for (Stage stage : Stage.values()) {
      if (StageMeter.of(stage).started()) {
        seconds.put(stage.label(), StageMeter.of(stage).seconds());
      }
    }
    byte[] json = JSON.writeValueAsBytes(finished);
    String location = layout.at(layout.finished());
    FileStore.of(location).publish(location, out -> out.write(json));
  }

  private static void sweep(OutputLayout layout) throws IOException {
    Set<String> listed = new HashSet<>();
    for (WrittenFile file : outputs(layout)) {
      listed.add(file.path());
    }
    FileStore store = FileStore.of(layout.root());
    for (String folder : SWEPT) {
      String location = layout.at(folder);
      if (store.exists(location)) {
        for (FileStore.Entry entry : store.listFolder(location)) {
          if (!listed.contains(folder + "/" + store.pathWithin(location, entry.location()))) {
            store.delete(entry.location());
          }
        }
      }
    }
  }

  static Manifest manifest(OutputLayout layout) throws IOException {
    String location = layout.at(Manifest.FILE);
    FileStore store = FileStore.of(location);
    if (!store.exists(location)) {
      throw new RunException(
          layout.root()
              + ": has no "
              + Manifest.FILE
              + ", so there is no finished run here; run its job (again) first");
    }
    return Manifest.read(store.readAll(location), location);
  }

  static List<WrittenFile> outputs(OutputLayout layout) throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    String location = layout.at(Manifest.OUTPUTS);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                FileStore.of(location).open(location, 0), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        files.add(JSON.readValue(line, WrittenFile.class));
      }
    }
    return files;
  }

  /** The canonical shards, a set each, numbered in the order of their paths. */
  static List<ShardSet> shards(OutputLayout layout) throws IOException {
    List<ShardSet> sets = new ArrayList<>();
    for (WrittenFile file : outputs(layout)) {
      if (file.path().startsWith(OutputLayout.SHARDS)) {
        sets.add(
            new ShardSet(sets.size(), List.of(layout.at(file.path())), List.of(file.sha256()), ""));
      }
    }
    return sets;
  }

  static TokenizerRef tokenizer(OutputLayout layout) throws IOException {
    return new TokenizerRef(
        layout.at(layout.tokenizerFile("tokenizer.json")), manifest(layout).tokenizerSha256());
  }

  /** The headline figures, from the manifest. */
  static RunSummary summary(OutputLayout layout, Job job) throws IOException {
    Manifest manifest = manifest(layout);
    Map<String, Double> seconds = new LinkedHashMap<>();
    String finished = layout.at(layout.finished());
    JSON.readTree(FileStore.of(finished).readAll(finished))
        .path("secondsByStage")
        .properties()
        .forEach(stage -> seconds.put(stage.getKey(), stage.getValue().asDouble()));
    return new RunSummary(
        layout.root(),
        parts(layout),
        manifest.totals().documents(),
        manifest.totals().textBytes(),
        manifest.totals().tokens(),
        manifest.totals().deadLetters().values().stream().mapToLong(Long::longValue).sum(),
        job.corpus() != null && job.corpus().failOnDeadLetters(),
        manifest.vocabulary(),
        seconds);
  }

  /** The files by folder: how many, and how large together. */
  private static Map<String, String> parts(OutputLayout layout) throws IOException {
    Map<String, long[]> sums = new LinkedHashMap<>();
    sums.put(Manifest.FILE, new long[] {1, 0});
    for (WrittenFile file : outputs(layout)) {
      String path = file.path();
      int slash = path.lastIndexOf('/');
      String part = slash < 0 || path.equals(layout.rows()) ? path : path.substring(0, slash + 1);
      long[] sum = sums.computeIfAbsent(part, p -> new long[2]);
      sum[0]++;
      sum[1] += file.size();
    }
    Map<String, String> parts = new LinkedHashMap<>();
    sums.forEach(
        (part, sum) ->
            parts.put(
                part,
                part.equals(Manifest.FILE)
                    ? "what was read and written; checksums"
                    : String.format(Locale.ROOT, "%d files, %,d bytes", sum[0], sum[1])));
    return parts;
  }
}
