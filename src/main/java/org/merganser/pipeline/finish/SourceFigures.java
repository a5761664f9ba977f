package org.merganser.pipeline.finish;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputListing;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Totals;
import org.merganser.pipeline.finish.RunSummary.Part;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.store.CodePointOrder;
import org.merganser.store.FileStore;

/**
 * The sources of the text of a finished run, and the disk space of its output.
 *
 * @param inputs of the job, the most text first: at most {@link #MAX_ROWS}, and the sum of all
 *     others
 * @param files of the inputs, likewise
 * @param skipped unread parts of the inputs, by reason: files and folders, and the bytes of those
 *     whose size is known
 * @param disk the bytes of each folder of the output, and of the files next to the folders
 */
record SourceFigures(
    List<Row> inputs, List<Row> files, Map<String, Part> skipped, Map<String, Part> disk) {
  /** The maximum number of inputs, and of files, that have a row of their own. */
  private static final int MAX_ROWS = 20;

  private static final Comparator<Row> MOST_TEXT_FIRST =
      Comparator.comparingLong((Row row) -> -row.totals.sums().textBytes())
          .thenComparingLong(row -> -row.totals.storedBytes())
          .thenComparing(Row::name, CodePointOrder.INSTANCE);

  /**
   * The totals of an input or of a file, or of several of them.
   *
   * @param name of an input or a file; empty for the sum of others
   * @param rows the number of inputs or files that were added up
   */
  record Row(String name, long rows, @JsonUnwrapped Totals totals) {
    /** The row with the totals of another input or file. */
    Row plus(Totals other) {
      return new Row(name, rows + 1, totals.plus(other));
    }
  }

  /**
   * The figures of a version.
   *
   * @param paths of the version that the page is about
   * @param manifest of this version
   * @param unread what was not read of the inputs
   * @param deletes the paths that the commit deletes, which are not counted
   */
  static SourceFigures of(
      FileLocations paths, Manifest manifest, List<SkippedInputs.Line> unread, Set<String> deletes)
      throws IOException {
    JsonNode corpus = manifest.job().path("corpus");
    Map<String, Row> byInput = new TreeMap<>(CodePointOrder.INSTANCE);
    Largest files = new Largest();
    FinishedOutput.at(paths)
        .forEachInput(
            file -> {
              Totals totals = new Totals(1, file.size(), file.sums());
              files.add(new Row(file.path(), 1, totals));
              String input = inputThatNamed(file, corpus);
              if (input != null) {
                Row before = byInput.getOrDefault(input, new Row(input, 0, Totals.ZERO));
                byInput.put(input, before.plus(totals));
              }
            });
    Largest inputs = new Largest();
    byInput.values().forEach(inputs::add);
    Map<String, Part> disk = Part.of(FinishedOutput.at(paths).outputs());
    disk.put(OutputFile.RUN_FOLDER, runFolder(paths, deletes));
    return new SourceFigures(inputs.rows(), files.rows(), byReason(unread), disk);
  }

  /** The number and the bytes of the unread parts, by reason. */
  private static Map<String, Part> byReason(List<SkippedInputs.Line> unread) {
    Map<String, Part> skipped = new TreeMap<>();
    for (SkippedInputs.Line line : unread) {
      long found = line.more() == null ? 1 : line.more();
      Part part = new Part(found, line.size() == null ? 0 : line.size());
      skipped.merge(line.reason(), part, Part::plus);
    }
    return skipped;
  }

  /** The files that the folder of the run will have after the commit. */
  private static Part runFolder(FileLocations paths, Set<String> deletes) throws IOException {
    Part sum = new Part(0, 0);
    FileStore store = FileStore.of(paths.root());
    for (FileStore.Entry entry : OutputListing.listEntries(paths.root(), OutputPaths.RUN)) {
      String path = store.pathWithin(paths.root(), entry.location());
      if (!isReplacedOrDeleted(OutputFile.of(path))
          && !deletes.contains(path)
          && !OutputListing.isStaged(path)) {
        sum = sum.plus(new Part(1, entry.size()));
      }
    }
    for (OutputFile row : OutputFile.values()) {
      if (row.kind() == OutputFile.Kind.RESULT && store.exists(paths.at(row.path()))) {
        sum = sum.plus(new Part(1, store.stat(paths.at(row.path())).size()));
      }
    }
    return sum;
  }

  /**
   * Whether a file will not be there when the run has ended, at least not with these bytes: the
   * holder of the lock is deleted, and the commit replaces the records of the run before.
   */
  private static boolean isReplacedOrDeleted(@Nullable OutputFile row) {
    return row == OutputFile.HOLDER || (row != null && row.kind() == OutputFile.Kind.RESULT);
  }

  /**
   * The path of the input of the job that named a file; null if none did.
   *
   * @param corpus the section {@code corpus} of the job
   */
  private static @Nullable String inputThatNamed(InputLine file, JsonNode corpus) {
    if (file.input() == null) {
      return null;
    }
    String list = file.validationInput() == null ? "inputs" : "validationInputs";
    JsonNode named = corpus.path(list).path(file.input());
    return named.isTextual() ? named.textValue() : named.path("path").asText();
  }

  /** The rows with the most text, and the sum of all others. */
  private static final class Largest {
    /** At most {@link #MAX_ROWS} rows, the one with the least text at the head. */
    private final PriorityQueue<Row> kept = new PriorityQueue<>(MOST_TEXT_FIRST.reversed());

    private Row others = new Row("", 0, Totals.ZERO);

    void add(Row row) {
      kept.add(row);
      if (kept.size() > MAX_ROWS) {
        others = others.plus(kept.remove().totals);
      }
    }

    /** The kept rows in order, then the sum of the others if there are any. */
    List<Row> rows() {
      List<Row> rows = new ArrayList<>(kept.stream().sorted(MOST_TEXT_FIRST).toList());
      if (others.rows > 0) {
        rows.add(others);
      }
      return rows;
    }
  }
}
