package org.merganser.output.manifest;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusException;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.GroupCounts;

/**
 * {@code dataset.json}: the groups with a folder of their own, with their totals and weights.
 * {@link #blends} has the files from which trainers read how to mix the groups.
 *
 * @param groups the groups, sorted by folder
 */
public record DatasetGroups(List<Group> groups) {
  public static final String FILE = "dataset.json";

  /** The folder of the files for trainers. */
  private static final String BLEND = Manifest.SHARDS + "/blend/";

  /** The number of groups that an error names. */
  private static final int NAMED = 20;

  /** The digits of a weight in the files for trainers. */
  private static final MathContext WEIGHT_DIGITS = new MathContext(12);

  /**
   * A group, or all groups that share a folder.
   *
   * @param group the name of the group; null for documents without one
   * @param folder the name of the folder in every layout, without a slash
   * @param documents the number of documents for training
   * @param bytes the bytes of their text; null if unknown
   * @param tokens the number of their ids
   * @param validation the documents for validation
   * @param weight the weight of the group; those of all groups add up to 1; 0 excludes the group
   *     from the blend
   */
  public record Group(
      @Nullable String group,
      String folder,
      long documents,
      @Nullable Long bytes,
      long tokens,
      Held validation,
      double weight) {
    private String name() {
      return group == null ? GroupCounts.NONE : group;
    }

    private Group withWeight(double newWeight) {
      return new Group(group, folder, documents, bytes, tokens, validation, newWeight);
    }
  }

  /** The documents of a group for validation, and the number of their ids. */
  public record Held(long documents, long tokens) {}

  /**
   * Groups with their weights, which are either given or a power of the number of ids.
   *
   * @param alpha the exponent of that power
   * @param given the weights by the name of the group, of any total; null for none
   * @throws CorpusException for the weight of a group that does not exist
   */
  public static DatasetGroups weighed(
      List<Group> groups, double alpha, @Nullable SortedMap<String, Double> given) {
    if (given != null) {
      requireKnown(given, groups);
    }
    double sum = 0;
    List<Double> weights = new ArrayList<>();
    for (Group group : groups) {
      double weight =
          given == null
              ? StrictMath.pow((double) group.tokens, alpha)
              : given.getOrDefault(group.name(), 0.0);
      weights.add(group.tokens == 0 ? 0 : weight);
      sum += weights.get(weights.size() - 1);
    }
    List<Group> weighed = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      weighed.add(groups.get(i).withWeight(sum == 0 ? 0 : weights.get(i) / sum));
    }
    return new DatasetGroups(weighed);
  }

  private static void requireKnown(SortedMap<String, Double> given, List<Group> groups) {
    List<String> unknown = new ArrayList<>(given.keySet());
    groups.forEach(group -> unknown.remove(group.name()));
    if (!unknown.isEmpty()) {
      throw new CorpusException(
          "shards.blend.weights: no document is of the group \"%s\"; there are %s"
              .formatted(unknown.get(0), groups.stream().limit(NAMED).map(Group::name).toList()));
    }
  }

  /** The bytes of {@code dataset.json}. */
  public byte[] toJson() {
    return Json.file(this);
  }

  /**
   * The files for trainers, by path: for Megatron-LM and NeMo if there are files of that layout,
   * and for MaxText if there are Parquet shards.
   *
   * @param outputs all files of the run
   * @param root put before each path
   */
  public Map<String, byte[]> blends(List<WrittenFile> outputs, String root) {
    SortedMap<String, List<WrittenFile>> training = new TreeMap<>();
    SortedMap<String, List<WrittenFile>> validation = new TreeMap<>();
    SortedMap<String, String> parquet = new TreeMap<>();
    for (WrittenFile file : outputs) {
      String[] names = file.path().split("/", -1);
      if (names.length < 4) {
        continue; // not SIDE/LAYOUT/GROUP/NAME
      }
      String layout = names[names.length - 3];
      String group = names[names.length - 2];
      boolean isForTraining = names[0].equals(Manifest.SHARDS);
      if (layout.equals("megatron") && file.path().endsWith(".bin") && file.tokens() > 0) {
        (isForTraining ? training : validation)
            .computeIfAbsent(group, folder -> new ArrayList<>())
            .add(file);
      } else if (layout.equals("parquet") && isForTraining) {
        String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
        // Packed or shuffled shards, which have longer paths, are preferred, since they are for
        // training.
        parquet.merge(group, folder, (a, b) -> a.length() >= b.length() ? a : b);
      }
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (!training.isEmpty()) {
      addMegatron(prefixes(training, root), prefixes(validation, root), files);
    }
    addMaxText(parquet, root, files);
    return files;
  }

  /** Adds the files of Megatron-LM and NeMo, from the results of {@link #prefixes}. */
  private static void addMegatron(
      List<String> training, List<String> validation, Map<String, byte[]> files) {
    StringBuilder lines = new StringBuilder();
    StringBuilder yaml = new StringBuilder("data_prefix:\n");
    for (int i = 0; i < training.size(); i += 2) {
      String weight = training.get(i);
      String prefix = training.get(i + 1);
      lines.append(weight).append(' ').append(prefix).append('\n');
      yaml.append("- ").append(weight).append('\n');
      yaml.append("- ").append(Json.line(prefix)).append('\n');
    }
    files.put(BLEND + "megatron.txt", lines.toString().getBytes(StandardCharsets.UTF_8));
    files.put(BLEND + "nemo.yaml", yaml.toString().getBytes(StandardCharsets.UTF_8));
    Map<String, List<String>> splits = new LinkedHashMap<>();
    splits.put("train", training);
    splits.put("valid", validation);
    splits.put("test", List.of());
    files.put(BLEND + "megatron.json", Json.file(splits));
  }

  /**
   * Adds the file of MaxText, if there are groups for it.
   *
   * @param folders the folder of each group's shards, by the name of the group's folder
   */
  private void addMaxText(
      SortedMap<String, String> folders, String root, Map<String, byte[]> files) {
    Map<String, Map<String, Object>> sources = new LinkedHashMap<>();
    for (Group group : groups) {
      String folder = folders.get(group.folder);
      if (folder != null && group.weight > 0) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("path", root + folder + "*.parquet");
        source.put("weight", decimal(group.weight));
        sources.put(group.folder, source);
      }
    }
    if (!sources.isEmpty()) {
      files.put(BLEND + "maxtext.json", Json.file(sources));
    }
  }

  /**
   * Alternating weights and prefixes. The weight of a group is divided among its files by their
   * ids.
   *
   * @param files the files by the name of the group's folder
   */
  private List<String> prefixes(SortedMap<String, List<WrittenFile>> files, String root) {
    List<String> prefixes = new ArrayList<>();
    for (Group group : groups) {
      List<WrittenFile> own = files.getOrDefault(group.folder, List.of());
      long tokens = own.stream().mapToLong(WrittenFile::tokens).sum();
      for (WrittenFile file : own) {
        if (group.weight > 0) {
          prefixes.add(decimal(group.weight * file.tokens() / tokens).toPlainString());
          prefixes.add(root + file.path().substring(0, file.path().length() - ".bin".length()));
        }
      }
    }
    return prefixes;
  }

  /** A weight for files; as plain text it has no exponent, which some readers do not accept. */
  private static BigDecimal decimal(double weight) {
    return new BigDecimal(weight).round(WEIGHT_DIGITS).stripTrailingZeros();
  }
}
