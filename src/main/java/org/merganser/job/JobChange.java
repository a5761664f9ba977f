package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.merganser.job.key.KeyRole;
import org.merganser.job.key.KeyRole.Result;
import org.merganser.layout.ShardFormat;

/**
 * A key with another value than in an earlier job. If the earlier job was written without the key,
 * its value there is the default.
 *
 * @param path of the key, such as {@code shards.maxTokens}
 * @param before the earlier value; locations are absolute
 * @param now the value of this job, likewise
 */
public record JobChange(String path, JsonNode before, JsonNode now) {
  /** The most characters of a value in messages. */
  private static final int MOST_SHOWN = 120;

  /** The end of a value of which only the beginning is shown. */
  private static final String ELLIPSIS = "...";

  /**
   * The keys that changed, in declaration order, without those of the place of the output.
   *
   * @param earlierJob as {@link JobWriter#tree} or {@link JobWriter#portable} writes it; anything
   *     but a section is a job without keys
   * @param folder from which the relative locations of the earlier job are resolved; empty for the
   *     current folder
   */
  public static List<JobChange> between(JsonNode earlierJob, String folder, Job job) {
    List<JobChange> changes = new ArrayList<>();
    ObjectNode tree = JobWriter.tree(job);
    ObjectNode earlier =
        earlierJob.isObject() ? earlierJob.deepCopy() : JsonNodeFactory.instance.objectNode();
    JobLocations.change(earlier, (key, at) -> Locations.resolved(Locations.absolute(folder), at));
    JobLocations.change(
        tree, (key, at) -> Locations.resolved(Locations.absolute(job.folder()), at));
    compare(earlier, tree, Job.class, "", changes);
    return changes;
  }

  /** Adds the changes between two trees of a section, which has this path. */
  private static void compare(
      JsonNode before, JsonNode now, Class<?> section, String path, List<JobChange> changes) {
    for (Key key : JobKeys.of(section).values()) {
      if (key.hasRole(Set.of(KeyRole.PLACE))) {
        continue;
      }
      String at = JobKeys.join(path, key.name());
      JsonNode valueBefore = before.path(key.name());
      if (valueBefore.isMissingNode() && !key.required()) {
        valueBefore = key.defaultValue();
      }
      JsonNode valueNow = now.path(key.name());
      if (key.type().isRecord() && valueBefore.isObject() && valueNow.isObject()) {
        compare(valueBefore, valueNow, key.type(), at, changes);
      } else if (!JobWriter.values(valueBefore, at).equals(JobWriter.values(valueNow, at))) {
        changes.add(new JobChange(at, valueBefore, valueNow));
      }
    }
  }

  /** The key that changed. */
  public Key key() {
    return JobKeys.at(path);
  }

  /**
   * Whether a run with this change may replace or delete published files of the earlier job: the
   * key decides data, and the change does not only add files.
   */
  public boolean replaces() {
    List<Result> data = new ArrayList<>(key().rewritten());
    data.removeAll(List.of(Result.REPORT, Result.NOTHING));
    return !data.isEmpty() && !(key().declared().grows() && adds());
  }

  /**
   * Whether a section is new, a list still has all its elements, or a switch was turned on. Without
   * elements, a list that grows means another kind of job ({@link Job#kind}), so its first element
   * is not an addition.
   */
  private boolean adds() {
    if (!before.isArray()) {
      boolean isNewSection = before.isNull();
      boolean isTurnedOn = now.asBoolean() && !before.asBoolean();
      return isNewSection || isTurnedOn;
    }
    Set<String> missing = new HashSet<>();
    before.forEach(value -> missing.add(value.asText()));
    now.forEach(value -> missing.remove(value.asText()));
    if (path.equals("shards.formats")) {
      missing.remove(ShardFormat.PARQUET.spelled()); // every other layout is converted from it
    }
    return missing.isEmpty() && before.isEmpty() == now.isEmpty();
  }

  /** The results that are written again because of the change, for a person. */
  public String writtenAgain() {
    return key().rewritten().stream()
        .map(result -> result.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return path + ": " + shown(before) + " (now " + shown(now) + ")";
  }

  /** A value, or its beginning, for a message. */
  private static String shown(JsonNode value) {
    String text = value.isMissingNode() ? "nothing" : value.toString();
    return text.length() <= MOST_SHOWN
        ? text
        : text.substring(0, MOST_SHOWN - ELLIPSIS.length()) + ELLIPSIS;
  }
}
