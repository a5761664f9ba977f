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
import java.util.function.Predicate;
import java.util.stream.Stream;
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
  /** The path of the file, relative to the output. */
  public static final String FILE = "dataset.json";

  /** The folder of the files for trainers. */
  private static final String BLEND = Manifest.SHARDS + "/blend/";

  /** The maximum number of groups that an error names. */
  private static final int MOST_NAMED = 20;

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

  /** The parts of the path {@code SIDE/…/LAYOUT/GROUP/NAME} of a file. */
  private record GroupPath(boolean isForTraining, String layout, String group) {
    /** The parts of a file's path; null if it has fewer folders. */
    static @Nullable GroupPath of(WrittenFile file) {
      String[] names = file.path().split("/", -1);
      if (names.length < 4) {
        return null;
      }
      boolean isForTraining = names[0].equals(Manifest.SHARDS);
      return new GroupPath(isForTraining, names[names.length - 3], names[names.length - 2]);
    }
  }

  /** The weight of some files in a blend, and the prefix of their names. */
  private record WeightedPrefix(String weight, String prefix) {}

  /**
   * Sets the weights of groups, which are either given or a power of the number of ids. A group
   * without ids has the weight 0.
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

  /**
   * The files for trainers, by path: for Megatron-LM and NeMo if there are files of that layout,
   * and for MaxText if there are Parquet shards.
   *
   * @param outputs all files of the run
   * @param root put before each path
   */
  public Map<String, byte[]> blends(List<WrittenFile> outputs, String root) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    SortedMap<String, List<WrittenFile>> training =
        megatronFiles(outputs, GroupPath::isForTraining);
    if (!training.isEmpty()) {
      SortedMap<String, List<WrittenFile>> validation =
          megatronFiles(outputs, path -> !path.isForTraining);
      addMegatron(prefixes(training, root), prefixes(validation, root), files);
    }
    addMaxText(parquetFolders(outputs), root, files);
    return files;
  }

  /**
   * The files of Megatron's layout with ids, by the name of the group's folder.
   *
   * @param side selects the side of the split
   */
  private static SortedMap<String, List<WrittenFile>> megatronFiles(
      List<WrittenFile> outputs, Predicate<GroupPath> side) {
    SortedMap<String, List<WrittenFile>> files = new TreeMap<>();
    for (WrittenFile file : outputs) {
      GroupPath path = GroupPath.of(file);
      if (path != null
          && path.layout.equals("megatron")
          && side.test(path)
          && file.path().endsWith(".bin")
          && file.tokens() > 0) {
        files.computeIfAbsent(path.group, group -> new ArrayList<>()).add(file);
      }
    }
    return files;
  }

  /**
   * The folder of each group's Parquet shards for training, by the name of the group's folder.
   * Packed or shuffled shards, which have longer paths, are preferred, since they are for training.
   */
  private static SortedMap<String, String> parquetFolders(List<WrittenFile> outputs) {
    SortedMap<String, String> folders = new TreeMap<>();
    for (WrittenFile file : outputs) {
      GroupPath path = GroupPath.of(file);
      if (path != null && path.layout.equals("parquet") && path.isForTraining) {
        String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
        folders.merge(path.group, folder, (a, b) -> a.length() >= b.length() ? a : b);
      }
    }
    return folders;
  }

  /** Adds the files of Megatron-LM and NeMo. */
  private static void addMegatron(
      List<WeightedPrefix> training, List<WeightedPrefix> validation, Map<String, byte[]> files) {
    StringBuilder lines = new StringBuilder();
    StringBuilder yaml = new StringBuilder("data_prefix:\n");
    for (WeightedPrefix item : training) {
      lines.append(item.weight).append(' ').append(item.prefix).append('\n');
      yaml.append("- ").append(item.weight).append('\n');
      yaml.append("- ").append(Json.line(item.prefix)).append('\n');
    }
    files.put(BLEND + "megatron.txt", lines.toString().getBytes(StandardCharsets.UTF_8));
    files.put(BLEND + "nemo.yaml", yaml.toString().getBytes(StandardCharsets.UTF_8));
    Map<String, List<String>> splits = new LinkedHashMap<>();
    splits.put("train", alternating(training));
    splits.put("valid", alternating(validation));
    splits.put("test", List.of());
    files.put(BLEND + "megatron.json", Json.file(splits));
  }

  /** Alternating weights and prefixes, as Megatron-LM reads them. */
  private static List<String> alternating(List<WeightedPrefix> prefixes) {
    return prefixes.stream().flatMap(item -> Stream.of(item.weight, item.prefix)).toList();
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
   * The weighted prefixes of Megatron's files. The weight of a group is divided among its files by
   * their ids.
   *
   * @param files the files by the name of the group's folder
   */
  private List<WeightedPrefix> prefixes(SortedMap<String, List<WrittenFile>> files, String root) {
    List<WeightedPrefix> prefixes = new ArrayList<>();
    for (Group group : groups) {
      if (group.weight > 0) {
        List<WrittenFile> own = files.getOrDefault(group.folder, List.of());
        long tokens = own.stream().mapToLong(WrittenFile::tokens).sum();
        for (WrittenFile file : own) {
          String weight = decimal(group.weight * file.tokens() / tokens).toPlainString();
          String name = file.path().substring(0, file.path().length() - ".bin".length());
          prefixes.add(new WeightedPrefix(weight, root + name));
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
