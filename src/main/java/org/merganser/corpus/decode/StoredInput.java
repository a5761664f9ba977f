package org.merganser.corpus.decode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.RangeDigest;
import org.merganser.corpus.FileRange;
import org.merganser.store.BulkInputStream;
import org.merganser.store.FileStore;

/**
 * The stored bytes of a file from some position on. Digests the bytes of a range, even if its last
 * record continues after the range, and distinguishes a failure to read from damage that a decoder
 * finds.
 */
public final class StoredInput extends BulkInputStream {
  /** A range of the stored bytes; the end is exclusive. */
  private record Bounds(long start, long end) {}

  private final InputStream in;
  private final String location;

  /** The range that is digested. */
  private final Bounds bounds;

  /** Receives the bytes of the range; null for none. */
  private final @Nullable RangeDigest digest;

  /** As {@link #position()}. */
  private long position;

  private boolean ended;
  private @Nullable IOException failure;

  private StoredInput(
      InputStream in, String location, long position, Bounds bounds, @Nullable RangeDigest digest) {
    this.in = in;
    this.location = location;
    this.position = position;
    this.bounds = bounds;
    this.digest = digest;
  }

  /**
   * Opens the file of a range.
   *
   * @param position at or before the start of the range
   * @param digest receives the bytes of the range; null for none
   */
  public static StoredInput open(FileRange range, long position, @Nullable RangeDigest digest)
      throws IOException {
    String location = range.file().location();
    InputStream in;
    try {
      in = FileStore.of(location).open(location, position);
    } catch (IOException e) {
      throw new IOException(
          ("corpus file %s cannot be opened (%s): was it moved or deleted since the"
                  + " run began? Run again")
              .formatted(location, e),
          e);
    }
    // Files of the kernel, as in /proc, have size 0, so they are read to their end.
    long end = range.file().size() == 0 ? Long.MAX_VALUE : range.end();
    return new StoredInput(in, location, position, new Bounds(range.start(), end), digest);
  }

  /** Bytes in memory, which belong to no range. */
  public static StoredInput of(byte[] bytes) {
    String noLocation = "";
    Bounds noRange = new Bounds(0, 0);
    RangeDigest noDigest = null;
    return new StoredInput(new ByteArrayInputStream(bytes), noLocation, 0, noRange, noDigest);
  }

  @Override
  public int read(byte[] to, int at, int length) throws IOException {
    int n;
    try {
      n = in.read(to, at, length);
    } catch (IOException e) {
      failure =
          new IOException(
              ("corpus file %s cannot be read at byte %s (%s): check the disk or the"
                      + " connection, then run again")
                  .formatted(location, position, e.getMessage()),
              e);
      throw failure;
    }
    if (n < 0) {
      ended = true;
      return n;
    }
    if (digest != null) {
      digestRange(digest, to, at, n);
    }
    position += n;
    return n;
  }

  /** Digests those of the next {@code n} bytes that are in the range. */
  private void digestRange(RangeDigest sum, byte[] bytes, int at, int n) {
    long from = Math.max(position, bounds.start);
    long until = Math.min(position + n, bounds.end);
    if (from < until) {
      sum.update(bytes, at + (int) (from - position), (int) (until - from));
    }
  }

  /**
   * Reads on to the end of the range, so that the digest has the complete range.
   *
   * @param scratch is overwritten
   */
  public void finish(byte[] scratch) throws IOException {
    int n = 0;
    while (position < bounds.end && n >= 0) {
      n = read(scratch, 0, scratch.length);
    }
  }

  /** The place in the file, in bytes, up to which it was read. */
  long position() {
    return position;
  }

  /** The number of bytes of the range after {@link #position}; 0 if the file has ended. */
  long left() {
    return ended ? 0 : Math.max(0, bounds.end - position);
  }

  /** Whether a read came to the end of the file. */
  boolean ended() {
    return ended;
  }

  /** The last failure to read, which a decoder may have wrapped or swallowed; null for none. */
  @Nullable IOException failure() {
    return failure;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
