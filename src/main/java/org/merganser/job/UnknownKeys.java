package org.merganser.job;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What errors say of a key that its section does not have, and of a file that has no key at all.
 * {@link NearestName} decides how near a known key must be to be suggested.
 */
final class UnknownKeys {
  /** The most keys that the error for another file lists. */
  private static final int FIRST_NAMES = 5;

  /** Keys that have another place now, with what the error says of them. */
  private static final Map<String, String> MOVED =
      Map.of(
          "shards.pack.beginOfDocument",
          "is shards.beginOfDocument now, which begins each document in every layout");

  private UnknownKeys() {}

  /**
   * The problem of an unknown key: its place now, the nearest known key, the places where a key has
   * this name, or all known keys.
   *
   * @param path of the key in the file
   * @param name the last name of the path
   * @param known the keys of its section
   */
  static String problem(String path, String name, Collection<String> known) {
    String moved = MOVED.get(path);
    if (moved != null) {
      return path + ": " + moved;
    }
    String suggestion = NearestName.suggestion(name, known);
    if (suggestion.isEmpty()) {
      suggestion = elsewhere(name);
    }
    String allKnown = suggestion.isEmpty() ? "; known here: " : " Known here: ";
    return path + ": unknown key" + suggestion + allKnown + String.join(", ", known);
  }

  /**
   * The problem of a file that is something else than a job, since no name in it may be meant as a
   * key; null if the file may be a job.
   *
   * @param names the names at the beginning of the file's tree
   * @param known the keys at the beginning of a job
   */
  static @Nullable String otherFile(List<String> names, Collection<String> known) {
    if (names.contains("model") && names.contains("added_tokens")) {
      return "is a tokenizer.json and no job file; a job names it in tokenizer.load";
    }
    if (names.isEmpty() || names.stream().anyMatch(name -> isLikely(name, known))) {
      return null;
    }
    String first = String.join(", ", names.subList(0, Math.min(names.size(), FIRST_NAMES)));
    return "has no key of a job file: it has %s; known here: %s"
        .formatted(names.size() > FIRST_NAMES ? first + ", …" : first, String.join(", ", known));
  }

  /** Whether a name may be meant as a key of a job. */
  private static boolean isLikely(String name, Collection<String> known) {
    return known.contains(name)
        || NearestName.of(name, known).isPresent()
        || !elsewhere(name).isEmpty();
  }

  /** Where else a key has this name, as the end of a message; "" if nowhere. */
  private static String elsewhere(String name) {
    if (JobKeys.of(Job.class).containsKey(name)) {
      return "; %s belongs to no section: begin its line without spaces.".formatted(name);
    }
    List<String> keys =
        JobKeys.all().keySet().stream().filter(key -> key.endsWith("." + name)).toList();
    return keys.isEmpty() ? "" : "; did you mean " + String.join(" or ", keys) + "?";
  }
}
