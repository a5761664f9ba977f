package org.merganser.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.InputLine;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.WrittenFile;
import org.merganser.json.Json;
import org.merganser.parquet.ShardException;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;

/**
 * How the inputs of a run differ from those of the last one that finished in its folder: {@code
 * run/changes.jsonl}, a line for each file that was added, removed or has other bytes.
 */
final class InputChanges {
  /** A longer list of inputs is not compared: its paths would fill the memory. */
  private static final long COMPARED = 1_000_000;

  private InputChanges() {}

  /** Keeps the list of inputs of the finished run that is about to be replaced, if there is one. */
  static void remember(OutputLayout layout) throws IOException {
    String inputs = layout.at(Manifest.INPUTS);
    String before = layout.at(layout.inputsBefore());
    FileStore store = FileStore.of(inputs);
    if (store.exists(layout.at(Manifest.FILE)) && isWhole(layout)) {
      try (var in = store.open(inputs, 0)) {
        CheckedFile.publish(before, in::transferTo);
      }
    }
  }

  private static boolean isWhole(OutputLayout layout) throws IOException {
    try {
      Manifest.ListFile list = FinishedOutput.manifest(layout).inputs();
      return Receipts.unchanged(
          layout, new WrittenFile(list.path(), list.size(), list.sha256(), 0, 0));
    } catch (ShardException damaged) {
      return false; // what it was is not known
    }
  }

  /**
   * Compares the inputs of the run that has finished with those remembered, writes the changes and
   * forgets; how many files of each kind, or nothing where there is nothing to compare with.
   */
  static Map<String, Long> publish(OutputLayout layout) throws IOException {
    String before = layout.at(layout.inputsBefore());
    FileStore store = FileStore.of(before);
    store.delete(layout.at(layout.changes()));
    Map<String, Long> counts = new LinkedHashMap<>();
    if (!CheckedFile.isWhole(before)) {
      store.delete(before);
      return counts;
    }
    if (FinishedOutput.manifest(layout).inputs().lines() <= COMPARED) {
      compare(layout, before, counts);
    }
    store.delete(before);
    return counts;
  }

  private static void compare(OutputLayout layout, String before, Map<String, Long> counts)
      throws IOException {
    Map<String, String> old = new TreeMap<>();
    try (BufferedReader lines = FileStore.lines(CheckedFile.open(before))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        InputLine input = Json.MAPPER.readValue(line, InputLine.class);
        old.put(input.path(), sum(input));
        if (old.size() > COMPARED) {
          return;
        }
      }
    }
    for (String kind : new String[] {"kept", "changed", "added", "removed"}) {
      counts.put(kind, 0L);
    }
    String changes = layout.at(layout.changes());
    FileStore.of(changes)
        .publish(
            changes,
            out -> {
              try (BufferedReader lines = FileStore.lines(layout.at(Manifest.INPUTS))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  InputLine input = Json.MAPPER.readValue(line, InputLine.class);
                  String sum = old.remove(input.path());
                  String kind = sum == null ? "added" : "changed";
                  if (sum != null && sum.equals(sum(input))) {
                    kind = "kept";
                  } else {
                    write(out, input.path(), kind);
                  }
                  counts.merge(kind, 1L, Math::addExact);
                }
              }
              for (String path : old.keySet()) {
                write(out, path, "removed");
              }
            });
    counts.put("removed", (long) old.size());
  }

  /**
   * The sum of a file's ranges: a file that is read in other ranges than before counts as changed.
   */
  private static String sum(InputLine input) {
    StringBuilder sums = new StringBuilder();
    for (InputLine.Range range : input.ranges()) {
      sums.append(range.end()).append(' ').append(range.sha256()).append('\n');
    }
    return Sha256.of(sums.toString().getBytes(StandardCharsets.US_ASCII)).substring(0, 32);
  }

  private static void write(OutputStream out, String path, String change) throws IOException {
    ObjectNode line = Json.MAPPER.createObjectNode().put("path", path).put("change", change);
    out.write(Json.MAPPER.writeValueAsBytes(line));
    out.write('\n');
  }
}
