package org.merganser.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import org.merganser.corpus.InputFile;
import org.merganser.store.FileStore;

/**
 * Finds the line that a range of a plain file begins inside of, so that the parts of a line above
 * the limit are read by the ranges in which they begin. For one thread.
 *
 * <p>A line is looked through backwards to its beginning, once: what is known to hold no newline is
 * remembered from range to range.
 */
final class LineStartSearch {
  private static final int FIRST_LOOK = 4096;
  private static final int CHUNK = 1 << 20;

  private final long limit;

  /** {@code [lineBegin, knownEnd)} of this file holds no newline. */
  private String location = "";

  private long modified;
  private long lineBegin;
  private long knownEnd;

  /**
   * @param limit in bytes
   */
  LineStartSearch(long limit) {
    this.limit = limit;
  }

  /**
   * Where the line begins that goes on at {@code place} and is, without its terminator, above the
   * limit; -1 when a line begins at {@code place} or the one that goes on there is no longer.
   */
  long beginOfLarge(InputFile file, long place) throws IOException {
    long begin = begin(file, place);
    return begin < place && isLarge(file, begin, place) ? begin : -1;
  }

  private long begin(InputFile file, long place) throws IOException {
    boolean known = location.equals(file.location()) && modified == file.modified();
    if (known && lineBegin < place && place <= knownEnd) {
      return lineBegin;
    }
    long floor = known && knownEnd < place ? knownEnd : 0;
    long newline = lastNewline(file, floor, place);
    if (newline < 0 && floor > 0) {
      knownEnd = place;
      return lineBegin;
    }
    location = file.location();
    modified = file.modified();
    lineBegin = newline + 1; // 0 where there is none
    knownEnd = place;
    return lineBegin;
  }

  private static long lastNewline(InputFile file, long floor, long place) throws IOException {
    FileStore store = FileStore.of(file.location());
    long end = place;
    int length = FIRST_LOOK;
    while (end > floor) {
      long from = Math.max(floor, end - length);
      byte[] bytes;
      try (InputStream in = store.open(file.location(), from)) {
        bytes = in.readNBytes((int) (end - from));
      }
      for (int i = bytes.length - 1; i >= 0; i--) {
        if (bytes[i] == '\n') {
          return from + i;
        }
      }
      end = from;
      length = CHUNK;
    }
    return -1;
  }

  private boolean isLarge(InputFile file, long begin, long place) throws IOException {
    long enough = begin + limit + 1; // content that goes on up to here and further is too long
    if (place > enough) {
      return true;
    }
    byte[] bytes = new byte[1 << 16];
    long from = Math.max(begin, place - 1);
    boolean cr = false;
    try (InputStream in = FileStore.of(file.location()).open(file.location(), from)) {
      while (from <= enough) {
        int n = in.read(bytes);
        if (n < 0) {
          return from - begin > limit;
        }
        for (int i = 0; i < n; i++) {
          if (bytes[i] == '\n') {
            return from + i - (cr ? 1 : 0) - begin > limit;
          }
          cr = bytes[i] == '\r';
        }
        from += n;
      }
    }
    return true;
  }
}
