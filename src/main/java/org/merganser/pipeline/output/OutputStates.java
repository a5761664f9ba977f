package org.merganser.pipeline.output;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.plan.AppendedPlan;
import org.merganser.dataset.InputLine;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.ManifestWriter;
import org.merganser.dataset.ProgramCommand;
import org.merganser.dataset.WrittenFile;
import org.merganser.store.FileStore;
import org.merganser.verify.OutputVerification;
import org.merganser.verify.OutputVerification.Finding;
import org.merganser.verify.OwnFiles;

/**
 * The states of an output folder that grew by {@code corpus.append}. Each is kept below {@code
 * states/} with its manifest and lists, in a folder named by the sha256 of the manifest; the newest
 * is also in the output folder itself.
 */
public record OutputStates(OutputLayout layout) {
  /** The key in the record of a run with the sha256 of the state that it adds to. */
  public static final String ADDS_TO = "addsTo";

  private static final Pattern OWN =
      Pattern.compile(
          "%s/[0-9a-f]{64}/(%s)"
              .formatted(
                  OutputVerification.STATES,
                  Stream.of(Manifest.INPUTS, Manifest.OUTPUTS, Manifest.FILE)
                      .map(Pattern::quote)
                      .collect(Collectors.joining("|"))));

  /**
   * @param sha256 of its manifest
   * @param folder with the manifest and its lists: empty, or ending in {@code /}
   */
  public record State(String sha256, Manifest manifest, String folder) {}

  /**
   * The state that a run with {@code corpus.append} adds to, after a check of every state before
   * it; null if no run has finished. Writes nothing.
   *
   * @throws RunException if a state is missing or was changed
   */
  public @Nullable State base() throws IOException {
    State newest = newest();
    if (newest == null) {
      return null;
    }
    String kept = newest.folder().isEmpty() ? newest.manifest().parent() : newest.sha256();
    List<Finding> findings = OutputVerification.checkStates(layout.root(), kept).findings();
    if (!findings.isEmpty()) {
      throw lost(findings.get(0).where());
    }
    return newest;
  }

  private RunException lost(String path) {
    return RunException.changed(
        "%s/%s: is missing or was changed; nothing was written. corpus.append needs every version"
            + " back to the first as it was: put %s/ back from a copy. Without a copy, encode the"
            + " new files alone into another output, and let %s read both; the shards that are"
            + " here stay as they are",
        layout.root(), path, OutputVerification.STATES, ProgramCommand.line("merge"));
  }

  /** The state in the folder itself if it is undamaged, else the one that its last run names. */
  private @Nullable State newest() throws IOException {
    if (FinishedOutput.wholeManifest(layout) != null) {
      return read("");
    }
    String named = recorded(OutputLayout.FINISHED, "manifestSha256");
    named = named.isEmpty() ? recorded(OutputLayout.RECORD, ADDS_TO) : named;
    if (named.isEmpty() && OwnFiles.list(layout.root(), OutputVerification.STATES).isEmpty()) {
      return null;
    }
    State state = kept(named);
    if (state == null && FileStore.of(layout.root()).exists(layout.at(Manifest.FILE))) {
      FinishedOutput.manifest(layout); // says what is damaged where it cannot be read
    }
    if (state == null) {
      throw lost(named.isEmpty() ? OutputLayout.RECORD : folder(named) + Manifest.FILE);
    }
    return state;
  }

  /** A value in a file below {@code run/}; empty if it is missing. */
  private String recorded(String path, String key) throws IOException {
    return FinishedOutput.fields(layout, path).path(key).asText("");
  }

  /** A state in {@code states/}; null if its manifest is missing or has another sha256. */
  private @Nullable State kept(String sha256) throws IOException {
    State state = read(folder(sha256));
    return state != null && state.sha256().equals(sha256) ? state : null;
  }

  private static String folder(String sha256) {
    return OutputVerification.STATES + "/" + sha256 + "/";
  }

  private @Nullable State read(String folder) throws IOException {
    byte[] json = FinishedOutput.find(layout, folder + Manifest.FILE);
    return json == null
        ? null
        : new State(
            Sha256.of(json), Manifest.read(json, layout.at(folder + Manifest.FILE)), folder);
  }

  /**
   * @throws RunException if the folder has a state
   */
  public void requireNone() throws IOException {
    if (!recorded(OutputLayout.RECORD, ADDS_TO).isEmpty() || !files().isEmpty()) {
      throw OutputFolder.wrong(
          ("%s has versions of corpus.append, whose shards no run replaces, with --replace"
                  + " neither; set corpus.append: true, name another output, or delete the folder"
                  + " yourself")
              .formatted(layout.root()));
    }
  }

  /**
   * Keeps the state in the folder itself, before another state replaces it.
   *
   * @param base the sha256 of the state that the run was prepared for; null for none
   * @throws RunException if another run has finished since
   */
  public void keep(@Nullable String base) throws IOException {
    State now = newest();
    if (!Objects.equals(base, now == null ? null : now.sha256())) {
      throw new RunException(
          layout.root() + ": another run has finished here since this one began; start it again");
    }
    keep(now);
  }

