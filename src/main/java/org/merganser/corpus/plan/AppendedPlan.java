package org.merganser.corpus.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.WorkUnit;

/**
 * Plans a corpus that grew in steps so that existing units keep their numbers: the files of the
 * first step are planned alone, then those that the second step added, and so on. The plan depends
 * only on the steps and the listing.
 */
public final class AppendedPlan {
  /**
   * A file as a step read it.
   *
   * @param size in bytes, compressed
   * @param validation whether the file was validation data
   * @param sha256 of the complete file; null if unknown
   */
  public record Source(long size, boolean validation, @Nullable String sha256) {}

  private AppendedPlan() {}

  /**
   * The units of all files.
   *
   * @param steps the files of each step by path, as they were planned, the first step first; each
   *     includes the files of those before it
   * @param files the result of {@link CorpusPlanner#list}; the caller gives a file of a step the
   *     size and version that it had in the step
   * @throws CorpusException naming a file of a step that no longer exists, or has another use
   */
  public static List<WorkUnit> of(List<Map<String, Source>> steps, List<InputFile> files) {
    Map<String, InputFile> left = new LinkedHashMap<>();
    files.forEach(file -> left.put(file.path(), file));
    List<WorkUnit> units = new ArrayList<>();
    for (Map<String, Source> step : steps) {
      List<InputFile> added = new ArrayList<>();
      for (Map.Entry<String, Source> source : step.entrySet()) {
        InputFile file = left.remove(source.getKey());
        if (file != null) { // null for a file of a step before, and for one that is missing
          requireSameUse(file, source.getValue());
          added.add(file);
        }
      }
      append(added, units);
      requireAll(step, files.size() - left.size(), files);
    }
    append(List.copyOf(left.values()), units);
    return units;
  }

  /** Adds the units of the files of a step. */
  private static void append(List<InputFile> added, List<WorkUnit> units) {
    int before = units.size();
    for (WorkUnit unit : CorpusPlanner.plan(added)) {
      units.add(new WorkUnit(before + unit.number(), unit.ranges()));
    }
  }

  /** Refuses a file that was for training and is for validation now, or the other way round. */
  private static void requireSameUse(InputFile file, Source read) {
    if (file.validation() != read.validation()) {
      throw new CorpusException(
          ("%s: was read for %s in the version that corpus.append adds to, and is now for"
                  + " %s; put it back into %s, or choose another output")
              .formatted(
                  file.path(),
                  read.validation() ? "validation" : "training",
                  file.validation() ? "validation" : "training",
                  read.validation() ? "corpus.validationInputs" : "corpus.inputs"));
    }
  }

  /**
   * Refuses a step of which a file no longer exists.
   *
   * @param found how many files of the step, and of those before it, exist
   */
  private static void requireAll(Map<String, Source> step, int found, List<InputFile> files) {
    if (found == step.size()) {
      return;
    }
    Set<String> existing = files.stream().map(InputFile::path).collect(Collectors.toSet());
    List<String> gone = new ArrayList<>(step.keySet());
    gone.removeAll(existing);
    throw new CorpusException(
        ("%s: is missing, and the version that corpus.append adds to has read it (%s such files"
                + " in all); put it back, take it out of corpus.exclude, or choose another output")
            .formatted(gone.get(0), gone.size()));
  }
}
