package org.merganser.pipeline.output.receipt;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.GroupFolder;

/**
 * The canonical shards of a unit, as encoding passes them to the later stages.
 *
 * @param unit the number of the unit
 * @param shards those for training, in order, and then those for validation
 * @param receipt the location of the receipt of encoding; {@link #NO_RECEIPT} if it is not known,
 *     as of shards of an earlier run
 */
public record ShardSet(int unit, List<Shard> shards, String receipt) implements Serializable {
  /** In the place of a receipt that is not known. */
  public static final String NO_RECEIPT = "";

  /** The folder of all layouts of documents for training. */
  public static final String TRAINING = ListedFolders.SHARDS + "/";

  /** The folder of all layouts of documents for validation. */
  public static final String VALIDATION = ListedFolders.VALIDATION + "/";

  /**
   * A shard.
   *
   * @param path the path relative to the output
   * @param location the location in the stage of its run, or in place
   * @param validation whether its documents are for validation, not for training
   */
  public record Shard(String path, String location, String sha256, boolean validation)
      implements Serializable {
    /** The folder of all layouts of its side of the split. */
    String side() {
      return validation ? VALIDATION : TRAINING;
    }

    /** The folder of its group, with a slash at the end; empty without one. */
    String groupFolder() {
      return GroupFolder.ofFile(path);
    }
  }

  /** Shards whose receipt is not known. */
  public static ShardSet withoutReceipt(int unit, List<Shard> shards) {
    return new ShardSet(unit, shards, NO_RECEIPT);
  }

  /**
   * The shards in some files, sorted by side of the split and group, without a receipt; the shards
   * of a group keep their order.
   *
   * @param location returns the location of a file by its path
   */
  public static ShardSet of(int unit, List<WrittenFile> files, UnaryOperator<String> location) {
    List<Shard> shards = new ArrayList<>();
    for (WrittenFile file : files) {
      boolean validation = file.path().startsWith(VALIDATION);
      shards.add(new Shard(file.path(), location.apply(file.path()), file.sha256(), validation));
    }
    shards.sort(Comparator.comparing(Shard::validation).thenComparing(Shard::groupFolder));
    return withoutReceipt(unit, shards);
  }

  /**
   * The shards that the receipt of a unit lists, sorted in the same way.
   *
   * @param location the location of the receipt
   */
  public static ShardSet of(LocatedReceipt unit, String location) {
    List<WrittenFile> shards =
        unit.receipt().files().stream().filter(file -> file.path().endsWith(".parquet")).toList();
    ShardSet sorted = of(unit.receipt().unit(), shards, unit::location);
    return new ShardSet(sorted.unit, sorted.shards, location);
  }

  /** Whether the receipt is known. */
  public boolean hasReceipt() {
    return !receipt.equals(NO_RECEIPT);
  }

  /** The same shards with another number of the unit. */
  public ShardSet withUnit(int newUnit) {
    return new ShardSet(newUnit, shards, receipt);
  }

  /** The set without the shards for validation. */
  public ShardSet training() {
    return new ShardSet(
        unit, shards.stream().filter(shard -> !shard.validation()).toList(), receipt);
  }

  /** One set for each side and group; documents of different sides or groups are never mixed. */
  public List<ShardSet> parts() {
    return shards.stream()
        .collect(groupingBy(shard -> shard.side() + shard.groupFolder(), TreeMap::new, toList()))
        .values()
        .stream()
        .map(part -> new ShardSet(unit, part, receipt))
        .toList();
  }

  /** The folder of all layouts of the side that the shards of {@link #parts} have. */
  public String side() {
    return shards.get(0).side();
  }

  /** The folder of the group, in every layout, that the shards of {@link #parts} have; or empty. */
  public String groupFolder() {
    return shards.get(0).groupFolder();
  }

  /** The locations of the shards, in their order. */
  public List<String> locations() {
    return shards.stream().map(Shard::location).toList();
  }

  /** The fingerprint of the shards' bytes and sides. */
  public String fingerprint() {
    return Fingerprint.of("shards", sums());
  }

  /** The sha256 of each shard, after the word {@code validation} if it is for validation. */
  public List<String> sums() {
    return shards.stream()
        .map(shard -> shard.validation() ? "validation " + shard.sha256() : shard.sha256())
        .toList();
  }
}
