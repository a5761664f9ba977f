package org.merganser.pipeline.request;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
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
 * @param request the sha256 that names the request
 * @param output the output folder
 * @param data the name of the data; null if the folder does not have them
 * @param differences why the folder does not have them, in phrases; empty if it does
 */
public record RequestStatus(
    String request, String output, @Nullable String data, List<String> differences) {

  /** The characters of a sha256 in a phrase. */
  private static final int SHOWN_SHA256 = 12;

  /** The keys of files that an output lists, so that their differences can be counted. */
  private static final Set<String> ENCODED_FILES =
      Set.of(RequestedSources.CORPUS, RequestedSources.VALIDATION);

  /**
   * The status of a prepared run. Reads the sources that the output folder does not remember, and
   * writes nothing.
   *
   * @param held the manifest of the folder; null without an undamaged run
   * @param units the units that the run would encode
   * @param training the units that the run would learn from; empty if it learns from no text
   */
  public static RequestStatus of(
      RunSpec spec,
      OutputPaths paths,
      @Nullable Manifest held,
      List<WorkUnit> units,
      List<WorkUnit> training)
      throws IOException {
    RequestedSources sources = new RequestedSources(paths);
    SortedMap<String, String> keys = new TreeMap<>(spec.requestBeforeReading().keys());
    if (!training.isEmpty() && !training.equals(units)) {
      keys.putAll(sources.keys(RequestedSources.trainingKey(spec.job()), training));
    }
    if (!units.isEmpty()) {
      keys.putAll(sources.keys(RequestedSources.CORPUS, units));
    }
    Request request = Request.of(keys);
    List<String> differences =
        held == null
            ? List.of("it has no complete run")
            : differences(request, held, paths, sources.sha256s());
    String data = held == null || !differences.isEmpty() ? null : held.data();
    return new RequestStatus(request.sha256(), paths.root(), data, differences);
  }

  /**
   * Phrases about what the folder has in place of the request; empty if it has the result.
   *
   * @param sha256s the sha256 of each file that the request names, by path
   */
  private static List<String> differences(
      Request request, Manifest held, OutputPaths paths, Map<String, String> sha256s)
      throws IOException {
    List<String> differences = new ArrayList<>();
    String listed = ManifestWriter.data(FinishedOutput.at(paths).outputs(), held.tokenizerSha256());
    if (!listed.equals(held.data())) {
      differences.add("its manifest names other data than " + Manifest.OUTPUTS + " lists");
    }
    Request before = held.request();
    if (before.format() != request.format()) {
      differences.add("format of requests " + before.format() + " → " + request.format());
    }
    boolean listsFiles = held.inputs().lines() > 0;
    for (String key : changedKeys(before.keys(), request.keys())) {
      String difference =
          listsFiles && ENCODED_FILES.contains(key)
              ? fileDifference(paths, sha256s)
              : keyDifference(key, before.keys().get(key), request.keys().get(key));
      if (!differences.contains(difference)) { // one phrase for the files of both keys
        differences.add(difference);
      }
    }
    return differences;
  }

  /** The keys with another value, without the format of files if the files differ as well. */
  private static SortedSet<String> changedKeys(
      Map<String, String> before, Map<String, String> now) {
    SortedSet<String> changed = new TreeSet<>(now.keySet());
    changed.addAll(before.keySet());
    changed.removeIf(key -> Objects.equals(before.get(key), now.get(key)));
    List.copyOf(changed).forEach(key -> changed.remove(key + RequestedSources.FORMAT));
    return changed;
  }

  /** A phrase about a changed key, such as {@code vocabSize 1000 → 2000}. */
  private static String keyDifference(String key, @Nullable String before, @Nullable String now) {
    String name = key.replaceFirst("^tokenizer\\.(load$|train\\.)", ""); // empty for the key load
    return "%s %s → %s".formatted(name.isEmpty() ? "tokenizer:" : name, shown(before), shown(now));
  }

  /** The value of a key in a phrase; a sha256 is cut. */
  private static String shown(@Nullable String value) {
    if (value == null) {
      return "none";
    }
    return value.matches("[0-9a-f]{64}") ? value.substring(0, SHOWN_SHA256) : value;
  }

  /**
   * A phrase about how the files of the request differ from those of the folder.
   *
   * @param sha256s the sha256 of each file that the request names, by path
   */
  private static String fileDifference(OutputPaths paths, Map<String, String> sha256s)
      throws IOException {
    Map<String, String> added = new HashMap<>(sha256s);
    AtomicInteger removed = new AtomicInteger();
    AtomicInteger changed = new AtomicInteger();
    FinishedOutput.at(paths)
        .forEachInput(
            line -> {
              String now = added.remove(line.path());
              if (now == null) {
                removed.incrementAndGet();
              } else if (!now.equals(line.fileSha256())) {
                changed.incrementAndGet();
              }
            });
    List<String> phrases = new ArrayList<>();
    addCount(added.size(), "added", phrases);
    addCount(removed.get(), "removed", phrases);
    addCount(changed.get(), "changed", phrases);
    return phrases.isEmpty()
        ? "files in another order or for another use"
        : String.join(", ", phrases);
  }

  private static void addCount(int files, String how, List<String> phrases) {
    if (files > 0) {
      phrases.add(Plural.of(files, "file") + " " + how);
    }
  }
}
