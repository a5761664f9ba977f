package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Packs the documents of canonical shards into sequences, named {@code UNIT#NUMBER} in their order.
 * Documents without ids leave no piece.
 */
public final class ShardPacking {
  /** Takes rows, one after the other; a row may be reused after the call. */
  @FunctionalInterface
  public interface Rows {
    void accept(ShardRow row) throws IOException;
  }

  /** What a piece needs of its document. */
  private record Source(String docId, String file, long offset, int part) {}

  private final int length;
  private final SequencePacker.Strategy strategy;
  private final boolean crossDocuments;

  public ShardPacking(int length, SequencePacker.Strategy strategy, boolean crossDocuments) {
    this.length = length;
    this.strategy = strategy;
    this.crossDocuments = crossDocuments;
  }

  /**
   * Packs the shards of a unit, in order.
   *
   * @param unit names the sequences
   */
  public void pack(List<Path> shards, int unit, Rows out) throws IOException {
    ShardRow packed = new ShardRow();
    long[] number = new long[1];
    SequencePacker<Source> packer =
        new SequencePacker<>(
            length,
            strategy,
            crossDocuments,
            sequence -> {
              packed.docId = String.format(Locale.ROOT, "%07d#%d", unit, number[0]++);
              packed.ids = sequence.ids();
              packed.count = sequence.count();
              packed.pieces = pieces(sequence);
              out.accept(packed);
            });
    ShardRow row = new ShardRow();
    String document = "";
    for (Path shard : shards) {
      try (ParquetShardReader in = new ParquetShardReader(shard)) {
        while (in.next(row)) {
          packer.add(
              new Source(row.docId, row.file, row.offset, row.part),
              row.ids,
              row.count,
              row.part > 0 && row.docId.equals(document));
          document = row.docId;
        }
      }
    }
    packer.finish();
  }

  private static List<Piece> pieces(SequencePacker.Sequence<Source> sequence) {
    List<Piece> pieces = new ArrayList<>(sequence.documents().size());
    for (int i = 0; i < sequence.documents().size(); i++) {
      Source from = sequence.documents().get(i);
      pieces.add(
          new Piece(
              sequence.starts()[i],
              from.docId,
              from.file,
              from.offset,
              from.part,
              sequence.offsets()[i]));
    }
    return pieces;
  }
}
