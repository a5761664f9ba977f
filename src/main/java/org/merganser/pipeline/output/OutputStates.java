package org.merganser.pipeline.output;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.InputLine;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.WrittenFile;
import org.merganser.store.FileStore;
import org.merganser.verify.OwnFiles;

/**
 * The states that an output folder went through by {@code corpus.append}. The newest manifest is in
 * the folder itself; earlier manifests and their lists are below {@code states/}, named by the
 * sha256 of the manifest.
 */
public final class OutputStates {
  public static final String FOLDER = "states";

  private final OutputLayout layout;
  private final FileStore store;

  /**
   * A state of an output folder.
   *
   * @param sha256 of its manifest
   * @param folder with the manifest and its lists: empty, or ending in {@code /}
   */
  public record State(String sha256, Manifest manifest, String folder) {}

  private OutputStates(OutputLayout layout) {
    this.layout = layout;
    this.store = FileStore.of(layout.root());
  }

  /** Keeps the current state of the folder, if there is one, before another state replaces it. */
  public static void keep(OutputLayout layout) throws IOException {
    OutputStates states = new OutputStates(layout);
    State now = states.read("");
    if (now != null) {
      String folder = FOLDER + "/" + now.sha256() + "/";
      // The manifest is written last: its presence means that the lists are complete.
      for (String name : List.of(Manifest.INPUTS, Manifest.OUTPUTS, Manifest.FILE)) {
        states.copy(name, folder + name);
      }
    }
  }

  private void copy(String from, String to) throws IOException {
    try (InputStream in = store.open(layout.at(from), 0)) {
      store.publish(layout.at(to), in::transferTo);
    }
  }

  private @Nullable State read(String folder) throws IOException {
    String location = layout.at(folder + Manifest.FILE);
    if (!store.exists(location)) {
      return null;
    }
    byte[] json = store.readAll(location);
    return new State(Sha256.of(json), Manifest.read(json, location), folder);
  }

  /**
   * The states, newest first; each state is the parent of the one before it in the list. While a
   * run is under way, the first is the state that the run adds to.
   */
  public static List<State> history(OutputLayout layout) throws IOException {
    OutputStates states = new OutputStates(layout);
    return states.from(states.read(""));
  }

  /** The state to which a run that is under way adds; null for none. */
  public static @Nullable State before(OutputLayout layout) throws IOException {
    List<State> history = new OutputStates(layout).from(null);
    return history.isEmpty() ? null : history.get(0);
  }

  private List<State> from(@Nullable State now) throws IOException {
    Map<String, State> kept = new HashMap<>();
    for (String path : OwnFiles.list(layout.root(), FOLDER)) {
      if (path.endsWith("/" + Manifest.FILE)) {
        State state = read(path.substring(0, path.length() - Manifest.FILE.length()));
        if (state != null) {
          kept.put(state.sha256(), state);
        }
      }
    }
    State next = now;
    if (next == null) {
      Set<String> newest = new HashSet<>(kept.keySet());
      kept.values().forEach(state -> newest.remove(state.manifest().parent()));
      next = newest.stream().sorted().findFirst().map(kept::get).orElse(null);
    }
    List<State> history = new ArrayList<>();
    while (next != null) {
      history.add(next);
      next = kept.remove(next.manifest().parent());
    }
    return history;
  }

  /** The sizes of the files of each state by path, oldest state first. */
  public static List<Map<String, Long>> inputs(OutputLayout layout) throws IOException {
    List<Map<String, Long>> all = new ArrayList<>();
    for (State state : history(layout)) {
      Map<String, Long> sizes = new LinkedHashMap<>();
      FinishedOutput.forEachLine(
          layout,
          state.folder() + Manifest.INPUTS,
          InputLine.class,
          line -> sizes.put(line.path(), line.size()));
      all.add(0, sizes);
    }
    return all;
  }

  /**
   * Checks that the run that adds to a state has every shard of that state among its outputs.
   *
   * @throws RunException naming the first shard that is missing
   */
  public static void requireShards(OutputLayout layout, State before) throws IOException {
    Map<String, String> sums = new HashMap<>();
    FinishedOutput.forEachLine(
        layout, Manifest.OUTPUTS, WrittenFile.class, file -> sums.put(file.path(), file.sha256()));
    FinishedOutput.forEachLine(
        layout,
        before.folder() + Manifest.OUTPUTS,
        WrittenFile.class,
        file -> {
          if (OutputLayout.isShard(file.path()) && !file.sha256().equals(sums.get(file.path()))) {
            throw new RunException(
                ("%s: has other bytes than in the state %s that corpus.append adds to: an input,"
                        + " the tokenizer or a setting of reading changed; put it back as it was"
                        + " and run again, or choose another output")
                    .formatted(file.path(), before.sha256()));
          }
        });
  }
}
