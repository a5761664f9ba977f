package org.merganser.pipeline.output;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.merganser.dataset.WrittenFile;

/**
 * The canonical shards of a unit, as they travel from encoding to what is made from them.
 *
 * @param unit its number
 * @param shards those for training, in order, and then those for validation
 * @param receipt location of the receipt; empty for shards of an earlier run
 */
public record ShardSet(int unit, List<Shard> shards, String receipt) implements Serializable {

  /**
   * A shard.
   *
   * @param validation whether its documents are kept from training
   */
  public record Shard(String location, String sha256, boolean validation) implements Serializable {
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
      boolean validation = file.path().startsWith(OutputLayout.VALIDATION);
      shards.add(new Shard(layout.at(file.path()), file.sha256(), validation));
    }
    shards.sort(Comparator.comparing(Shard::validation).thenComparing(Shard::groupFolder));
    return new ShardSet(unit, shards, receipt);
  }

  /** Those whose documents are trained on. */
  public ShardSet training() {
    return part(false);
  }

  /** Those whose documents are kept from training. */
  public ShardSet validation() {
    return part(true);
  }

  private ShardSet part(boolean validation) {
    return new ShardSet(
        unit, shards.stream().filter(shard -> shard.validation() == validation).toList(), receipt);
  }

  /** The shards of each group apart; one set where there are no groups. */
  public List<ShardSet> byGroup() {
    List<ShardSet> sets = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < shards.size(); i++) {
      if (endsGroup(i)) {
        sets.add(new ShardSet(unit, shards.subList(from, i + 1).stream().toList(), receipt));
        from = i + 1;
      }
    }
    return sets;
  }

  /** Whether a shard is the last one of its group. */
  private boolean endsGroup(int shard) {
    return shard == shards.size() - 1
        || !shards.get(shard).groupFolder().equals(shards.get(shard + 1).groupFolder());
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
