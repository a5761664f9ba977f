package org.merganser.bpe.constraint;

import java.util.ArrayList;
import java.util.List;

/**
 * What a rule left out of a vocabulary: pairs that were the next to merge, and were not.
 *
 * @param rule as the job spells it, such as {@code maxDigits: 3}
 * @param pairs how many
 * @param first the first {@value #SHOWN} of them
 */
public record PassedOver(String rule, long pairs, List<Pair> first) {
  private static final int SHOWN = 20;

  /**
   * A pair that was passed over.
   *
   * @param token what it would have become, in the byte-level form
   * @param count how often it occurred then
   */
  public record Pair(String token, long count) {}

  public PassedOver {
    first = List.copyOf(first);
  }

  PassedOver with(String token, long count) {
    List<Pair> shown = first;
    if (shown.size() < SHOWN) {
      shown = new ArrayList<>(first);
      shown.add(new Pair(token, count));
    }
    return new PassedOver(rule, pairs + 1, shown);
  }
}
