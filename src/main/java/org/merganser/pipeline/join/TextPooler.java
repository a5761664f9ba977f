package org.merganser.pipeline.join;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.merganser.checksum.FileSum;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.PooledWriter;
import org.merganser.embedding.Pooling;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.step.DocumentTokens;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.Tokenizer;

/**
 * Pools the vectors of the text of each row of shards: without the ids that begin and end
 * documents. Not thread-safe.
 */
final class TextPooler {
  /** Whether documents begin with an id that is no text. */
  private final boolean hasBeginOfDocument;

  /** The id that ends documents; -1 if they do not end with one. */
  private final int endOfDocument;

  private final TextEnds textEnds;
  private final Pooling pooling;

  /** The vector of the current row. */
  private final float[] mean;

  TextPooler(RunSpec spec, Tokenizer tokenizer, EmbeddingTable table) {
    this.hasBeginOfDocument = spec.job().shards().beginOfDocument() != null;
    this.endOfDocument = DocumentTokens.endOfDocument(spec.job().shards(), tokenizer);
    this.textEnds = new TextEnds(spec);
    this.pooling = new Pooling(table);
    this.mean = new float[table.dim()];
  }

  /** The rows of these shards whose last id is text although it is that of endOfDocument. */
  Set<String> textEnds(ShardSet shards) throws IOException {
    return endOfDocument < 0 ? Set.of() : textEnds.of(shards);
  }

  /**
   * Begins the file with the vectors of a shard.
   *
   * @param shard the path of the shard, relative to the output
   * @param ends the result of {@link #textEnds} for the unit
   */
  PooledShard begin(Path file, Map<String, String> metadata, String shard, Set<String> ends)
      throws IOException {
    return new PooledShard(new PooledWriter(file, metadata), shard, ends);
  }

  /** The vectors of a shard, whose rows are added in their order. */
  final class PooledShard implements Closeable {
    private final PooledWriter out;
    private final String shard;
    private final Set<String> ends;

    /** The number of rows so far. */
    private long rows;

    private PooledShard(PooledWriter out, String shard, Set<String> ends) {
      this.out = out;
      this.shard = shard;
      this.ends = ends;
    }

    /** Pools the ids of the text of the next row, and writes their mean. */
    void add(ShardRow row) throws IOException {
      int first = hasBeginOfDocument && row.part == 0 ? 1 : 0;
      int end = endsWithDocument(row, first) ? row.count - 1 : row.count;
      int[] ids = first == 0 ? row.ids : Arrays.copyOfRange(row.ids, first, end);
      pooling.pool(ids, end - first, mean);
      out.write(row.docId, row.part, end - first, mean);
      rows++;
    }

    /**
     * Whether the last id is the one that ends the document, and no text.
     *
     * @param first the index of the first id of the text
     */
    private boolean endsWithDocument(ShardRow row, int first) {
      return row.count > first
          && row.ids[row.count - 1] == endOfDocument
          && !ends.contains(UnitReceipt.textEnd(shard, rows));
    }

    /** Finishes the file like {@link #close}, and returns its sum. */
    FileSum finish() throws IOException {
      return out.finish();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
