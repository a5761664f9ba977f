package org.merganser.corpus.read;

import java.io.IOException;
import java.io.InputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;
import org.merganser.store.FileStore;

/** A corpus file for parquet-java; distinguishes a failure to read from damage. */
final class ParquetRowBytes implements org.apache.parquet.io.InputFile {
  private final InputFile file;
  private @Nullable IOException failure;

  ParquetRowBytes(InputFile file) {
    this.file = file;
  }

  /** Throws the failure to read that parquet-java may have wrapped. */
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

  /** Opens the file again at each place it seeks to, which every store supports. */
  private final class Reopening extends InputStream {
    private long position;
    private @Nullable InputStream stream;

    void seek(long place) throws IOException {
      if (place != position) {
        close();
        position = place;
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
      try {
        InputStream in = stream;
        if (in == null) {
          in = FileStore.of(file.location()).open(file.location(), position);
          stream = in;
        }
        int n = in.read(to, at, length);
        position += Math.max(n, 0);
        return n;
      } catch (IOException e) {
        failure =
            new IOException(
                ("corpus file %s cannot be read at byte %s (%s): check the disk or the"
                        + " connection, then run again")
                    .formatted(file.location(), position, e.getMessage()),
                e);
        throw failure;
      }
    }

    @Override
    public void close() throws IOException {
      if (stream != null) {
        stream.close();
        stream = null;
      }
    }
  }
}
