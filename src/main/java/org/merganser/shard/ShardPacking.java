package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.merganser.dataset.PackFigures;

/**
 * Packs the documents of canonical shards into sequences, named {@code UNIT#NUMBER} in their order.
 * Documents without ids have no piece. The loss mask is packed with its ids; ids that packing adds,
 * before documents or to fill sequences, have a 0.
 */
public record ShardPacking(PackSettings settings) {
  /** Takes rows in order; a row may be reused after the call. */
  @FunctionalInterface
  public interface Rows {
    void accept(ShardRow row) throws IOException;
  }

  /** Packs the shards, in order; the sequences are named after the unit. */
  public PackFigures pack(List<Path> shards, int unit, Rows out) throws IOException {
    Sequences sequences = new Sequences(unit, out);
    SequencePacker packer = new SequencePacker(settings, sequences);
    ShardRow row = new ShardRow();
    String document = "";
    long tokens = 0;
    long beginTokens = 0;
    for (Path shard : shards) {
      try (ShardReader in = new ShardReader(shard)) {
        while (in.next(row)) {
          boolean continues = row.part > 0 && row.docId.equals(document);
          tokens += row.count;
          if (row.mask != null) {
            sequences.masked = true;
            mask(row);
          }
          if (settings.beginId() >= 0 && !continues && row.count > 0) {
            putBegin(row);
            beginTokens++;
          }
          packer.add(row.provenance().get(0), row.ids, row.count, continues);
          document = row.docId;
        }
      }
    }
    packer.finish();
    return new PackFigures(
        sequences.count,
        tokens,
        beginTokens,
        sequences.kept,
        packer.cropped(),
        sequences.dropped,
        sequences.padded);
  }

  private static void mask(ShardRow row) {
    for (int i = 0; i < row.count; i++) {
      row.ids[i] = MaskedIds.of(row, i);
    }
  }

  private void putBegin(ShardRow row) {
    int[] ids = new int[row.count + 1];
    ids[0] = row.mask == null ? settings.beginId() : MaskedIds.withoutLoss(settings.beginId());
    System.arraycopy(row.ids, 0, ids, 1, row.count);
    row.ids = ids;
    row.count++;
  }

  private final class Sequences implements SequencePacker.Sequences {
    private final int unit;
    private final Rows out;
    private final ShardRow packed = new ShardRow();
    private boolean masked;
    private long count;
    private long kept;
    private long dropped;
    private long padded;

    Sequences(int unit, Rows out) {
      this.unit = unit;
      this.out = out;
    }

    @Override
    public void accept(SequencePacker.Sequence sequence) throws IOException {
      int missing = settings.length() - sequence.count();
      if (missing > 0 && settings.remainder() == PackSettings.Remainder.DROP) {
        dropped += sequence.count();
        return;
      }
      packed.docId = String.format(Locale.ROOT, "%07d#%d", unit, count++);
      packed.ids = sequence.ids();
      packed.count = sequence.count();
      if (masked) {
        MaskedIds.split(sequence.ids(), sequence.count(), packed);
      }
      packed.pieces = sequence.pieces();
      kept += sequence.count();
      padded += missing;
      if (missing > 0 && settings.remainder() == PackSettings.Remainder.PAD) {
        packed.ids = Arrays.copyOf(sequence.ids(), settings.length());
        Arrays.fill(packed.ids, sequence.count(), settings.length(), settings.fillId());
        packed.mask = packed.mask == null ? null : Arrays.copyOf(packed.mask, settings.length());
        packed.count = settings.length();
        packed.pieces.add(Piece.filling(sequence.count()));
      }
      out.accept(packed);
    }
  }
}
