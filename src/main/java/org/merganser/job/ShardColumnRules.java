package org.merganser.job;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.merganser.corpus.KeptField;
import org.merganser.shard.ShardColumn;

/**
 * The rules for the names of the columns of shards: each must be allowed, and no two columns of a
 * shard may have the same.
 */
final class ShardColumnRules {
  /** The rows of a shard. */
  private enum Rows {
    DOCUMENTS,
    SEQUENCES
  }

  private final ShardsSection shards;

  /** Whether documents may have a loss mask. */
  private final boolean mayHaveMask;

  /** The problems; one of shards of documents and of sequences is found twice and added once. */
  private final Set<String> problems = new LinkedHashSet<>();

  private ShardColumnRules(ShardsSection shards, boolean mayHaveMask) {
    this.shards = shards;
    this.mayHaveMask = mayHaveMask;
  }

  /**
   * Adds the problems of the columns, in shards of documents and of sequences.
   *
   * @param hasSegments whether the documents of the corpus have segments, and so a loss mask
   */
  static void check(ShardsSection shards, boolean hasSegments, List<String> problems) {
    boolean mayHaveMask = hasSegments || shards.from() != null; // shards of runs are checked later
    if (!mayHaveMask && shards.columns().get(ShardColumn.LOSS_MASK) != null) {
      problems.add("shards.columns.lossMask: there is no loss mask without corpus.segmentsField");
    }
    ShardColumnRules rules = new ShardColumnRules(shards, mayHaveMask);
    rules.checkDocuments();
    rules.checkColumns(Rows.SEQUENCES, new HashMap<>());
    problems.addAll(rules.problems);
  }

  /** Checks the columns of shards of documents, which also have the kept fields. */
  private void checkDocuments() {
    Map<String, String> keys = new HashMap<>();
    checkColumns(Rows.DOCUMENTS, keys);
    for (String kept : shards.keep()) {
      KeptField field = KeptField.of(kept);
      addName("shards.keep: " + field.path(), field.column(), keys);
    }
  }

  /**
   * Checks the names of the columns that every shard has.
   *
   * @param keys see {@link #addName}
   */
  private void checkColumns(Rows rows, Map<String, String> keys) {
    boolean sequences = rows == Rows.SEQUENCES;
    for (ShardColumn column : ShardColumn.values()) {
      String name = column.name(shards.preset(), shards.columns(), sequences, mayHaveMask);
      if (name != null) {
        addName("shards.columns." + column.key(), name, keys);
      } else if (column == ShardColumn.TOKEN_IDS) {
        problems.add("shards.columns.tokenIds: null, but a shard needs the ids; name the column");
      }
    }
  }

  /**
   * Adds the name that a key gives to a column, or its problem.
   *
   * @param keys the keys of the columns so far, by name in lower case
   */
  private void addName(String key, String name, Map<String, String> keys) {
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
          "%s: \"%s\" is the name of %s, too, for readers that ignore case; rename one of them"
              .formatted(key, name, other));
    }
  }
}
