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
import org.merganser.json.Json;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;

/**
 * Makes the files from which trainers read how to mix the groups of a dataset, by the weights in
 * {@link DatasetGroups}.
 */
public final class BlendFiles {
  /** The folder of these files. */
  private static final String FOLDER = ListedFolders.SHARDS + "/blend/";

  /** The ending of the files with ids in Megatron's layout. */
  private static final String MEGATRON_IDS = ".bin";

  /** The digits of a weight. */
  private static final MathContext WEIGHT_DIGITS = new MathContext(12);

  private final List<DatasetGroups.Group> groups;

  /** Put before each path. */
  private final String root;

  /** The parts of the path {@code SIDE/…/LAYOUT/GROUP/NAME} of a file. */
  private record GroupPath(boolean isForTraining, String layout, String group) {
    /** The parts of the path of a file; null if it has fewer folders. */
    static @Nullable GroupPath of(WrittenFile file) {
      String[] names = file.path().split("/", -1);
      if (names.length < 4) {
        return null;
      }
      boolean isForTraining = names[0].equals(ListedFolders.SHARDS);
      return new GroupPath(isForTraining, names[names.length - 3], names[names.length - 2]);
    }
  }

  /** The weight of some files in a blend, and the prefix of their names. */
  private record WeightedPrefix(String weight, String prefix) {}

  private BlendFiles(List<DatasetGroups.Group> groups, String root) {
    this.groups = groups;
    this.root = root;
  }

  /**
   * The files for trainers, by path: for Megatron-LM and NeMo if there are files of that layout,
   * and for MaxText if a group with a weight has Parquet shards.
   *
   * @param dataset the groups with their weights
   * @param outputs all files of the run
   * @param root put before each path
   */
  public static Map<String, byte[]> of(
      DatasetGroups dataset, List<WrittenFile> outputs, String root) {
    BlendFiles blend = new BlendFiles(dataset.groups(), root);
    Map<String, byte[]> files = new LinkedHashMap<>();
    SortedMap<String, List<WrittenFile>> training =
        megatronFiles(outputs, GroupPath::isForTraining);
    if (!training.isEmpty()) {
      SortedMap<String, List<WrittenFile>> validation =
          megatronFiles(outputs, path -> !path.isForTraining);
      addMegatron(blend.prefixes(training), blend.prefixes(validation), files);
    }
    blend.addMaxText(parquetFolders(outputs), files);
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
          && file.path().endsWith(MEGATRON_IDS)
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
    files.put(FOLDER + "megatron.txt", lines.toString().getBytes(StandardCharsets.UTF_8));
    files.put(FOLDER + "nemo.yaml", yaml.toString().getBytes(StandardCharsets.UTF_8));
    Map<String, List<String>> splits = new LinkedHashMap<>();
    splits.put("train", alternating(training));
    splits.put("valid", alternating(validation));
    splits.put("test", List.of());
    files.put(FOLDER + "megatron.json", Json.file(splits));
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
  private void addMaxText(SortedMap<String, String> folders, Map<String, byte[]> files) {
    Map<String, Map<String, Object>> sources = new LinkedHashMap<>();
    for (DatasetGroups.Group group : groups) {
      String folder = folders.get(group.folder());
      if (folder != null && group.weight() > 0) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("path", root + folder + "*.parquet");
        source.put("weight", decimal(group.weight()));
        sources.put(group.folder(), source);
      }
    }
    if (!sources.isEmpty()) {
      files.put(FOLDER + "maxtext.json", Json.file(sources));
    }
  }

  /**
   * The weighted prefixes of Megatron's files. The weight of a group is divided among its files by
   * their ids.
   *
   * @param files the files by the name of the group's folder
   */
  private List<WeightedPrefix> prefixes(SortedMap<String, List<WrittenFile>> files) {
    List<WeightedPrefix> prefixes = new ArrayList<>();
    for (DatasetGroups.Group group : groups) {
      if (group.weight() > 0) {
        List<WrittenFile> own = files.getOrDefault(group.folder(), List.of());
        long tokens = own.stream().mapToLong(WrittenFile::tokens).sum();
        for (WrittenFile file : own) {
          // Some readers do not accept an exponent.
          String weight = decimal(group.weight() * file.tokens() / tokens).toPlainString();
          String name = file.path().substring(0, file.path().length() - MEGATRON_IDS.length());
          prefixes.add(new WeightedPrefix(weight, root + name));
        }
      }
    }
    return prefixes;
  }

  /** A weight with {@link #WEIGHT_DIGITS}. */
  private static BigDecimal decimal(double weight) {
    return new BigDecimal(weight).round(WEIGHT_DIGITS).stripTrailingZeros();
  }
}
