package org.merganser.layout;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.merganser.shard.ShardRow;

/**
 * The loss mask beside a part whose layout is bare ids: a byte of 0 or 1 for each id, as numpy's
 * bool lies in memory. What fills a packed sequence has a 0. datatrove writes such a file by {@code
 * save_loss_metadata}, and OLMo-core takes it among its {@code label_mask_paths}.
 */
final class MaskFile implements Closeable {
  /** What follows the name of the file with the ids. */
  static final String SUFFIX = ".loss";

  private final ShardLayout layout;
  private final ShardLayout.Ids ids;
  private final FileChannel file;
  private final OutputStream out;
  private long flags;

  MaskFile(Path path, ShardLayout layout, ShardLayout.Ids ids) throws IOException {
    this.layout = layout;
    this.ids = ids;
    this.file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    this.out = new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16);
    out.write(layout.maskHeader(ids, 0)); // room for the one that is known at the end
  }

  void write(ShardRow row) throws IOException {
    int[] mask = Objects.requireNonNull(row.mask, "a row has no loss mask");
    for (int i = 0; i < row.count; i++) {
      out.write(mask[i]);
    }
    int missing = layout.fillsSequences() ? IdFile.missing(row, ids, layout.name()) : 0;
    for (int i = 0; i < missing; i++) {
      out.write(0);
    }
    flags += row.count + missing;
  }

  /** Completes the file; without it it is none. */
  void finish() throws IOException {
    out.flush();
    ByteBuffer header = ByteBuffer.wrap(layout.maskHeader(ids, flags));
    while (header.hasRemaining()) {
      file.write(header, header.position());
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
