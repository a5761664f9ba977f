package org.merganser.pipeline.request;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.message.Plural;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.ManifestWriter;
import org.merganser.output.manifest.Request;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.spec.RunSpec;

/**
 * The request of a run that has not begun, and whether its output folder already has the data.
 *
 * @param data the name of the data; null if the folder does not have them
 * @param differences why the folder does not have them, in phrases; empty if it does
 */
public record HeldRequest(
    String request, String output, @Nullable String data, List<String> differences) {

  /**
   * Reads the sources that the output folder does not remember, and writes nothing.
   *
   * @param held the manifest of the folder; null without an undamaged run
   * @param units that the run would encode
   * @param training units that the run would learn from
   */
  public static HeldRequest of(
      RunSpec spec,
      OutputPaths paths,
      @Nullable Manifest held,
      List<WorkUnit> units,
      List<WorkUnit> training)
      throws IOException {
    RequestedSources sources = new RequestedSources(paths);
    SortedMap<String, String> keys = new TreeMap<>(spec.asked().keys());
    if (!training.isEmpty() && !training.equals(units)) {
      keys.putAll(sources.keys(RequestedSources.learnedFrom(spec.job()), training));
    }
    if (!units.isEmpty()) {
      keys.putAll(sources.keys(RequestedSources.CORPUS, units));
    }
    Request request = Request.of(keys);
    List<String> differences = new ArrayList<>();
    if (held == null) {
      return new HeldRequest(
          request.sha256(), paths.root(), null, List.of("it has no complete run"));
    }
    Request before = held.request();
    String listed = ManifestWriter.data(FinishedOutput.at(paths).outputs(), held.tokenizerSha256());
    if (!listed.equals(held.data())) {
      differences.add("its manifest names other data than " + Manifest.OUTPUTS + " lists");
    }
    if (before.format() != request.format()) {
      differences.add("format of requests " + before.format() + " → " + request.format());
    }
    TreeSet<String> all = new TreeSet<>(keys.keySet());
    all.addAll(before.keys().keySet());
    all.removeIf(key -> Objects.equals(before.keys().get(key), keys.get(key)));
    // Other files are also read in other ways, which needs no second phrase.
    List.copyOf(all).forEach(key -> all.remove(key + ".format"));
    for (String key : all) {
      boolean ofFiles =
          List.of(RequestedSources.CORPUS, RequestedSources.VALIDATION).contains(key)
              && held.inputs().lines() > 0;
      String difference =
          ofFiles
              ? files(paths, sources.sha256s)
              : difference(key, before.keys().get(key), keys.get(key));
      if (!differences.contains(difference)) { // one phrase for the files of both keys
        differences.add(difference);
      }
    }
    String data = differences.isEmpty() ? held.data() : null;
    return new HeldRequest(request.sha256(), paths.root(), data, differences);
  }

  private static String difference(String key, @Nullable String old, @Nullable String wanted) {
    String name = key.replaceFirst("^tokenizer\\.(load$|train\\.)", "");
    return "%s %s → %s".formatted(name.isEmpty() ? "tokenizer:" : name, shown(old), shown(wanted));
  }

  private static String shown(@Nullable String value) {
    boolean sum = value != null && value.matches("[0-9a-f]{64}");
    return value == null ? "none" : sum ? value.substring(0, 12) : value;
  }

  private static String files(OutputPaths paths, Map<String, String> listed) throws IOException {
    Map<String, String> added = new HashMap<>(listed);
    int[] counts = {0, 0, 0};
    FinishedOutput.at(paths)
        .forEachInput(
            line -> {
              String now = added.remove(line.path());
              counts[now == null ? 1 : Objects.equals(now, line.whole()) ? 0 : 2]++;
            });
    counts[0] = added.size();
    List<String> how = List.of("added", "removed", "changed");
    String all =
        IntStream.range(0, counts.length)
            .filter(i -> counts[i] > 0)
            .mapToObj(i -> Plural.of(counts[i], "file") + " " + how.get(i))
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? "files in another order or for another use" : all;
  }
}
