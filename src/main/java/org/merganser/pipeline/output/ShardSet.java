package org.merganser.pipeline.output;

import java.io.Serializable;
import java.util.ArrayList;
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
  public record Shard(String location, String sha256, boolean validation) implements Serializable {}

  /** The set of some shards, in the order of their paths, below {@code layout}. */
  public static ShardSet of(
      int unit, List<WrittenFile> files, OutputLayout layout, String receipt) {
    List<Shard> shards = new ArrayList<>();
    for (WrittenFile file : files) {
      boolean validation = file.path().startsWith(OutputLayout.VALIDATION);
      shards.add(new Shard(layout.at(file.path()), file.sha256(), validation));
    }
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
