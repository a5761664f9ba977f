package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnReader;
import org.jspecify.annotations.Nullable;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.IdListReader;
import org.merganser.parquet.ShardException;

/** Reads a canonical shard row by row. */
public final class ParquetShardReader implements ShardReader {
  private final Path path;
  private final ColumnarReader in;
  private @Nullable Columns columns;
  private long left;

  /**
   * @throws ShardException when the file is not Parquet or has other columns than a shard
   */
  public ParquetShardReader(Path file) throws IOException {
    this.path = file;
    this.in = new ColumnarReader(file);
    if (!in.schema().getColumns().equals(ParquetShardWriter.SCHEMA.getColumns())) {
      in.close();
      throw new ShardException(
          "%s is not an id shard: its columns are %s, a shard has %s"
              .formatted(file, in.schema().getFields(), ParquetShardWriter.SCHEMA.getFields()));
    }
  }

  @Override
  public Map<String, String> metadata() {
    return in.metadata();
  }

  @Override
  public long rows() {
    return in.rows();
  }

  @Override
  public boolean next(ShardRow row) throws IOException {
    while (left == 0) {
      left = in.nextRowGroup();
      if (left < 0) {
        left = 0;
        return false;
      }
      columns = new Columns(in);
    }
    Columns c = columns;
    if (c == null) {
      throw new IllegalStateException("a row group without columns");
    }
    left--;
    try {
      c.read(row);
    } catch (ShardException e) {
      throw e;
    } catch (RuntimeException e) {
      throw in.damaged(e);
    }
    if (c.numTokens != row.count) {
      throw new ShardException(
          "%s: document \"%s\" says num_tokens %s and has %s ids"
              .formatted(path, row.docId, c.numTokens, row.count));
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The column readers of a row group. */
  private static final class Columns {
    private final ColumnReader docId;
    private final ColumnReader file;
    private final ColumnReader offset;
    private final ColumnReader part;
    private final ColumnReader group;
    private final ColumnReader numTokensColumn;
    private final IdListReader ids;
    private int numTokens;

    Columns(ColumnarReader in) {
      docId = in.column("doc_id");
      file = in.column("file");
      offset = in.column("offset");
      part = in.column("part");
      group = in.column("group");
      numTokensColumn = in.column("num_tokens");
      ids = in.idLists("token_ids", "list", "element");
    }

    void read(ShardRow row) {
      row.docId = text(docId);
      row.file = text(file);
      row.offset = offset.getLong();
      offset.consume();
      row.part = part.getInteger();
      part.consume();
      row.group = null;
      if (group.getCurrentDefinitionLevel() == 1) {
        row.group = group.getBinary().toStringUsingUTF8();
      }
      group.consume();
      row.pieces = List.of();
      numTokens = numTokensColumn.getInteger();
      numTokensColumn.consume();
      row.count = ids.read();
      row.ids = ids.ids();
    }

    private static String text(ColumnReader column) {
      String text = column.getBinary().toStringUsingUTF8();
      column.consume();
      return text;
    }
  }
}
