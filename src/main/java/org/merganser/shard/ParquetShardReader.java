package org.merganser.shard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.IdListReader;
import org.merganser.parquet.ShardException;

/** Reads a canonical shard row by row. */
public final class ParquetShardReader extends ShardReader {
  /**
   * @throws ShardException when the file is not Parquet or has other columns than a shard
   */
  public ParquetShardReader(Path file) throws IOException {
    super(
        file,
        ParquetShardWriter.SCHEMA,
        DocumentColumns::new,
        "is not an id shard",
        "a shard has",
        "document");
  }

  private static final class DocumentColumns implements Columns {
    private final ColumnReader docId;
    private final ColumnReader file;
    private final ColumnReader offset;
    private final ColumnReader part;
    private final ColumnReader group;
    private final ColumnReader numTokens;
    private final IdListReader ids;

    DocumentColumns(ColumnarReader in) {
      docId = in.column("doc_id");
      file = in.column("file");
      offset = in.column("offset");
      part = in.column("part");
      group = in.column("group");
      numTokens = in.column("num_tokens");
      ids = in.idLists("token_ids", "list", "element");
    }

    @Override
    public int read(ShardRow row) {
      row.docId = ColumnarReader.text(docId);
      row.file = ColumnarReader.text(file);
      row.offset = ColumnarReader.number(offset);
      row.part = ColumnarReader.integer(part);
      row.group = null;
      if (group.getCurrentDefinitionLevel() == 1) {
        row.group = group.getBinary().toStringUsingUTF8();
      }
      group.consume();
      row.pieces = List.of();
      row.count = ids.read();
      row.ids = ids.ids();
      return ColumnarReader.integer(numTokens);
    }
  }
}
