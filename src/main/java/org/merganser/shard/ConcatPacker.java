package org.merganser.shard;

import java.io.IOException;

/** Packs by {@link ShardPacking.Strategy#CONCAT}: documents back to back. */
final class ConcatPacker extends SequencePacker {
  /** The sequence that is being filled. */
  private PackedSequence current;

  ConcatPacker(int length, SequenceSink out) {
    super(length, out);
    this.current = new PackedSequence(length);
  }

  @Override
  void add(Piece document, int[] ids, int count, boolean continues) throws IOException {
    int from = 0;
    while (from < count) {
      int to = from + Math.min(count - from, current.room());
      current.add(ids, from, to, document);
      if (current.room() == 0) {
        endCurrent();
      }
      from = to;
    }
  }

  @Override
  void finish() throws IOException {
    if (current.count > 0) {
      endCurrent();
    }
  }

  private void endCurrent() throws IOException {
    out.accept(current);
    current = new PackedSequence(length);
  }
}
