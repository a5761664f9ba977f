package org.merganser.pipeline.output;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.dataset.WrittenFile;

/**
 * The canonical shards of a unit, as they travel from encoding to what is made from them.
 *
 * @param unit its number
 * @param shards those for training, in order, and then those for validation
 * @param receipt location of the receipt; empty for shards of an earlier run
 */
public record ShardSet(int unit, List<Shard> shards, String receipt) implements Serializable {
  /** The folders of all layouts of documents for training, and of those kept from it. */
  public static final String TRAINING = "shards/";

  public static final String VALIDATION = "validation/";

  /**
   * A shard.
   *
   * @param validation whether its documents are kept from training
   */
  public record Shard(String location, String sha256, boolean validation) implements Serializable {
    String side() {
      return validation ? VALIDATION : TRAINING;
    }

    /** The folder of the group whose documents it holds; empty without one. */
    String groupFolder() {
      return GroupFolder.ofFile(location);
    }
  }

  /**
   * The set of some shards below {@code layout}: by side of the split and group, and of a group in
   * their order.
   */
  public static ShardSet of(
      int unit, List<WrittenFile> files, OutputLayout layout, String receipt) {
    List<Shard> shards = new ArrayList<>();
    for (WrittenFile file : files) {
      boolean validation = file.path().startsWith(VALIDATION);
      shards.add(new Shard(layout.at(file.path()), file.sha256(), validation));
    }
    shards.sort(Comparator.comparing(Shard::validation).thenComparing(Shard::groupFolder));
    return new ShardSet(unit, shards, receipt);
  }

  /** Those whose documents are trained on. */
  public ShardSet training() {
    return new ShardSet(
        unit, shards.stream().filter(shard -> !shard.validation()).toList(), receipt);
  }

  /** The shards of each side and group apart; documents of different ones never meet. */
  public List<ShardSet> parts() {
    SortedMap<String, List<Shard>> parts = new TreeMap<>();
    for (Shard shard : shards) {
      parts
          .computeIfAbsent(shard.side() + shard.groupFolder(), folder -> new ArrayList<>())
          .add(shard);
    }
    return parts.values().stream().map(part -> new ShardSet(unit, part, receipt)).toList();
  }

  /** The folder of all layouts of the first shard's side, relative to the output. */
  public String side() {
    return shards.get(0).side();
  }

  /** The folder of the group of the first shard, in every layout; empty without one. */
  public String groupFolder() {
    return shards.get(0).groupFolder();
  }

  public List<String> locations() {
    return shards.stream().map(Shard::location).toList();
  }

  /** Names the shards' bytes. */
  public String fingerprint() {
    return Fingerprint.of("shards", sums());
  }

  /** What names the shards' bytes. */
  public List<String> sums() {
    return shards.stream()
        .map(shard -> shard.validation() ? "validation " + shard.sha256() : shard.sha256())
        .toList();
  }
}
