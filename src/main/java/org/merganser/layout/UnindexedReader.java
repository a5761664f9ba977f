package org.merganser.layout;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.merganser.parquet.ShardException;
import org.merganser.shard.RowReader;
import org.merganser.shard.ShardRow;

/** Reads bare ids by the ends that their layout knows; documents are called FILE#NUMBER. */
final class UnindexedReader implements RowReader {
  private final RawIds ids;
  private final long[] ends;
  private final String name;
  private int next;

  UnindexedReader(RawIds ids, RawIds.Form form, String name) throws IOException {
    this.ids = ids;
    long[] known = form.ends();
    this.ends = known == null ? new long[] {ids.count()} : known;
    this.name = name;
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public boolean next(ShardRow row) throws IOException {
    if (next == ends.length) {
      return false;
    }
    long start = next == 0 ? 0 : ends[next - 1];
    long count = ends[next] - start;
    if (count < 0 || count > Integer.MAX_VALUE - 64) {
      throw new ShardException(name + ": document " + next + " has " + count + " ids");
    }
    row.docId = name + "#" + next;
    row.file = name;
    row.offset = start;
    row.part = 0;
    row.group = null;
    row.pieces = List.of();
    ids.read(start, (int) count, row);
    next++;
    return true;
  }

  @Override
  public void close() throws IOException {
    ids.close();
  }
}
