package org.merganser.report.statistics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.report.statistics.Statistics.Check;

/**
 * Collects the checks of a {@link Verdict}: compares each value with its limit, and says in words
 * what is wanted. In all methods, {@code name} is such as {@code round-trip}, {@code found} is the
 * value in words, and {@code advice} is the next step if the check fails.
 */
final class CheckList {
  private final List<Check> checks = new ArrayList<>();

  /** Adds a check of a number that must be 0. */
  void addNone(String name, long number, String found, String advice) {
    add(name, BigDecimal.valueOf(number), BigDecimal.ZERO, found, "none", advice);
  }

  /**
   * Adds a check of a share.
   *
   * @param share null, which passes, if it is the share of nothing
   * @param limit the maximum
   */
  void addShare(
      String name, @Nullable BigDecimal share, BigDecimal limit, String found, String advice) {
    String percent = limit.movePointRight(2).stripTrailingZeros().toPlainString();
    add(name, share, limit, found, "at most " + percent + " %", advice);
  }

  /**
   * Adds a check with a maximum.
   *
   * @param value null, which passes, if there is nothing to judge
   */
  void addAtMost(
      String name, @Nullable BigDecimal value, BigDecimal limit, String found, String advice) {
    add(name, value, limit, found, "at most " + limit, advice);
  }

  private void add(
      String name,
      @Nullable BigDecimal value,
      BigDecimal limit,
      String found,
      String wanted,
      String advice) {
    boolean passed = value == null || value.compareTo(limit) <= 0;
    checks.add(new Check(name, passed, value, limit, found, wanted, advice));
  }

  /** Adds a check with a minimum. */
  void addAtLeast(String name, BigDecimal value, BigDecimal limit, String found, String advice) {
    boolean passed = value.compareTo(limit) >= 0;
    checks.add(new Check(name, passed, value, limit, found, "at least " + limit, advice));
  }

  /** Adds a failed check that has no figure, since something is missing. */
  void addMissing(String name, String found, String wanted, String advice) {
    boolean passed = false;
    BigDecimal value = null;
    BigDecimal limit = null;
    checks.add(new Check(name, passed, value, limit, found, wanted, advice));
  }

  /** The failed checks, then the others, both in the order in which they were added. */
  List<Check> failedFirst() {
    return checks.stream().sorted(Comparator.comparing(Check::passed)).toList();
  }
}
