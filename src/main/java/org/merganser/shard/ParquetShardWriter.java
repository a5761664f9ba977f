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
 * Writes one shard of documents or of packed sequences. {@link ShardColumn} says what each column
 * has, and {@link ShardSchema} its type. Documents have, by default, doc_id, file, offset, part,
 * group, num_tokens and token_ids. Packed sequences have sequence_id, num_tokens, token_ids, and
 * lists of equal length with an entry for each piece: starts, doc_ids, files, offsets, parts and
 * positions. The ids that fill a sequence are its last piece, whose doc_ids entry is null. The
 * bytes depend only on the rows, the columns and the metadata.
 */
public final class ParquetShardWriter implements Closeable {
  /** The key of the metadata with the sha256 of the tokenizer, lower-case hex. */
  public static final String TOKENIZER_SHA256 = "merganser.tokenizer.sha256";

  /** The key of the metadata with the length of sequences; absent in shards of documents. */
  public static final String SEQUENCE_LENGTH = "merganser.sequence.length";

  private final ColumnarWriter out;

  /** Each adds the value of a row to its column. */
  private final List<Consumer<ShardRow>> cells = new ArrayList<>();

  /**
   * Creates {@code file}, replacing an existing file.
   *
   * @param metadata key-value metadata of the file (tokenizer sha256, ...), written sorted
   */
  public ParquetShardWriter(Path file, Map<String, String> metadata, ShardColumns columns)
      throws IOException {
    this.out = new ColumnarWriter(file, columns.schema(), metadata);
    columns.names().forEach((column, name) -> cells.add(cell(column, name)));
    for (int i = 0; i < columns.kept().size(); i++) {
      cells.add(keptCell(columns.kept().get(i), i));
    }
  }

  /** Claims the next column of the file, and returns the cell that fills it. */
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
          cell(out.idList(name), (labels, row) -> labels.add(TrainingLabels.of(row), row.count));
      case LOSS_MASK -> cell(out.mask(name), ParquetShardWriter::addLossMask);
      case ATTENTION_MASK -> cell(out.mask(name), ParquetShardWriter::addAttentionMask);
      case POSITION_IDS ->
          cell(out.idList(name), (positions, row) -> positions.add(positionIds(row), row.count));
      case CU_SEQLENS -> cell(out.valueList(name), ParquetShardWriter::addPieceBounds);
      case STARTS -> pieceCell(name, (list, piece) -> list.addInt(piece.start()));
      case DOC_IDS -> pieceCell(name, ParquetShardWriter::addDocId);
      case FILES -> pieceCell(name, (list, piece) -> list.addText(piece.file()));
      case OFFSETS -> pieceCell(name, (list, piece) -> list.addLong(piece.offset()));
      case PARTS -> pieceCell(name, (list, piece) -> list.addInt(piece.part()));
      case POSITIONS -> pieceCell(name, (list, piece) -> list.addInt(piece.position()));
    };
  }

  /** The cell of a column to which {@code addValue} adds the value of a row. */
  private static <C> Consumer<ShardRow> cell(C column, BiConsumer<C, ShardRow> addValue) {
    return row -> addValue.accept(column, row);
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

  private static void addAttentionMask(MaskColumn column, ShardRow row) {
    int documentIds = row.documentIdCount();
    column.add(true, documentIds);
    column.add(false, row.count - documentIds);
    column.endList();
  }

  /** Adds the starts of the pieces, and the end of the last one. */
  private static void addPieceBounds(ValueListColumn column, ShardRow row) {
    row.pieces.forEach(piece -> column.addInt(piece.start()));
    column.addInt(row.count);
    column.endList();
  }

  /** The index of each id in its piece. */
  private static int[] positionIds(ShardRow row) {
    int[] positions = new int[row.count];
    int next = 0;
    for (int i = 0; i < row.pieces.size(); i++) {
      int length = row.pieceLength(row.pieces, i);
      for (int position = 0; position < length; position++) {
        positions[next++] = position;
      }
    }
    return positions;
  }

  /** The cell of a list to which {@code addValue} adds the value of each piece. */
  private Consumer<ShardRow> pieceCell(String name, BiConsumer<ValueListColumn, Piece> addValue) {
    return cell(
        out.valueList(name),
        (list, row) -> {
          row.pieces.forEach(piece -> addValue.accept(list, piece));
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

  /** The cell of kept field {@code index}. */
  private Consumer<ShardRow> keptCell(KeptField field, int index) {
    ScalarColumn column = out.scalar(field.column());
    KeptField.Type type = field.type();
    return row -> {
      Object value = row.kept[index];
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
   * Writes a row.
   *
   * @throws UnusableFileException for a negative id, before anything of the row is written
   */
  public void write(ShardRow row) throws IOException {
    requireNoNegative(row);
    for (Consumer<ShardRow> cell : cells) {
      cell.accept(row);
    }
    out.endRow();
  }

  /**
   * Requires that no id is negative. A first pass finds out, without a branch for each id, whether
   * one is; a second one then names it.
   */
  private static void requireNoNegative(ShardRow row) {
    int allBits = 0;
    for (int i = 0; i < row.count; i++) {
      allBits |= row.ids[i];
    }
    if (allBits >= 0) {
      return;
    }
    for (int i = 0; i < row.count; i++) {
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
