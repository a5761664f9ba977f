package org.merganser.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongFunction;
import org.merganser.shard.ShardRow;

/**
 * A part in one file: the ids of all documents after a header that depends on the number of ids.
 */
final class PlainPart implements ShardLayout.Part {
  private final IdFile file;
  private final ShardLayout.Ids ids;
  private final LongFunction<byte[]> header;

  /**
   * @param header builds the header from the number of ids; its length is the same for every number
   */
  PlainPart(Path path, IdWidth width, ShardLayout.Ids ids, LongFunction<byte[]> header)
      throws IOException {
    this.file = new IdFile(path, width, header.apply(0).length);
    this.ids = ids;
    this.header = header;
  }

  @Override
  public void write(ShardRow row) throws IOException {
    file.write(row.ids, row.count);
    file.repeat(ids.padId(), ids.missing(row));
  }

  @Override
  public void finish() throws IOException {
    file.finish(header.apply(file.count()));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
