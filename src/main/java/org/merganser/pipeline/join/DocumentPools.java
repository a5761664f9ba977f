package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.Pooling;
import org.merganser.shard.ShardRow;

/**
 * Makes one vector of each document of a unit's shards on one side of the split. The parts of a
 * document that was cut follow each other and are one; what the unit begins or ends in the midst of
 * is handed on as a sum, to be put together behind all units ({@link PartialDocumentSums}).
 */
final class DocumentPools {
  /** Takes what was pooled. */
  interface Sink {
    /** A whole document; the vector is overwritten by the next one. */
    void document(String docId, float[] vector) throws IOException;

    /** A part of a document that other units have more of; {@code first} is its first part. */
    void part(String docId, int first, Pooling.Part part) throws IOException;
  }

  private final Pooling pooling;
  private final Collection<String> continued;
  private final Sink sink;
  private final float[] vector;
  private @Nullable String open;
  private int first;
  private boolean atHead = true;

  /**
   * @param continued documents that some unit begins in the middle of
   */
  DocumentPools(Pooling pooling, int dim, Collection<String> continued, Sink sink) {
    this.pooling = pooling;
    this.continued = continued;
    this.sink = sink;
    this.vector = new float[dim];
  }

  void add(ShardRow row) throws IOException {
    if (row.part == 0 || !row.docId.equals(open)) {
      close(false);
      open = row.docId;
      first = row.part;
      pooling.begin();
    }
    pooling.add(row.ids, row.count);
  }

  /**
   * Ends a shard; the parts of a document never lie in several shards of a unit.
   *
   * @param ofUnit whether it is the last one of the unit
   */
  void endShard(boolean ofUnit) throws IOException {
    close(ofUnit);
  }

  private void close(boolean atTail) throws IOException {
    String docId = open;
    if (docId == null) {
      return;
    }
    if ((atTail || atHead && first > 0) && continued.contains(docId)) {
      sink.part(docId, first, pooling.part());
    } else {
      pooling.end(vector);
      sink.document(docId, vector);
    }
    atHead = false;
    open = null;
  }
}