  public void keepNewest() throws IOException {
    keep(read(""));
  }

  /** Whether the state that the run wrote is kept with all before it. */
  public boolean isKept() throws IOException {
    String sha256 = Receipts.sha256(layout.at(Manifest.FILE));
    return OutputVerification.checkStates(layout.root(), sha256).findings().isEmpty();
  }

  private void keep(@Nullable State state) throws IOException {
    if (state != null && state.folder().isEmpty()) {
      FileStore store = FileStore.of(layout.root());
      // The manifest is written last: its presence means that the lists are complete.
      for (String name : List.of(Manifest.INPUTS, Manifest.OUTPUTS, Manifest.FILE)) {
        try (InputStream in = store.open(layout.at(name), 0)) {
          store.publish(layout.at(folder(state.sha256()) + name), in::transferTo);
        }
      }
    }
  }

  /**
   * The states, newest first; each state is the parent of the one before it in the list. During a
   * run, the first is the state that the run adds to. The list ends before a state that is missing
   * or was changed.
   */
  public List<State> history() throws IOException {
    List<State> history = new ArrayList<>();
    for (State next = newest(); next != null; ) {
      history.add(next);
      String parent = next.manifest().parent();
      next = parent == null ? null : kept(parent);
    }
    return history;
  }

  /** The files of each state by path, oldest state first. */
  public List<Map<String, AppendedPlan.Source>> inputs() throws IOException {
    List<Map<String, AppendedPlan.Source>> all = new ArrayList<>();
    for (State state : history()) {
      Map<String, AppendedPlan.Source> files = new LinkedHashMap<>();
      FinishedOutput.forEachLine(
          layout,
          state.folder() + Manifest.INPUTS,
          InputLine.class,
          line ->
              files.put(
                  line.path(),
                  new AppendedPlan.Source(
                      line.size(), line.validationInput() != null, line.whole())));
      all.add(0, files);
    }
    return all;
  }

  /**
   * @throws RunException if it is missing or was changed since the run began
   */
  public Manifest manifest(String state) throws IOException {
    State kept = kept(state);
    if (kept == null) {
      throw lost(folder(state) + Manifest.FILE);
    }
    return kept.manifest();
  }

  /** The sha256 of each shard of a kept state, by path. */
  public Map<String, String> shards(String state) throws IOException {
    Map<String, String> sums = new HashMap<>();
    FinishedOutput.forEachLine(
        layout,
        folder(state) + Manifest.OUTPUTS,
        WrittenFile.class,
        file -> {
          if (ManifestWriter.isShard(file.path())) {
            sums.put(file.path(), file.sha256());
          }
        });
    return sums;
  }

  /**
   * @throws RunException naming the first shard of the state that is not among the outputs of the
   *     run
   */
  public void requireShards(String state) throws IOException {
    Map<String, String> left = new TreeMap<>(shards(state));
    FinishedOutput.outputs(layout).forEach(file -> left.remove(file.path(), file.sha256()));
    if (!left.isEmpty()) {
      throw otherShard(left.keySet().iterator().next(), state);
    }
  }

  /** The paths of the files of a kept state; empty for null. */
  public Set<String> files(@Nullable String state) throws IOException {
    Set<String> files = new HashSet<>();
    if (state != null) {
      forEachInput(state, line -> files.add(line.path()));
    }
    return files;
  }

  /** Passes on the lines of the inputs of a state. */
  public void forEachInput(State state, IOConsumer<InputLine> handler) throws IOException {
    FinishedOutput.forEachLine(layout, state.folder() + Manifest.INPUTS, InputLine.class, handler);
  }

  /** Passes on the lines of the inputs of a kept state. */
  public void forEachInput(String state, IOConsumer<InputLine> handler) throws IOException {
    FinishedOutput.forEachLine(layout, folder(state) + Manifest.INPUTS, InputLine.class, handler);
  }

  /** Deletes all states, so that the run may replace their shards: the user typed --replace. */
  public void forget() throws IOException {
    for (String path : files()) {
      FileStore.of(layout.root()).delete(layout.at(path));
    }
  }

  /** The files of states, and drafts of them; other files there do not belong to a run. */
  private List<String> files() throws IOException {
    return OwnFiles.list(layout.root(), OutputVerification.STATES).stream()
        .filter(path -> OWN.matcher(path).matches() || isDraft(path))
        .toList();
  }

  private static boolean isDraft(String path) {
    return FileStore.isTemporary(path) && path.matches(folder("[0-9a-f]{64}") + "[^/]+");
  }

  /** The error for a shard that would differ from the state that a run adds to. */
  public static RunException otherShard(String path, String state) {
    return RunException.changed(
        "%s: has other bytes than in the version %s that corpus.append adds to: an input, the"
            + " tokenizer or a setting of reading changed; put it back as it was and run again, or"
            + " choose another output. No shard of the version was replaced",
        path, state);
  }
}
