package org.merganser.pipeline.train;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.parity.ParityTrainer;
import org.merganser.job.NearestName;
import org.merganser.pipeline.count.BlockCodec;
import org.merganser.pipeline.output.RunException;

/**
 * The combined counts by group in the files of a run. Each {@link #forEach} reads one table after
 * the other, so that only one is in memory.
 */
final class GroupedTables implements ParityTrainer.GroupedSource {
  private final List<String> locations;
  private final List<String> names;

  private GroupedTables(List<String> locations, List<String> names) {
    this.locations = locations;
    this.names = names;
  }

  /**
   * Reads the tables to find their groups.
   *
   * @param locations of tables of disjoint pretokens
   */
  static GroupedTables open(List<String> locations) {
    TreeSet<String> groups = new TreeSet<>();
    for (String location : locations) {
      groups.addAll(GroupedCounts.blocksByGroup(BlockCodec.read(location)).keySet());
    }
    GroupedCounts.requireWithinLimits(groups);
    return new GroupedTables(locations, List.copyOf(groups));
  }

  /** The groups with text, sorted; the number of a group is its index. */
  List<String> names() {
    return names;
  }

  @Override
  public void forEach(GroupedCounts.Visitor visitor) {
    locations.forEach(location -> forEach(location, visitor));
  }

  /** Visits the pretokens of one table. */
  void forEach(String location, GroupedCounts.Visitor visitor) {
    GroupedCounts.forEach(BlockCodec.read(location), names, visitor);
  }

  /** Sums the bytes of the pretokens of each group, each pretoken as often as it occurs. */
  long[] sumBytes() {
    long[] bytes = new long[names.size()];
    forEach(
        (pretoken, from, to, groups, counts, n) -> {
          for (int i = 0; i < n; i++) {
            long added = Math.multiplyExact(counts[i], (long) (to - from));
            bytes[groups[i]] = Math.addExact(bytes[groups[i]], added);
          }
        });
    return bytes;
  }

  /**
   * Checks that groups which the job names have text.
   *
   * @param key that names them
   * @throws RunException naming the first group without text, and the existing groups
   */
  void requireGroups(String key, Set<String> named) {
    for (String group : named) {
      if (!names.contains(group)) {
        throw RunException.wrong(
            "%s: \"%s\" is no group of the text that is learned from%s; its groups are %s",
            key,
            group,
            NearestName.of(group, names).map(near -> ", did you mean \"" + near + "\"?").orElse(""),
            names.isEmpty() ? "none: it has no text" : String.join(", ", names));
      }
    }
  }
}
