package org.merganser.corpus.select;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.merganser.store.FileStore;
import org.merganser.store.OpenFiles;

/**
 * The documents of a corpus that are left out because an earlier one has the same text. The file
 * has their ordinals (ints, ascending in each unit) unit by unit, then the places where the
 * ordinals of each unit begin and where those of the last one end (longs). An ordinal is the number
 * of a document in its unit, as {@link TextHashes} counts it. {@link DuplicateSearch} finds the
 * duplicates.
 *
 * @param location of the file; empty for no duplicates
 * @param units the number of units of the plan
 * @param size of the file in bytes
 */
public record DuplicateList(String location, int units, long size) implements Serializable {
  /** The buffer of a merged file; small, since {@link TextHashes#BUCKETS} may be merged at once. */
  private static final int BUFFER_BYTES = 1 << 14;

  /** A list without duplicates. */
  public static final DuplicateList NONE = new DuplicateList("", 0, 0);

  /** The ordinals of a unit's documents that are left out, ascending. */
  public int[] ordinals(int unit) throws IOException {
    if (location.isEmpty()) {
      return new int[0];
    }
    if (unit >= units) {
      throw new IllegalArgumentException("unit " + unit + " of " + units + " in " + location);
    }
    FileStore store = FileStore.of(location);
    long begin;
    long end;
    try (DataInputStream in = open(store, size - Long.BYTES * (units + 1L - unit))) {
      begin = in.readLong();
      end = in.readLong(); // where the next unit begins
    }
    try (DataInputStream in = open(store, begin)) {
      return readInts(in, Math.toIntExact((end - begin) / Integer.BYTES));
    }
  }

  private static int[] readInts(DataInputStream in, int count) throws IOException {
    int[] ints = new int[count];
    for (int i = 0; i < count; i++) {
      ints[i] = in.readInt();
    }
    return ints;
  }

  private DataInputStream open(FileStore store, long place) throws IOException {
    return new DataInputStream(new BufferedInputStream(store.open(location, place)));
  }

  /** The list in a file that {@link #write} wrote. */
  public static DuplicateList at(String location, int units) throws IOException {
    long size = FileStore.of(location).stat(location).size();
    return new DuplicateList(location, units, size);
  }

  /**
   * Merges the files of {@link DuplicateSearch} into the file of a list.
   *
   * @param searches locations, one for each group of buckets
   * @param units the number of units of the plan
   * @param out receives the file; left open
   */
  public static void write(List<String> searches, int units, OutputStream out) throws IOException {
    try (OpenFiles files = new OpenFiles()) {
      List<FoundDuplicates> merged = new ArrayList<>();
      for (String location : searches) {
        merged.add(files.add(new FoundDuplicates(location)));
      }
      merge(merged, units, new DataOutputStream(out));
    }
  }

  /** Writes the ordinals of all searches, sorted in each unit, and the places of the units. */
  private static void merge(List<FoundDuplicates> searches, int units, DataOutputStream out)
      throws IOException {
    long[] begins = new long[units + 1];
    for (int unit = 0; unit < units; unit++) {
      IntStream.Builder found = IntStream.builder();
      for (FoundDuplicates search : searches) {
        if (search.unit == unit) {
          IntStream.of(search.takeOrdinals()).forEach(found);
        }
      }
      int[] ordinals = found.build().sorted().toArray();
      for (int ordinal : ordinals) {
        out.writeInt(ordinal);
      }
      begins[unit + 1] = begins[unit] + (long) Integer.BYTES * ordinals.length;
    }
    for (long begin : begins) {
      out.writeLong(begin);
    }
    out.flush();
  }

  /** Reads a file of {@link DuplicateSearch}, unit by unit. */
  private static final class FoundDuplicates implements Closeable {
    private final DataInputStream in;

    /** The next unit with duplicates; -1 after the last one. */
    int unit;

    FoundDuplicates(String location) throws IOException {
      in =
          new DataInputStream(
              new BufferedInputStream(FileStore.of(location).open(location, 0), BUFFER_BYTES));
      unit = in.readInt();
    }

    /** The ordinals of {@link #unit}; moves on to the next unit. */
    int[] takeOrdinals() throws IOException {
      int[] ordinals = readInts(in, in.readInt());
      unit = in.readInt();
      return ordinals;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
