package org.merganser.corpus.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.merganser.checksum.NameHash;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.WorkUnit;

/**
 * Collects work units, in the order of their plan, into groups of about {@code target} bytes of
 * text: small files that share a unit, and the units that a stage counts together, since their
 * joint counts are smaller. Holds one group in memory.
 *
 * <p>The units decide where a group ends. A unit of half the target or more is alone. A group ends
 * before a unit that would make it too large. A group with at least a quarter of its target ends
 * after a unit whose name hashes below a bound in proportion to the unit's size. So a changed,
 * added or removed unit changes its own group, and perhaps the next ones up to such an end.
 */
public final class UnitGroups {
  private final long target;
  private final Consumer<List<WorkUnit>> groups;

  /** The units of the group that is not complete. */
  private final List<WorkUnit> open = new ArrayList<>();

  /** The bytes of text in {@link #open}. */
  private long openBytes;

  /**
   * @param target bytes of text; 0 puts every unit alone
   * @param groups receives each group when it is complete
   */
  public UnitGroups(long target, Consumer<List<WorkUnit>> groups) {
    this.target = target;
    this.groups = groups;
  }

  /** Adds the next unit of the plan. */
  public void add(WorkUnit unit) {
    FileRange last = unit.ranges().get(unit.ranges().size() - 1);
    add(unit, unit.textBytes(), "group " + last.start() + " " + last.file().path());
  }

  /**
   * Adds the next unit.
   *
   * @param bytes of its text
   * @param name whose hash decides whether the group ends after it
   */
  void add(WorkUnit unit, long bytes, String name) {
    boolean alone = bytes >= target / 2;
    if (alone || openBytes + bytes > target) {
      end();
    }
    open.add(unit);
    openBytes += bytes;
    if (alone || (openBytes >= target / 4 && endsGroup(name, bytes))) {
      end();
    }
  }

  /** Passes on the open group; also called after the last unit. */
  public void end() {
    if (!open.isEmpty()) {
      groups.accept(List.copyOf(open));
      open.clear();
      openBytes = 0;
    }
  }

  /**
   * Whether a group ends after a unit: for {@code bytes} of text, with the probability {@code bytes
   * / (target / 2)}, so once in half the target on average. The hash of the name decides.
   */
  private boolean endsGroup(String name, long bytes) {
    return NameHash.fraction(name) * target < 2.0 * bytes;
  }
}
