package org.merganser.layout;

import java.io.IOException;
import java.util.Map;
import java.util.function.LongFunction;
import org.merganser.checksum.FileSum;
import org.merganser.shard.ShardRow;

/**
 * A part in one file: a header that is made from the number of ids, then the ids of all rows.
 * Packed sequences are filled to their length.
 */
final class PlainPart implements ShardLayout.Part {
  private final String suffix;
  private final IdFile file;
  private final ShardLayout.IdSettings settings;
  private final LongFunction<byte[]> header;

  /**
   * @param suffix the suffix of the file
   * @param header makes the header from the number of ids; its length is the same for every number
   */
  PlainPart(
      ShardLayout.FilesOfPart files,
      String suffix,
      IdWidth width,
      ShardLayout.IdSettings settings,
      LongFunction<byte[]> header)
      throws IOException {
    this.suffix = suffix;
    this.file = new IdFile(files.file(suffix), width, header.apply(0).length);
    this.settings = settings;
    this.header = header;
  }

  @Override
  public void write(ShardRow row) throws IOException {
    file.write(row.ids, row.count);
    file.repeat(settings.padId(), settings.missing(row));
  }

  @Override
  public Map<String, FileSum> finish() throws IOException {
    FileSum sum = file.finish(header.apply(file.count()));
    return sum == null ? Map.of() : Map.of(suffix, sum);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
