package org.merganser.layout;

import java.io.IOException;
import java.util.function.LongFunction;
import org.merganser.shard.ShardRow;

/**
 * A part that is one file of ids, document after document, under a header made from their count.
 */
final class PlainPart implements ShardLayout.Part {
  private final IdFile file;
  private final LongFunction<byte[]> header;

  PlainPart(IdFile file, LongFunction<byte[]> header) {
    this.file = file;
    this.header = header;
  }

  @Override
  public void write(ShardRow row) throws IOException {
    file.write(row);
    file.fill(row);
  }

  @Override
  public void finish() throws IOException {
    file.finish(header.apply(file.ids()));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
