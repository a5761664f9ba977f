package org.merganser.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.Piece;
import org.merganser.shard.ShardRow;

/** The columns that rows of a shard have in Arrow: those of documents, or of packed sequences. */
final class ArrowRows {
  static final String LOSS_MASK = "assistant_masks";

  private final boolean packed;
  private final ArrowColumn id;
  private final ArrowColumn numTokens =
      new ArrowColumn("num_tokens", ArrowColumn.Type.INT32, false);
  private final ArrowColumn inputIds = new ArrowColumn("input_ids", ArrowColumn.Type.INT32, true);
  private final ArrowColumn seqLengths =
      new ArrowColumn("seq_lengths", ArrowColumn.Type.INT32, true);
  private final ArrowColumn docIds;
  private final ArrowColumn files;
  private final ArrowColumn offsets;
  private final ArrowColumn parts;
  private final ArrowColumn positions = new ArrowColumn("positions", ArrowColumn.Type.INT32, true);
  private final ArrowColumn group = new ArrowColumn("group", ArrowColumn.Type.TEXT, false);
  private final @Nullable ArrowColumn lossMask;
  private final List<ArrowColumn> columns;
  private int count;

  /**
   * @param masked whether rows have a loss mask
   */
  ArrowRows(boolean packed, boolean masked) {
    this.packed = packed;
    this.id = new ArrowColumn("sequence_id", ArrowColumn.Type.TEXT, false);
    this.docIds = new ArrowColumn(packed ? "doc_ids" : "doc_id", ArrowColumn.Type.TEXT, packed);
    this.files = new ArrowColumn(packed ? "files" : "file", ArrowColumn.Type.TEXT, packed);
    this.offsets = new ArrowColumn(packed ? "offsets" : "offset", ArrowColumn.Type.INT64, packed);
    this.parts = new ArrowColumn(packed ? "parts" : "part", ArrowColumn.Type.INT32, packed);
    this.lossMask = masked ? new ArrowColumn(LOSS_MASK, ArrowColumn.Type.INT8, true) : null;
    List<ArrowColumn> all =
        new ArrayList<>(
            packed
                ? List.of(
                    id, numTokens, inputIds, seqLengths, docIds, files, offsets, parts, positions)
                : List.of(docIds, files, offsets, parts, group, numTokens, inputIds));
    if (lossMask != null) {
      all.add(all.indexOf(inputIds) + 1, lossMask);
    }
    this.columns = List.copyOf(all);
  }

  List<ArrowColumn> columns() {
    return columns;
  }

  int count() {
    return count;
  }

  /** The columns were written and cleared. */
  void cleared() {
    count = 0;
  }

  long bytes() {
    return columns.stream().mapToLong(ArrowColumn::bytes).sum();
  }

  void add(ShardRow row) {
    numTokens.addInt(row.count);
    inputIds.addInts(row.ids, row.count);
    inputIds.endList();
    if (lossMask != null) {
      lossMask.addBytes(Objects.requireNonNull(row.mask, "a row has no loss mask"), row.count);
      lossMask.endList();
    }
    if (packed) {
      addPieces(row);
    } else {
      docIds.addText(row.docId);
      files.addText(row.file);
      offsets.addLong(row.offset);
      parts.addInt(row.part);
      group.addText(row.group);
    }
    count++;
  }

  private void addPieces(ShardRow row) {
    id.addText(row.docId);
    List<Piece> pieces = row.pieces;
    for (int i = 0; i < pieces.size(); i++) {
      Piece piece = pieces.get(i);
      seqLengths.addInt(row.pieceLength(pieces, i));
      docIds.addText(piece.docId());
      files.addText(piece.file());
      offsets.addLong(piece.offset());
      parts.addInt(piece.part());
      positions.addInt(piece.position());
    }
    seqLengths.endList();
    docIds.endList();
    files.endList();
    offsets.endList();
    parts.endList();
    positions.endList();
  }
}
