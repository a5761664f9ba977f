package org.merganser.bpe;

/**
 * For each pair the places at which it arose, in one byte array.
 *
 * <p>A list is {@code record(4 bytes, little-endian) length places}: the length of the rest and the
 * distances from place to place are LEB128, and the first distance is from -1. Places 9, 300 are
 * {@code 0A, A3 02}. Lists are written once, at their exact size, and read once; the room of those
 * that were read is won back by moving the others together when the array is full.
 */
final class OccurrenceLists {
  static final int NONE = -1;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  private final PairTable pairs;
  private byte[] data = new byte[1 << 12];
  private int used;
  private long live;

  OccurrenceLists(PairTable pairs) {
    this.pairs = pairs;
  }

  /** Bytes that a list takes whose places take {@code placeBytes}. */
  static long listBytes(int placeBytes) {
    return 4L + Varints.length(placeBytes) + placeBytes;
  }

  /** Makes room for lists of {@code bytes} altogether, so that allocating them moves none. */
  void ensure(long bytes) {
    if (used + bytes <= data.length) {
      return;
    }
    long needed = live + bytes;
    if (needed > MAX_BYTES) {
      throw new IllegalStateException(
          "the places of all pairs take "
              + needed
              + " bytes, at most "
              + MAX_BYTES
              + " fit; raise the minimum count of a pretoken");
    }
    if (needed > data.length - (data.length >> 4)) {
      moveTogether(new byte[(int) Math.min(MAX_BYTES, needed + (needed >> 3))]);
    } else {
      moveTogether(data);
    }
  }

  private void moveTogether(byte[] target) {
    int to = 0;
    for (int at = 0; at < used; ) {
      int record = record(at);
      int size = sizeAt(at);
      if (record < pairs.size() && pairs.list(record) == at) {
        System.arraycopy(data, at, target, to, size);
        pairs.setList(record, to);
        to += size;
      }
      at += size;
    }
    used = to;
    data = target;
  }

  /**
   * Makes a record's list, whose places take {@code placeBytes}, and returns where they begin; {@link
   * #ensure} has made room.
   */
  int allocate(int record, int placeBytes) {
    int at = used;
    setRecord(at, record);
    int places = Varints.write(data, at + 4, placeBytes);
    pairs.setList(record, at);
    used = places + placeBytes;
    live += used - at;
    return places;
  }

  /** Forgets a record's list; its bytes stay readable until {@link #ensure}. */
  void free(int record) {
    live -= sizeAt(pairs.list(record));
    pairs.setList(record, NONE);
  }

  /** Takes note of the new numbers that the records have got, and of the lists that are gone. */
  void renumber() {
    live = 0;
    for (int record = 0; record < pairs.size(); record++) {
      int list = pairs.list(record);
      if (list != NONE) {
        setRecord(list, record);
        live += sizeAt(list);
      }
    }
  }

  /** Forgets all lists. */
  void clear() {
    used = 0;
    live = 0;
  }

  /** Where the places of a list begin. */
  int begin(int list) {
    int at = list + 4;
    while (data[at] < 0) {
      at++;
    }
    return at + 1;
  }

  int end(int list) {
    return list + sizeAt(list);
  }

  byte[] data() {
    return data;
  }

  private int record(int list) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value |= (data[list + i] & 0xFF) << 8 * i;
    }
    return value;
  }

  private void setRecord(int list, int record) {
    for (int i = 0; i < 4; i++) {
      data[list + i] = (byte) (record >>> 8 * i);
    }
  }

  private int sizeAt(int list) {
    int at = list + 4;
    int placeBytes = 0;
    int shift = 0;
    byte b;
    do {
      b = data[at++];
      placeBytes |= (b & 0x7F) << shift;
      shift += 7;
    } while (b < 0);
    return at - list + placeBytes;
  }

  long memoryBytes() {
    return data.length;
  }
}
