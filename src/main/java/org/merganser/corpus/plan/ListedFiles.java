package org.merganser.corpus.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;

/**
 * The files of a listing in the order in which they were added, found again by location and by
 * path. Beside an {@link InputFile} and its two names a file costs 8 to 16 bytes in each of two
 * tables of numbers, where a hash map of names would take 50: listings have ten million files.
 */
final class ListedFiles {
  private final List<InputFile> files = new ArrayList<>();
  private final Index byLocation = new Index(InputFile::location);
  private final Index byPath = new Index(InputFile::path);

  /** The file that is opened there; null when there is none. */
  @Nullable InputFile atLocation(String location) {
    return byLocation.find(location);
  }

  /** The file that outputs call so; null when there is none. */
  @Nullable InputFile withPath(String path) {
    return byPath.find(path);
  }

  /** Adds a file that neither its location nor its path finds. */
  void add(InputFile file) {
    files.add(file);
    byLocation.addLast();
    byPath.addLast();
  }

  List<InputFile> all() {
    return files;
  }

  /** Open addressing over the numbers of files, from 1 on; 0 is empty. At most half full. */
  private final class Index {
    private final Function<InputFile, String> name;
    private int[] slots = new int[64];

    Index(Function<InputFile, String> name) {
      this.name = name;
    }

    @Nullable InputFile find(String wanted) {
      int number = slots[slotOf(wanted, slots)];
      return number == 0 ? null : files.get(number - 1);
    }

    void addLast() {
      if (2 * files.size() > slots.length) {
        slots = filled(new int[Math.multiplyExact(2, slots.length)], files.size() - 1);
      }
      put(slots, files.size());
    }

    private int[] filled(int[] larger, int count) {
      for (int number = 1; number <= count; number++) {
        put(larger, number);
      }
      return larger;
    }

    private void put(int[] into, int number) {
      into[slotOf(name.apply(files.get(number - 1)), into)] = number;
    }

    /** Where a name is, or would be. */
    private int slotOf(String wanted, int[] in) {
      int mask = in.length - 1;
      int hash = wanted.hashCode() * 0x9E3779B9; // neighbours differ in their last digits
      int slot = (hash ^ hash >>> 15) & mask;
      while (in[slot] != 0 && !name.apply(files.get(in[slot] - 1)).equals(wanted)) {
        slot = (slot + 1) & mask;
      }
      return slot;
    }
  }
}
