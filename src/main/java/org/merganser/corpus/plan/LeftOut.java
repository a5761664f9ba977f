package org.merganser.corpus.plan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The files and folders of inputs that are not read, by reason (a folder counts once), and what is
 * strange about those that are read.
 */
public final class LeftOut {
  private final SortedMap<String, SortedSet<String>> locations = new TreeMap<>();
  private final Set<String> warnings = new LinkedHashSet<>();

  /** The locations that are left out for a reason. */
  SortedSet<String> of(String reason) {
    return locations.computeIfAbsent(reason, r -> new TreeSet<>());
  }

  /** Adds a sentence about files that are read, and perhaps not meant. */
  void warn(String sentence) {
    warnings.add(sentence);
  }

  /** What a person should know of the files that are read, in sentences. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** How many there are by reason. */
  public SortedMap<String, Integer> counts() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    locations.forEach((reason, those) -> counts.put(reason, those.size()));
    return counts;
  }

  /** A line for each reason, with how many there are and the first of them. */
  @Override
  public String toString() {
    return locations.entrySet().stream()
        .map(
            of ->
                "%s: %s%s"
                    .formatted(
                        of.getKey(),
                        of.getValue().size(),
                        of.getValue().isEmpty() ? "" : ", such as " + of.getValue().first()))
        .collect(Collectors.joining("\n"));
  }
}
