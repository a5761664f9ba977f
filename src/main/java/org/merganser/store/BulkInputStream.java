package org.merganser.store;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream that is meant to be read in blocks. A subclass implements only the reading of a block;
 * reading a single byte works, but it allocates an array.
 */
public abstract class BulkInputStream extends InputStream {
  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public abstract int read(byte[] to, int at, int length) throws IOException;
}
