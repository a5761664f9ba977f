package org.merganser.job;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.merganser.corpus.KeptField;
import org.merganser.shard.ShardColumn;

/** Checks the names of columns in Parquet shards. */
final class ColumnRules {
  private ColumnRules() {}

  static void check(ShardsSection shards, boolean masked, List<String> problems) {
    boolean fromRun = shards.from() != null; // whose masks are looked at later
    if (!masked && !fromRun && shards.row().columns().get(ShardColumn.LOSS_MASK) != null) {
      problems.add("shards.columns.lossMask: there is no loss mask without corpus.segmentsField");
    }
    Set<String> found = new LinkedHashSet<>();
    for (boolean sequences : new boolean[] {false, true}) {
      Map<String, String> keys = new HashMap<>();
      for (ShardColumn column : ShardColumn.values()) {
        String name =
            column.name(
                shards.row().preset(), shards.row().columns(), sequences, masked || fromRun);
        if (name != null) {
          check("shards.columns." + column.key(), name, keys, found);
        } else if (column == ShardColumn.TOKEN_IDS) {
          found.add("shards.columns.tokenIds: null, and a shard has ids; give the column a name");
        }
      }
      if (!sequences) {
        shards.row().keep().stream()
            .map(KeptField::of)
            .forEach(field -> check("shards.keep: " + field.path(), field.column(), keys, found));
      }
    }
    problems.addAll(found);
  }

  private static void check(
      String key, String name, Map<String, String> keys, Set<String> problems) {
    if (!name.matches("[^\\p{Cc}\\p{Cs}]{1,200}")) {
      problems.add(
          key
              + ": is no name of a column: one has up to 200 characters, and none is a control"
              + " character");
      return;
    }
    String other = keys.putIfAbsent(name.toLowerCase(Locale.ROOT), key);
    if (other != null) {
      problems.add(
          "%s: \"%s\" is the name of %s, too, for readers that ignore case; name one of them anew"
              .formatted(key, name, other));
    }
  }
}
