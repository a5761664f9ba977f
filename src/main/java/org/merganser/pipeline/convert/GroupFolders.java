package org.merganser.pipeline.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.DatasetGroups;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.step.JobLayouts;

/**
 * Sums the documents, bytes and tokens in the folder of each group. The documents and tokens are
 * counted in the folders of the canonical shards; in a run from shards of other runs, in those of
 * the layout whose folder is the first by name.
 */
public final class GroupFolders {
  /**
   * What is known of groups besides the counts in their folders, by folder.
   *
   * @param names the name of the group; null for a folder that several groups share
   * @param bytes of the documents for training
   */
  private record KnownGroups(Map<String, @Nullable String> names, Map<String, Long> bytes) {
    /** The name of the group with a folder, by default that in the name of the folder. */
    @Nullable String name(String folder) {
      return names.containsKey(folder) ? names.get(folder) : GroupFolder.group(folder);
    }
  }

  private final RunSpec spec;

  /** The counts of the documents for training, by the group's folder with a slash at the end. */
  private final SortedMap<String, GroupCounts> training = new TreeMap<>();

  /** The counts of the documents for validation, likewise. */
  private final SortedMap<String, GroupCounts> validation = new TreeMap<>();

  /**
   * Counts the documents and tokens in the folders of groups.
   *
   * @param files the files of the version
   */
  public GroupFolders(RunSpec spec, List<WrittenFile> files) {
    this.spec = spec;
    SortedMap<String, List<WrittenFile>> layouts = filesInGroups(files);
    boolean hasShards = layouts.keySet().stream().anyMatch(ListedFolders::isCanonicalShard);
    layouts.forEach(
        (folder, ofLayout) -> {
          SortedMap<String, GroupCounts> side =
              folder.startsWith(ShardSet.TRAINING) ? training : validation;
          boolean isCounted =
              hasShards
                  ? ListedFolders.isCanonicalShard(folder)
                  : side.isEmpty(); // the first of the side
          if (isCounted) {
            ofLayout.forEach(file -> addCounts(file, side));
          }
        });
  }

  /**
   * The groups by folder, without weights; empty if the run has no such folders.
   *
   * @param counts in a run that encodes, the documents for training by group
   * @param totals in a run that encodes, the sums over all documents
   */
  public List<DatasetGroups.Group> groups(SortedMap<String, GroupCounts> counts, RecordSums totals)
      throws IOException {
    if (training.isEmpty() && validation.isEmpty()) {
      return List.of();
    }
    KnownGroups known =
        spec.kind() instanceof RunKind.FromShards run
            ? knownOfEarlierRuns(run.earlier())
            : knownOfThisRun(counts, totals);
    SortedMap<String, GroupCounts> all = new TreeMap<>(training);
    validation.keySet().forEach(folder -> all.putIfAbsent(folder, GroupCounts.ZERO));
    List<DatasetGroups.Group> groups = new ArrayList<>();
    all.forEach(
        (folder, sums) ->
            groups.add(group(known.name(folder), folder, sums, known.bytes.get(folder))));
    return groups;
  }

  /** The files in folders of groups, by the folder of their layout. */
  private static SortedMap<String, List<WrittenFile>> filesInGroups(List<WrittenFile> files) {
    SortedMap<String, List<WrittenFile>> layouts = new TreeMap<>();
    for (WrittenFile file : files) {
      String group = GroupFolder.ofFile(file.path());
      if (!group.isEmpty()) {
        String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
        String layout = folder.substring(0, folder.length() - group.length());
        layouts.computeIfAbsent(layout, newLayout -> new ArrayList<>()).add(file);
      }
    }
    return layouts;
  }

  /** Adds the documents and tokens of a file to its group; the bytes of its texts are not known. */
  private static void addCounts(WrittenFile file, SortedMap<String, GroupCounts> side) {
    GroupCounts counts = new GroupCounts(file.documents(), /* bytes= */ 0, file.tokens());
    side.merge(GroupFolder.ofFile(file.path()), counts, GroupCounts::plus);
  }

  /**
   * A group without a weight.
   *
   * @param name null for documents without a group, or if several groups share the folder
   * @param sums over the documents for training
   * @param bytes of these documents; null if they are not known
   */
  private DatasetGroups.Group group(
      @Nullable String name, String folder, GroupCounts sums, @Nullable Long bytes) {
    GroupCounts heldOut = validation.getOrDefault(folder, GroupCounts.ZERO);
    int noWeight = 0;
    return new DatasetGroups.Group(
        name,
        folder.substring(0, folder.length() - 1),
        sums.documents(),
        bytes,
        sums.tokens(),
        new DatasetGroups.ValidationCounts(heldOut.documents(), heldOut.tokens()),
        noWeight);
  }

  /**
   * What the counts of this run say about groups. If there are more groups than counts, the bytes
   * of no folder are known.
   */
  private KnownGroups knownOfThisRun(SortedMap<String, GroupCounts> counts, RecordSums totals) {
    Map<String, @Nullable String> names = new HashMap<>();
    Map<String, Long> bytes = new HashMap<>();
    JobLayouts layouts = JobLayouts.of(spec);
    String field = Objects.requireNonNull(spec.job().shards().partitionBy());
    long bytesWithoutGroup = totals.textBytes();
    for (Map.Entry<String, GroupCounts> group : counts.entrySet()) {
      String folder = layouts.groupFolder(group.getKey());
      if (folder.equals(GroupFolder.of(field, group.getKey()))) {
        names.put(folder, group.getKey());
      }
      bytes.merge(folder, group.getValue().bytes(), Math::addExact);
      bytesWithoutGroup -= group.getValue().bytes();
    }
    bytes.put(layouts.groupFolder(null), bytesWithoutGroup);
    validation.keySet().forEach(folder -> bytes.putIfAbsent(folder, 0L));
    if (counts.containsKey(BoundedGroups.OTHER)) {
      bytes.clear();
    }
    return new KnownGroups(names, bytes);
  }

  /** What earlier runs have recorded about their groups. */
  private static KnownGroups knownOfEarlierRuns(List<OutputPaths> runs) throws IOException {
    Map<String, @Nullable String> names = new HashMap<>();
    Map<String, Long> bytes = new HashMap<>();
    for (OutputPaths run : runs) {
      byte[] groups = OutputJson.find(run, DatasetGroups.FILE);
      if (groups == null) {
        continue; // that run has no groups
      }
      for (JsonNode group : Json.MAPPER.readTree(groups).path("groups")) {
        String folder = group.path("folder").asText() + "/";
        names.put(folder, group.path("group").textValue());
        if (group.path("bytes").isIntegralNumber()) {
          bytes.merge(folder, group.path("bytes").longValue(), Math::addExact);
        }
      }
    }
    return new KnownGroups(names, bytes);
  }
}
