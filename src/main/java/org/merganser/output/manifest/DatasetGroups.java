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
import org.merganser.store.UnusableFileException;

/**
 * {@code dataset.json}: the groups with a folder of their own, with their totals and weights. Also
 * writes the files from which trainers read how to mix the groups.
 *
 * @param groups sorted by folder
 */
public record DatasetGroups(List<Group> groups) {
  public static final String FILE = "dataset.json";

  private static final String BLEND = Manifest.SHARDS + "/blend/";

  /**
   * A group, or all groups that share a folder.
   *
   * @param group its name; null for documents without one
   * @param folder in every layout, without a slash
   * @param documents for training
   * @param bytes of their text; null if unknown
   * @param weight of the group, of a total of 1; 0 excludes it from the blend
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

    private Group weighing(double share) {
      return new Group(group, folder, documents, bytes, tokens, validation, share);
    }
  }

  public record Held(long documents, long tokens) {}

  /**
   * Groups with their weights, which are either given or a power of the number of ids.
   *
   * @param given by name; null for none
   * @throws UnusableFileException for the weight of a group that does not exist, or if no group has
   *     ids
   */
  public static DatasetGroups weighed(
      List<Group> groups, double alpha, @Nullable SortedMap<String, Double> given) {
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
    if (given != null) {
      List<String> unknown = new ArrayList<>(given.keySet());
      groups.forEach(group -> unknown.remove(group.name()));
      if (!unknown.isEmpty()) {
        throw new CorpusException(
            "shards.blend.weights: no document is of the group \"%s\"; there are %s"
                .formatted(unknown.get(0), groups.stream().limit(20).map(Group::name).toList()));
      }
    }
    List<Group> weighed = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      weighed.add(groups.get(i).weighing(sum == 0 ? 0 : weights.get(i) / sum));
    }
    return new DatasetGroups(weighed);
  }

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
      String[] folders = file.path().split("/", -1);
      if (folders.length < 4) {
        continue;
      }
      String layout = folders[folders.length - 3];
      String group = folders[folders.length - 2];
      boolean kept = !file.path().startsWith(BLEND.substring(0, BLEND.indexOf('/') + 1));
      if (layout.equals("megatron") && file.path().endsWith(".bin") && file.tokens() > 0) {
        (kept ? validation : training)
            .computeIfAbsent(group, folder -> new ArrayList<>())
            .add(file);
      } else if (layout.equals("parquet") && !kept) {
        String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
        // Packed or shuffled shards, which have longer paths, are preferred, since they are for
        // training.
        parquet.merge(group, folder, (a, b) -> a.length() >= b.length() ? a : b);
      }
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (!training.isEmpty()) {
      List<String> prefixes = prefixes(training, root);
      StringBuilder lines = new StringBuilder();
      StringBuilder yaml = new StringBuilder("data_prefix:\n");
      for (int i = 0; i < prefixes.size(); i += 2) {
        lines.append(prefixes.get(i)).append(' ').append(prefixes.get(i + 1)).append('\n');
        yaml.append("- ").append(prefixes.get(i)).append('\n');
        yaml.append("- ").append(Json.line(prefixes.get(i + 1))).append('\n');
      }
      files.put(BLEND + "megatron.txt", lines.toString().getBytes(StandardCharsets.UTF_8));
      files.put(BLEND + "nemo.yaml", yaml.toString().getBytes(StandardCharsets.UTF_8));
      Map<String, List<String>> splits = new LinkedHashMap<>();
      splits.put("train", prefixes);
      splits.put("valid", prefixes(validation, root));
      splits.put("test", List.of());
      files.put(BLEND + "megatron.json", Json.file(splits));
    }
    Map<String, Map<String, Object>> sources = new LinkedHashMap<>();
    for (Group group : groups) {
      String folder = parquet.get(group.folder);
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
    return files;
  }

  /**
   * Alternating weights and prefixes. The weight of a group is divided among its files by their
   * ids.
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

  /** Twelve digits, without an exponent, which some readers do not accept. */
  private static BigDecimal decimal(double weight) {
    return new BigDecimal(weight).round(new MathContext(12)).stripTrailingZeros();
  }
}
