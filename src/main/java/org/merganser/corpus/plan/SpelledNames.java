package org.merganser.corpus.plan;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that the glob of an input spells: files and folders of these names are data. */
final class SpelledNames {
  /** The names of which the glob consists, with their wildcards. */
  private final Set<String> names;

  SpelledNames(String glob) {
    this.names = Arrays.stream(glob.split("/")).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether the glob has a name. */
  boolean has(String name) {
    return names.contains(name);
  }

  /** Whether the glob has the name of a file, or one that ends in the file's extension. */
  boolean hasOrEndsIn(String file) {
    String extension = file.substring(file.lastIndexOf('.') + 1);
    return names.contains(file) || names.stream().anyMatch(name -> name.endsWith("." + extension));
  }
}
