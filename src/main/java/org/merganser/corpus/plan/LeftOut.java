package org.merganser.corpus.plan;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The files and folders of inputs that are not read, by reason; a folder is told as a whole. */
public final class LeftOut {
  private final SortedMap<String, SortedSet<String>> locations = new TreeMap<>();

  /** The locations that are left out for a reason. */
  SortedSet<String> of(String reason) {
    return locations.computeIfAbsent(reason, r -> new TreeSet<>());
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
