package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.merganser.output.figures.PackFigures;
import org.merganser.store.UnusableFileException;

/**
 * Packs the documents of canonical shards into sequences, named {@code UNIT#NUMBER} in their order.
 * Documents without ids have no piece. The loss mask is packed with its ids; ids that fill
 * sequences have a 0.
 *
 * @param length of a sequence in ids
 * @param remainder the treatment of short sequences
 * @param beginId the id before each document, which the figures count apart; -1 for none
 * @param fillId fills sequences for {@link Remainder#PAD}
 */
public record ShardPacking(
    int length, Strategy strategy, Remainder remainder, int beginId, int fillId) {

  public enum Strategy {
    /** Documents back to back, cut every {@code length} ids. */
    CONCAT,
    /**
     * Documents are cut into pieces of at most {@code length}. A piece goes to the open sequence
     * that it fills best, over a window of open sequences (Ding et al., "Fewer truncations improve
     * language modeling", 2024).
     */
    BEST_FIT,
    /**
     * A sequence repeatedly takes the longest waiting document that fits. If none fits, the
     * shortest one is cropped to the free room, and its rest is dropped (nanochat/dataloader.py).
     * So each sequence is full and begins with a document.
     */
    BEST_FIT_CROP
  }

  public enum Remainder {
    KEEP,
    DROP,
    /** Short sequences are filled in all layouts. */
    PAD
  }

  public ShardPacking {
    if (length < 1) {
      throw new UnusableFileException("pack.length is " + length + ", it must be at least 1");
    }
  }

  /** Takes rows in order; a row may be reused after the call. */
  @FunctionalInterface
  public interface Rows {
    void accept(ShardRow row) throws IOException;
  }

  /** Packs the shards, in order; the sequences are named after the unit. */
  public PackFigures pack(List<Path> shards, int unit, Rows out) throws IOException {
    Sequences sequences = new Sequences(unit, out);
    SequencePacker packer = new SequencePacker(this, sequences);
    ShardRow row = new ShardRow();
    String document = "";
    long tokens = 0;
    long beginTokens = 0;
    for (Path shard : shards) {
      try (ShardReader in = new ShardReader(shard)) {
        while (in.next(row)) {
          boolean continues = row.part > 0 && row.docId.equals(document);
          boolean begins = beginId() >= 0 && !continues && row.count > 0 && row.ids[0] == beginId();
          if (begins) {
            beginTokens++;
          }
          tokens += begins ? row.count - 1 : row.count;
          if (row.mask != null) {
            sequences.masked = true;
            mask(row);
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
      row.ids[i] = row.maskedId(i);
    }
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
      int missing = length() - sequence.count;
      if (missing > 0 && remainder() == Remainder.DROP) {
        dropped += sequence.count;
        return;
      }
      packed.docId = String.format(Locale.ROOT, "%07d#%d", unit, count++);
      packed.ids = sequence.ids;
      packed.count = sequence.count;
      if (masked) {
        packed.split(sequence.ids, sequence.count);
      }
      packed.pieces = sequence.pieces;
      kept += sequence.count;
      padded += missing;
      if (missing > 0 && remainder() == Remainder.PAD) {
        packed.ids = Arrays.copyOf(sequence.ids, length());
        Arrays.fill(packed.ids, sequence.count, length(), fillId());
        packed.mask = packed.mask == null ? null : Arrays.copyOf(packed.mask, length());
        packed.count = length();
        packed.pieces.add(Piece.filling(sequence.count));
      }
      out.accept(packed);
    }
  }
}
