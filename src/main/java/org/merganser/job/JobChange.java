package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.merganser.job.key.KeyRole;
import org.merganser.job.key.KeyRole.Made;

/**
 * A key with another value than in an earlier job. A key that the earlier job does not have had its
 * default.
 *
 * @param path of the key, such as {@code shards.maxTokens}
 * @param before the earlier value; locations are absolute
 * @param now the value of this job, likewise
 */
public record JobChange(String path, JsonNode before, JsonNode now) {
  /** The most characters of a value in messages. */
  private static final int SHOWN = 120;

  /**
   * The keys that changed, in declaration order, without those of the place of the output.
   *
   * @param before a job as {@link JobWriter#tree} or {@link JobWriter#portable} writes it
   * @param folder from which its relative locations are resolved; empty for the current folder
   */
  public static List<JobChange> between(JsonNode before, String folder, Job now) {
    List<JobChange> changes = new ArrayList<>();
    ObjectNode earlier = before.isObject() ? before.deepCopy() : JobWriter.tree(now).removeAll();
    ObjectNode tree = JobWriter.tree(now);
    Locations.change(earlier, (key, at) -> Locations.below(Locations.absolute(folder), at));
    Locations.change(tree, (key, at) -> Locations.below(Locations.absolute(now.folder()), at));
    compare(earlier, tree, Job.class, "", changes);
    return changes;
  }

  /** Adds the changes between two trees of a section. */
  private static void compare(
      JsonNode before, JsonNode now, Class<?> section, String path, List<JobChange> changes) {
    for (Key key : Key.of(section).values()) {
      if (key.hasRole(Set.of(KeyRole.PLACE))) {
        continue;
      }
      String at = JobTree.join(path, key.name());
      JsonNode old = before.path(key.name());
      if (old.isMissingNode() && !key.required()) {
        old = key.defaultValue();
      }
      JsonNode value = now.path(key.name());
      if (key.type().isRecord() && old.isObject() && value.isObject()) {
        compare(old, value, key.type(), at, changes);
      } else if (!JobWriter.values(old, at).equals(JobWriter.values(value, at))) {
        changes.add(new JobChange(at, old, value));
      }
    }
  }

  /** The key that changed. */
  public Key key() {
    return Key.at(path);
  }

  /**
   * Whether a run with this change may replace or delete published files of the earlier job: the
   * key decides data, and the change does not only add files.
   */
  public boolean replaces() {
    List<Made> made = new ArrayList<>(key().makesAgain());
    made.removeAll(List.of(Made.REPORT, Made.NOTHING));
    return !made.isEmpty() && !(key().declared().grows() && adds());
  }

  /** Whether a section is new, a list still has all its elements, or a switch was turned on. */
  private boolean adds() {
    if (!before.isArray()) {
      return before.isNull() || (now.asBoolean() && !before.asBoolean());
    }
    Set<String> left = new HashSet<>();
    before.forEach(value -> left.add(value.asText()));
    now.forEach(value -> left.remove(value.asText()));
    if (path.equals("shards.formats")) {
      left.remove("parquet"); // every other layout is converted from it
    }
    return left.isEmpty() && before.isEmpty() == now.isEmpty();
  }

  /** What the key decides, for a person: the results that are written again. */
  public String decides() {
    return key().makesAgain().stream()
        .map(made -> made.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return path + ": " + shown(before) + " (now " + shown(now) + ")";
  }

  private static String shown(JsonNode value) {
    String text = value.isMissingNode() ? "nothing" : value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN - 3) + "...";
  }
}
