package org.merganser.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.corpus.KeptField;
import org.merganser.parquet.ColumnarWriter;
import org.merganser.parquet.MaskColumn;
import org.merganser.parquet.ScalarColumn;
import org.merganser.parquet.ValueListColumn;
import org.merganser.store.UnusableFileException;

/**
 * Writes one shard of documents or of packed sequences. Documents have, by default, doc_id STRING,
 * file STRING, offset INT64, part INT32, group STRING optional, num_tokens INT32, token_ids LIST of
 * INT32 required. Packed sequences have sequence_id STRING, num_tokens INT32, token_ids LIST of
 * INT32, and lists of equal length with an entry for each piece: starts, where the piece begins in
 * token_ids; doc_ids; files; offsets of the document, in bytes; parts; positions of the piece's
 * first id in that part of the document. The ids that fill a sequence are its last piece, whose
 * doc_ids entry is null. The bytes depend only on the rows, the columns and the metadata.
 */
public final class ParquetShardWriter implements Closeable {
  public static final String TOKENIZER_SHA256 = "merganser.tokenizer.sha256";

  public static final String SEQUENCE_LENGTH = "merganser.sequence.length";

  private final ColumnarWriter out;
  private final List<Consumer<ShardRow>> cells = new ArrayList<>();

  /**
   * @param metadata key-value metadata of the file (tokenizer sha256, ...), written sorted
   */
  public ParquetShardWriter(Path file, Map<String, String> metadata, ShardColumns columns)
      throws IOException {
    this.out = new ColumnarWriter(file, columns.schema(), metadata);
    columns.names().forEach((column, name) -> cells.add(cell(column, name)));
    for (int i = 0; i < columns.kept().size(); i++) {
      cells.add(kept(columns.kept().get(i), i));
    }
  }

  private Consumer<ShardRow> cell(ShardColumn column, String name) {
    return switch (column) {
      case DOC_ID, SEQUENCE_ID -> cell(out.scalar(name), (ids, row) -> ids.addText(row.docId));
      case FILE -> cell(out.scalar(name), (files, row) -> files.addText(row.file));
      case GROUP -> cell(out.scalar(name), (groups, row) -> addText(groups, row.group));
      case OFFSET -> cell(out.scalar(name), (offsets, row) -> offsets.addLong(row.offset));
      case PART -> cell(out.scalar(name), (parts, row) -> parts.addInt(row.part));
      case NUM_TOKENS -> cell(out.scalar(name), (counts, row) -> counts.addInt(row.count));
      case TOKEN_IDS -> cell(out.idList(name), (ids, row) -> ids.add(row.ids, row.count));
      case LABELS ->
          cell(out.idList(name), (labels, row) -> labels.add(IgnoredLabels.of(row), row.count));
      case LOSS_MASK -> cell(out.mask(name), ParquetShardWriter::addLossMask);
      case ATTENTION_MASK ->
          cell(
              out.mask(name),
              (mask, row) -> {
                mask.add(true, row.documentIds());
                mask.add(false, row.count - row.documentIds());
                mask.endList();
              });
      case POSITION_IDS ->
          cell(out.idList(name), (places, row) -> places.add(positionIds(row), row.count));
      case CU_SEQLENS ->
          cell(
              out.valueList(name),
              (bounds, row) -> {
                row.pieces.forEach(piece -> bounds.addInt(piece.start()));
                bounds.addInt(row.count);
                bounds.endList();
              });
      case STARTS -> pieces(name, (list, piece) -> list.addInt(piece.start()));
      case DOC_IDS -> pieces(name, ParquetShardWriter::addDocId);
      case FILES -> pieces(name, (list, piece) -> list.addText(piece.file()));
      case OFFSETS -> pieces(name, (list, piece) -> list.addLong(piece.offset()));
      case PARTS -> pieces(name, (list, piece) -> list.addInt(piece.part()));
      case POSITIONS -> pieces(name, (list, piece) -> list.addInt(piece.position()));
    };
  }

  private static <C> Consumer<ShardRow> cell(C column, BiConsumer<C, ShardRow> value) {
    return row -> value.accept(column, row);
  }

  private static void addText(ScalarColumn column, @Nullable String text) {
    if (text == null) {
      column.addNull();
    } else {
      column.addText(text);
    }
  }

  private static void addLossMask(MaskColumn column, ShardRow row) {
    int[] mask = Objects.requireNonNull(row.mask, "a row has no loss mask");
    for (int i = 0; i < row.count; i++) {
      column.add(mask[i] != 0, 1);
    }
    column.endList();
  }

  private static int[] positionIds(ShardRow row) {
    int[] positions = new int[row.count];
    int at = 0;
    for (int i = 0; i < row.pieces.size(); i++) {
      int length = row.pieceLength(row.pieces, i);
      for (int place = 0; place < length; place++) {
        positions[at++] = place;
      }
    }
    return positions;
  }

  private Consumer<ShardRow> pieces(String name, BiConsumer<ValueListColumn, Piece> value) {
    return cell(
        out.valueList(name),
        (list, row) -> {
          row.pieces.forEach(piece -> value.accept(list, piece));
          list.endList();
        });
  }

  private static void addDocId(ValueListColumn list, Piece piece) {
    if (piece.isFilling()) { // always the last piece
      list.addNull();
    } else {
      list.addText(piece.docId());
    }
  }

  private Consumer<ShardRow> kept(KeptField field, int number) {
    ScalarColumn column = out.scalar(field.column());
    KeptField.Type type = field.type();
    return row -> {
      Object value = row.kept[number];
      if (value == null) {
        column.addNull();
        return;
      }
      switch (type) {
        case STRING -> column.addBinary((byte[]) value);
        case INTEGER -> column.addLong((Long) value);
        case DOUBLE -> column.addDouble((Double) value);
        case BOOLEAN -> column.addBoolean((Boolean) value);
      }
    };
  }

  /**
   * @throws UnusableFileException for a negative id, before anything of the row is written
   */
  public void write(ShardRow row) throws IOException {
    refuseNegative(row);
    for (Consumer<ShardRow> cell : cells) {
      cell.accept(row);
    }
    out.endRow();
  }

  private static void refuseNegative(ShardRow row) {
    int signs = 0;
    for (int i = 0; i < row.count; i++) {
      signs |= row.ids[i];
    }
    for (int i = 0; signs < 0 && i < row.count; i++) {
      if (row.ids[i] < 0) {
        throw new UnusableFileException(
            "document \"" + row.docId + "\": id " + row.ids[i] + " at " + i + " is negative");
      }
    }
  }

  /** Finishes the file. A writer that failed must also be closed; its file is not a shard. */
  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Finishes the file like {@link #close}, and returns its sum. */
  public FileSum finish() throws IOException {
    out.close();
    return out.sum();
  }
}
