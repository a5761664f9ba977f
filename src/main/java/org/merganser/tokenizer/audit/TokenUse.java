package org.merganser.tokenizer.audit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merganser.bpe.IdBuffer;

/** How often each token occurs in texts, and in which groups of them. For one thread. */
public final class TokenUse {
  private final long[] counts;

  /** By id, the number of the first group that has it. */
  private final int[] firstGroup;

  private final BitSet inSeveral = new BitSet();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> groups = new ArrayList<>();

  /**
   * @param idBound one more than the largest id
   */
  public TokenUse(int idBound) {
    counts = new long[idBound];
    firstGroup = new int[idBound];
  }

  /** Counts the ids of a text of a group. */
  public void add(String group, IdBuffer ids) {
    int number =
        numbers.computeIfAbsent(
            group,
            name -> {
              groups.add(name);
              return groups.size() - 1;
            });
    for (int i = 0; i < ids.size(); i++) {
      int id = ids.ids()[i];
      if (counts[id] == 0) {
        firstGroup[id] = number;
      } else if (firstGroup[id] != number) {
        inSeveral.set(id);
      }
      counts[id]++;
    }
  }

  public long count(int id) {
    return counts[id];
  }

  /** How many groups the texts have. */
  public int groups() {
    return groups.size();
  }

  /** Whether a token that occurs does so in one group alone. */
  boolean isInOneGroup(int id) {
    return counts[id] > 0 && !inSeveral.get(id);
  }

  /** The first group that has a token that occurs. */
  String firstGroup(int id) {
    return groups.get(firstGroup[id]);
  }
}
