package org.merganser.bpe.train;

import java.util.Arrays;

/**
 * The places at which each pair arose, in one array of 16-bit units.
 *
 * <p>A list is {@code record units} and then the distances from place to place, the first from -1:
 * {@code record} is the owner of the list, {@code units} the number of units that follow; each of
 * these two numbers takes two units. A distance below 0x8000 takes one unit, a larger one two:
 * {@code 0x8000 | distance >>> 16}, then the low 16 bits. Places 9, 300 are {@code 000A 0123}.
 * Lists are written once, at their exact size, and read once, except by compaction. A full array is
 * compacted over the lists that were read. If that is not enough, lists that are twice as long as
 * their pairs' counts drop the places where the pair no longer occurs, before the array grows.
 */
final class OccurrenceLists {
  /** The address of no list. */
  static final int NONE = -1;

  /** Distances of at least this take two units. */
  static final int LONG = 0x8000;

  /** Where a list has {@code units}; its {@code record} is at 0. */
  private static final int UNITS_AT = 2;

  /** The units that {@code record} and {@code units} take. */
  private static final int HEAD = 4;

  /** The maximum length of the array. */
  private static final int MAX_UNITS = Integer.MAX_VALUE - 16;

  /** Whether a record's pair still begins at a place of its list. */
  @FunctionalInterface
  interface PlaceTest {
    boolean test(int record, int place);
  }

  private final PairTable pairs;
  private final PlaceTest stillOccurs;

  /** The lists, back to back. */
  private char[] data = new char[1 << 12];

  /** All lists are in {@code data[0, used)}. */
  private int used;

  /** The units of the lists that have not been freed. */
  private long live;

  /**
   * @param pairs has the addresses of the lists
   * @param stillOccurs decides which places are dropped
   */
  OccurrenceLists(PairTable pairs, PlaceTest stillOccurs) {
    this.pairs = pairs;
    this.stillOccurs = stillOccurs;
  }

  /** The units that a distance takes. */
  static int units(int distance) {
    return distance < LONG ? 1 : 2;
  }

  /** The distance in two units, of which the first is at least {@link #LONG}. */
  static int longDistance(int first, int second) {
    return ((first & (LONG - 1)) << 16) | second;
  }

  /** The units of a list whose distances take {@code units}. */
  static long listUnits(int units) {
    return (long) HEAD + units;
  }

  /**
   * Makes room for lists of {@code units} in total, so that allocating them moves none.
   *
   * @throws IllegalStateException if they do not fit one array
   */
  void ensure(long units) {
    if (used + units <= data.length) {
      return;
    }
    // Above 15/16 of the array, moving the lists together alone would soon be needed again.
    boolean tight = live + units > data.length - (data.length >> 4);
    compact(tight);
    long needed = used + units;
    if (needed > MAX_UNITS) {
      throw new IllegalStateException(
          ("the places of all pairs take %s bytes, at most %s fit; raise the minimum"
                  + " count of a pretoken")
              .formatted(2 * needed, 2L * MAX_UNITS));
    }
    if (needed > data.length - (data.length >> 3)) { // less than an eighth would stay free
      data = Arrays.copyOf(data, (int) Math.min(MAX_UNITS, needed + (needed >> 3)));
    }
  }

  /**
   * Moves the lists together, over those that were freed.
   *
   * @param dropping whether lists that are twice as long as their pairs' counts drop the places
   *     where the pair no longer occurs
   */
  private void compact(boolean dropping) {
    int to = 0;
    for (int at = 0; at < used; ) {
      int record = readInt(at);
      int units = readInt(at + UNITS_AT);
      int next = at + HEAD + units;
      boolean isLive = record < pairs.size() && pairs.list(record) == at;
      if (isLive) {
        int end = to + HEAD + units;
        if (dropping && pairs.count(record) < units / 2) {
          end = copyCurrent(record, at + HEAD, next, to + HEAD);
          writeInt(to, record);
          writeInt(to + UNITS_AT, end - to - HEAD);
        } else if (to < at) {
          System.arraycopy(data, at, data, to, HEAD + units);
        }
        pairs.setList(record, to);
        to = end;
      }
      at = next;
    }
    used = to;
    live = to;
  }

  /**
   * Copies the distances of the places where the pair still occurs down to {@code target}, which is
   * not after {@code from}; returns the end of the copy. Without the places between, distances grow
   * together, so the copy is never longer than what was read.
   */
  private int copyCurrent(int record, int from, int end, int target) {
    int to = target;
    int place = -1;
    int last = -1;
    for (int at = from; at < end; ) {
      int distance = data[at++];
      if (distance >= LONG) {
        distance = longDistance(distance, data[at++]);
      }
      place += distance;
      if (stillOccurs.test(record, place)) {
        to = writeDistance(place - last, data, to);
        last = place;
      }
    }
    return to;
  }

  /** Writes a distance and returns the place after it. */
  static int writeDistance(int distance, char[] target, int at) {
    int next = at;
    if (distance >= LONG) {
      target[next++] = (char) (LONG | (distance >>> 16));
    }
    target[next++] = (char) distance;
    return next;
  }

  /** Allocates a list of {@code units} after {@link #ensure}; returns where they begin. */
  int allocate(int record, int units) {
    int at = used;
    writeInt(at, record);
    writeInt(at + UNITS_AT, units);
    pairs.setList(record, at);
    used = at + HEAD + units;
    live += HEAD + units;
    return at + HEAD;
  }

  /** Frees a record's list; its units stay readable until {@link #ensure}. */
  void free(int record) {
    live -= HEAD + readInt(pairs.list(record) + UNITS_AT);
    pairs.setList(record, NONE);
  }

  /** Adopts the new numbers of records and drops the lists of removed ones. */
  void renumber() {
    live = 0;
    for (int record = 0; record < pairs.size(); record++) {
      int list = pairs.list(record);
      if (list != NONE) {
        writeInt(list, record);
        live += HEAD + readInt(list + UNITS_AT);
      }
    }
  }

  /** Removes all lists; the table must not name any of them. */
  void clear() {
    used = 0;
    live = 0;
  }

  /** Where the distances of a list begin. */
  int begin(int list) {
    return list + HEAD;
  }

  /** Where the distances of a list end. */
  int end(int list) {
    return list + HEAD + readInt(list + UNITS_AT);
  }

  /** The array of all lists; another one after {@link #ensure}. */
  char[] data() {
    return data;
  }

  /** The number in two units. */
  private int readInt(int at) {
    return (data[at] << 16) | data[at + 1];
  }

  /** Writes a number into two units. */
  private void writeInt(int at, int value) {
    data[at] = (char) (value >>> 16);
    data[at + 1] = (char) value;
  }
}
