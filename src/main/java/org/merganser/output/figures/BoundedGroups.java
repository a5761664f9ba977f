package org.merganser.output.figures;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;

/**
 * Sums by group for a bounded number of groups. If there are more groups than {@link #MOST}, the
 * groups whose names have the smallest hashes are kept, and all others form one group, {@link
 * #OTHER}.
 *
 * <p>This choice depends only on the names. A group that is finally kept also has one of the
 * smallest hashes in every part, so no part adds any of it to the others. Therefore the sums of a
 * kept group are exact in any order of parts, and the groups add up to the total.
 *
 * @param <T> the sums: immutable, or mutable if {@code plus} adds to its first argument
 */
public final class BoundedGroups<T> {
  /** The maximum number of groups with sums of their own. */
  public static final int MOST = 4096;

  /** The name of all groups beyond {@link #MOST} together. */
  public static final String OTHER = "(other)";

  /** Groups by hash; those with one hash by name. */
  private static final Comparator<Name> BY_HASH =
      Comparator.comparingLong(Name::hash).thenComparing(Name::name);

  private final Supplier<T> zero;
  private final BinaryOperator<T> plus;
  private final int most;

  /** The sums of the kept groups. */
  private final Map<String, T> sums = new HashMap<>();

  /** The names of the kept groups, by hash. */
  private final TreeSet<Name> names = new TreeSet<>(BY_HASH);

  /** The sums of all other groups; null before the first of them. */
  private @Nullable T others;

  /** The name of a group with the first 64 bits of its SHA-256. */
  private record Name(long hash, String name) {
    static Name of(String name) {
      byte[] digest = Sha256.newDigest().digest(name.getBytes(StandardCharsets.UTF_8));
      return new Name(ByteBuffer.wrap(digest).getLong(), name);
    }
  }

  /**
   * @param zero creates the sums of a group without a document
   * @param plus adds the second argument to the first, and returns the sum
   */
  public BoundedGroups(Supplier<T> zero, BinaryOperator<T> plus) {
    this(zero, plus, MOST);
  }

  BoundedGroups(Supplier<T> zero, BinaryOperator<T> plus, int most) {
    this.zero = zero;
    this.plus = plus;
    this.most = most;
  }

  /** Adds to the sums of a group, or to those of {@link #OTHER} if the group has none. */
  public void add(String group, T more) {
    if (group.equals(OTHER) || !admit(group)) {
      addToOthers(more);
    } else {
      sums.put(group, plus.apply(Objects.requireNonNull(sums.get(group)), more));
    }
  }

  /**
   * The sums to which a document of a group is added: those of the group, which is created if it
   * has a place, else those of {@link #OTHER}. If they are mutable, the caller may add to them
   * until the next call of any method.
   */
  public T sumsOf(String group) {
    if (!group.equals(OTHER) && admit(group)) {
      return Objects.requireNonNull(sums.get(group));
    }
    T sum = others == null ? zero.get() : others;
    others = sum;
    return sum;
  }

  /**
   * Gives a new group sums of its own if there is room, or if its hash is small enough: then the
   * sums of the group with the largest hash are added to the others. Returns whether the group has
   * sums of its own.
   */
  private boolean admit(String group) {
    if (sums.containsKey(group)) {
      return true;
    }
    Name name = Name.of(group);
    if (names.size() == most) {
      if (BY_HASH.compare(name, names.last()) > 0) {
        return false;
      }
      Name last = Objects.requireNonNull(names.pollLast());
      T sum = Objects.requireNonNull(sums.remove(last.name()));
      addToOthers(sum);
    }
    names.add(name);
    sums.put(group, zero.get());
    return true;
  }

  /** Adds to the sums of all groups without sums of their own. */
  private void addToOthers(T more) {
    others = plus.apply(others == null ? zero.get() : others, more);
  }

  /**
   * The sums by name; groups without sums of their own are the group {@link #OTHER}. Mutable sums
   * are not copied.
   */
  public SortedMap<String, T> toMap() {
    SortedMap<String, T> map = new TreeMap<>(sums);
    if (others != null) {
      map.put(OTHER, others);
    }
    return map;
  }
}
