package org.merganser.corpus.read;

import java.io.IOException;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.RangeDigest;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.decode.StoredInput;
import org.merganser.store.BulkInputStream;

/**
 * The bytes of a corpus file for parquet-java; distinguishes a failure to read them from damage in
 * the file, which parquet-java also reports as exceptions.
 */
final class ParquetFileBytes implements org.apache.parquet.io.InputFile {
  private final InputFile file;

  /** The last failure to open, read or close the file; null if there is none. */
  private @Nullable IOException failure;

  ParquetFileBytes(InputFile file) {
    this.file = file;
  }

  /**
   * Throws the last failure of the store, which parquet-java may have wrapped; returns if there was
   * none, so that an exception of parquet-java means damage.
   */
  void rethrowFailure() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public long getLength() {
    return file.size();
  }

  @Override
  public SeekableInputStream newStream() {
    Reopening in = new Reopening();
    return new DelegatingSeekableInputStream(in) {
      @Override
      public long getPos() {
        return in.position;
      }

      @Override
      public void seek(long place) throws IOException {
        in.seek(place);
      }
    };
  }

  /** Opens the file again at each place that is sought, which every store supports. */
  private final class Reopening extends BulkInputStream {
    /** The place of the next byte. */
    private long position;

    /** Open at {@link #position}; null before a read, and after a seek. */
    private @Nullable StoredInput stream;

    /** Moves to a place; the next read opens the file there. */
    void seek(long place) throws IOException {
      if (place != position) {
        close();
        position = place;
      }
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
      try {
        StoredInput in = stream;
        if (in == null) {
          RangeDigest noDigest = null; // RangeReader digests the bytes of a range in order
          in = StoredInput.open(new FileRange(file, 0, file.size()), position, noDigest);
          stream = in;
        }
        int n = in.read(to, at, length);
        position += Math.max(n, 0);
        return n;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      StoredInput open = stream;
      stream = null;
      if (open == null) {
        return;
      }
      try {
        open.close();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
