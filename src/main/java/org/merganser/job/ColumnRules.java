package org.merganser.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.merganser.shard.ShardColumn;

/** What the names of columns in Parquet shards must satisfy. */
final class ColumnRules {
  /** Characters of a name. */
  private static final int LONGEST = 200;

  private final Map<String, String> keys = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private ColumnRules() {}

  static void check(ShardsSection shards, boolean masked, List<String> problems) {
    boolean fromRun = shards.from() != null; // whose masks are looked at later
    if (!masked && !fromRun && shards.columns().get(ShardColumn.LOSS_MASK) != null) {
      problems.add("shards.columns.lossMask: there is no loss mask without corpus.segmentsField");
    }
    Set<String> found = new LinkedHashSet<>();
    for (boolean sequences : new boolean[] {false, true}) {
      ColumnRules rules = new ColumnRules();
      for (ShardColumn column : ShardColumn.values()) {
        String name = column.name(shards.preset(), shards.columns(), sequences, masked || fromRun);
        if (name != null) {
          rules.check("shards.columns." + column.key(), name);
        } else if (column == ShardColumn.TOKEN_IDS) {
          found.add("shards.columns.tokenIds: null, and a shard has ids; give the column a name");
        }
      }
      if (!sequences) {
        shards.keep().forEach(field -> rules.check("shards.keep: " + field, column(field)));
      }
      found.addAll(rules.problems);
    }
    problems.addAll(found);
  }

  /** The name of the column of a field that is kept, as {@code KeptField} makes it. */
  private static String column(String field) {
    return field.replaceFirst("(?s)(.):(string|integer|double|boolean)$", "$1").replace('.', '_');
  }

  private void check(String key, String name) {
    if (name.length() > LONGEST) {
      problems.add(
          "%s: a name of %s characters; a column's has at most %s"
              .formatted(key, name.length(), LONGEST));
    } else if (name.codePoints().anyMatch(ColumnRules::isNoText)) {
      problems.add(
          "%s: \"%s\" is no name of a column: it has a control character or half of a surrogate pair"
              .formatted(key, name.replaceAll("\\p{Cntrl}|\\p{Cs}", "?")));
    } else {
      String other = keys.putIfAbsent(name.toLowerCase(Locale.ROOT), key);
      if (other != null) {
        problems.add(
            "%s: \"%s\" is the name of %s, too, for readers that ignore case; name one of them anew"
                .formatted(key, name, other));
      }
    }
  }

  private static boolean isNoText(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }
}
