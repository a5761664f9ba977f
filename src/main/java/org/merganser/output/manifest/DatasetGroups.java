package org.merganser.output.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.json.Json;
import org.merganser.output.figures.GroupCounts;

/**
 * {@code dataset.json}: the groups with a folder of their own, with their totals and weights.
 * {@link BlendFiles} writes the weights for trainers.
 *
 * @param groups the groups, sorted by folder
 */
public record DatasetGroups(List<Group> groups) {
  /** The path of the file, relative to the output. */
  public static final String FILE = "dataset.json";

  /** The maximum number of groups that an error names. */
  private static final int MOST_NAMED = 20;

  /**
   * A group, or all groups that share a folder.
   *
   * @param group the name of the group; null for documents without one
   * @param folder the name of the folder in every layout, without a slash
   * @param documents the number of documents for training
   * @param bytes the bytes of their text; null if unknown
   * @param tokens the number of their ids
   * @param validation the documents for validation
   * @param weight the weight of the group; those of all groups add up to 1, or are all 0; 0
   *     excludes the group from the blend
   */
  public record Group(
      @Nullable String group,
      String folder,
      long documents,
      @Nullable Long bytes,
      long tokens,
      ValidationCounts validation,
      double weight) {
    /** The name of the group for people. */
    private String name() {
      return group == null ? GroupCounts.NONE : group;
    }

    private Group withWeight(double newWeight) {
      return new Group(group, folder, documents, bytes, tokens, validation, newWeight);
    }
  }

  /**
   * The documents of a group for validation.
   *
   * @param documents their number
   * @param tokens the number of their ids
   */
  public record ValidationCounts(long documents, long tokens) {}

  /**
   * Sets the weights of groups, which are either given or a power of the number of ids. A group
   * without ids, or that is not among the given ones, has the weight 0.
   *
   * @param alpha the exponent of that power; not used if weights are given
   * @param given the weights by the name of the group, of any total; null if none are given
   * @throws CorpusException for the weight of a group that does not exist
   */
  public static DatasetGroups weighed(
      List<Group> groups, double alpha, @Nullable SortedMap<String, Double> given) {
    if (given != null) {
      requireKnown(given, groups);
    }
    double[] weights = new double[groups.size()];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weight(groups.get(i), alpha, given);
      sum += weights[i];
    }
    List<Group> weighed = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      weighed.add(groups.get(i).withWeight(sum == 0 ? 0 : weights[i] / sum));
    }
    return new DatasetGroups(weighed);
  }

  /** The weight of a group before division by the sum of all; see {@link #weighed}. */
  private static double weight(
      Group group, double alpha, @Nullable SortedMap<String, Double> given) {
    if (group.tokens == 0) {
      return 0;
    }
    return given == null
        ? StrictMath.pow((double) group.tokens, alpha)
        : given.getOrDefault(group.name(), 0.0);
  }

  /** Requires that each given weight is of a group that exists. */
  private static void requireKnown(SortedMap<String, Double> given, List<Group> groups) {
    List<String> unknown = new ArrayList<>(given.keySet());
    groups.forEach(group -> unknown.remove(group.name()));
    if (!unknown.isEmpty()) {
      throw new CorpusException(
          "shards.blend.weights: no document is of the group \"%s\"; there are %s"
              .formatted(
                  unknown.get(0), groups.stream().limit(MOST_NAMED).map(Group::name).toList()));
    }
  }

  /** The bytes of {@code dataset.json}. */
  public byte[] toJson() {
    return Json.file(this);
  }
}
