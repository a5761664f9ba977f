package org.merganser.shard;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A row of a shard as it is read or written; {@code ids[0, count)}; one instance is reused. */
public final class ShardRow {
  public String docId = "";
  public String file = "";
  public long offset;
  public int part;
  public @Nullable String group;
  public int[] ids = new int[0];
  public int count;

  /** A row of its own, with no spare room. */
  public ShardRow copy() {
    ShardRow copy = new ShardRow();
    copy.docId = docId;
    copy.file = file;
    copy.offset = offset;
    copy.part = part;
    copy.group = group;
    copy.ids = Arrays.copyOf(ids, count);
    copy.count = count;
    return copy;
  }
}
