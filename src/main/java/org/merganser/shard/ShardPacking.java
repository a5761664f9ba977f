package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.merganser.output.figures.PackFigures;
import org.merganser.store.UnusableFileException;

/**
 * Packs the documents of canonical shards into sequences, named {@code UNIT#NUMBER} in their order;
 * a {@link SequencePacker} decides which ids are in which sequence. Documents without ids have no
 * piece. The loss mask is packed with its ids; ids that fill sequences have a 0.
 *
 * @param length the length of a sequence in ids
 * @param strategy decides which documents share a sequence
 * @param remainder the treatment of sequences that are shorter than {@code length}
 * @param beginId the id that begins each document, which the figures count apart; -1 for none
 * @param fillId fills sequences for {@link Remainder#PAD}
 */
public record ShardPacking(
    int length, Strategy strategy, Remainder remainder, int beginId, int fillId) {

  /** Which documents share a sequence, and where they are cut. */
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
     * So each sequence begins with a document, and all but the last one are full.
     */
    BEST_FIT_CROP
  }

  /** What is done with sequences that are not full. */
  public enum Remainder {
    /** Short sequences stay short. */
    KEEP,

    /** Short sequences are left out. */
    DROP,

    /** Short sequences are filled, in all layouts. */
    PAD
  }

  public ShardPacking {
    if (length < 1) {
      throw new UnusableFileException("pack.length is " + length + ", it must be at least 1");
    }
  }

  /** Takes rows in order. */
  @FunctionalInterface
  public interface Rows {
    /** Takes the next row; the caller may change it after the call. */
    void accept(ShardRow row) throws IOException;
  }

  /**
   * Packs the shards of a unit, in order, and returns the figures of its sequences.
   *
   * @param shards of documents
   * @param unit the number of the unit
   * @param out receives the sequences; the row is reused for the next one
   */
  public PackFigures pack(List<Path> shards, int unit, Rows out) throws IOException {
    FinishedSequences sequences = new FinishedSequences(unit, out);
    SequencePacker packer = SequencePacker.of(this, sequences);
    ShardRow row = new ShardRow();
    String lastDocId = "";
    long tokens = 0;
    long beginTokens = 0;
    for (Path shard : shards) {
      try (ShardReader in = new ShardReader(shard)) {
        while (in.next(row)) {
          boolean continues = row.part > 0 && row.docId.equals(lastDocId);
          int beginIds = !continues && beginsWithBeginId(row) ? 1 : 0;
          beginTokens += beginIds;
          tokens += row.count - beginIds;
          if (row.mask != null) {
            sequences.putMaskIntoIds(row);
          }
          Piece document = row.provenance().get(0); // a row of a canonical shard is one piece
          packer.add(document, row.ids, row.count, continues);
          lastDocId = row.docId;
        }
      }
    }
    packer.finish();
    return new PackFigures(
        sequences.count,
        new PackFigures.Documents(tokens, beginTokens),
        new PackFigures.Outcome(sequences.kept, packer.cropped(), sequences.dropped),
        sequences.missingIds);
  }

  private boolean beginsWithBeginId(ShardRow row) {
    return beginId >= 0 && row.count > 0 && row.ids[0] == beginId;
  }

  /** Drops, fills or keeps a finished sequence, passes it on as a row, and counts its ids. */
  private final class FinishedSequences implements SequencePacker.SequenceSink {
    private final int unit;
    private final Rows out;

    /** The row of the last sequence, which is reused for the next one. */
    private final ShardRow packed = new ShardRow();

    /** Whether the ids have a loss mask in their sign bits. */
    private boolean hasMask;

    /** The sequences that were passed on. */
    private long count;

    /** The ids of documents in sequences that were passed on. */
    private long kept;

    /** The ids of documents in sequences that were dropped. */
    private long dropped;

    /** The ids that are missing in short sequences, filled or not. */
    private long missingIds;

    FinishedSequences(int unit, Rows out) {
      this.unit = unit;
      this.out = out;
    }

    @Override
    public void accept(PackedSequence sequence) throws IOException {
      int missing = sequence.room();
      if (missing > 0 && remainder == Remainder.DROP) {
        dropped += sequence.count;
        return;
      }
      setRow(sequence);
      if (missing > 0 && remainder == Remainder.PAD) {
        fillRow();
      }
      count++;
      kept += sequence.count;
      missingIds += missing;
      out.accept(packed);
    }

    /** Writes the mask of a row into the sign bits of its ids, so that they are packed together. */
    void putMaskIntoIds(ShardRow row) {
      hasMask = true;
      for (int i = 0; i < row.count; i++) {
        row.ids[i] = row.maskedId(i);
      }
    }

    /** Makes the row that of a sequence, without ids that fill it. */
    private void setRow(PackedSequence sequence) {
      packed.docId = String.format(Locale.ROOT, "%07d#%d", unit, count);
      packed.ids = sequence.ids;
      packed.count = sequence.count;
      if (hasMask) {
        packed.setMaskedIds(sequence.ids, sequence.count);
      }
      packed.pieces = sequence.pieces;
    }

    /** Fills the row up to the length of a sequence; the loss mask has a 0 for the new ids. */
    private void fillRow() {
      int start = packed.count;
      packed.ids = Arrays.copyOf(packed.ids, length);
      Arrays.fill(packed.ids, start, length, fillId);
      if (packed.mask != null) {
        packed.mask = Arrays.copyOf(packed.mask, length);
      }
      packed.count = length;
      packed.pieces.add(Piece.filling(start));
    }
  }
}
