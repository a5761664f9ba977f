package org.merganser.beam;

import java.util.Collection;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.Pooling;
import org.merganser.store.FileStore;

/**
 * Pools the vectors of the ids of rows: each row goes on with its fields and one vector behind
 * them, a field {@code embedding} of type {@code array<float>}. The vector is the mean of the
 * vectors of the ids, the same to the bit as the join of a run writes it; zeros for no ids.
 *
 * <pre>{@code
 * rows.apply(TokenizeText.with("tokenizer.json"))
 *     .apply(PoolEmbeddings.with("embeddings.parquet").normalized());
 * }</pre>
 *
 * <p>An id that has no row in the table fails the pipeline, for then it is not the table of the
 * tokenizer; so does a row without ids.
 *
 * <p>The table is a Parquet file as docs/embeddings.md describes it. Reading it needs
 * parquet-hadoop, parquet-avro, zstd-jni and Hadoop's client on the class path. Each worker makes a
 * flat file of it on its own disk, maps it once a JVM, and looks ids up in memory; nothing is
 * shuffled. Metrics, in the namespace of this class: {@code rows} and {@code tokens} pooled.
 */
public final class PoolEmbeddings extends PTransform<PCollection<Row>, PCollection<Row>> {
  private final String table;
  private final String idsField;
  private final int leftOut;
  private final boolean normalize;

  private PoolEmbeddings(String table, String idsField, int leftOut, boolean normalize) {
    this.table = table;
    this.idsField = idsField;
    this.leftOut = leftOut;
    this.normalize = normalize;
  }

  /**
   * Pools the ids of the field {@code token_ids}.
   *
   * @param table location of the Parquet file, which every worker reaches
   */
  public static PoolEmbeddings with(String table) {
    return new PoolEmbeddings(FileStore.located(table), "token_ids", -1, false);
  }

  /** Pools the ids of this field, an array of int32. */
  public PoolEmbeddings withIdsField(String name) {
    return new PoolEmbeddings(table, name, leftOut, normalize);
  }

  /** Leaves an id out, such as the end of a document, which a run's join leaves out. */
  public PoolEmbeddings leavingOut(int id) {
    return new PoolEmbeddings(table, idsField, id, normalize);
  }

  /** Scales each vector to length 1; a zero vector stays zero. */
  public PoolEmbeddings normalized() {
    return new PoolEmbeddings(table, idsField, leftOut, true);
  }

  @Override
  public PCollection<Row> expand(PCollection<Row> rows) {
    PoolFn pool = new PoolFn(this, rows.getSchema());
    return rows.apply("Pool", ParDo.of(pool)).setRowSchema(pool.outputSchema);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder
        .add(DisplayData.item("table", table).withLabel("Embedding table"))
        .add(DisplayData.item("idsField", idsField).withLabel("Field of the ids"))
        .addIfNotDefault(DisplayData.item("leftOut", leftOut).withLabel("Id left out"), -1)
        .add(DisplayData.item("normalize", normalize).withLabel("Scaled to length 1"));
  }

  private static final class PoolFn extends DoFn<Row, Row> {
    private final String table;
    private final String idsField;
    private final int leftOut;
    private final boolean normalize;
    private final int idsIndex;
    private final Schema outputSchema;
    private final Counter rows = Metrics.counter(PoolEmbeddings.class, "rows");
    private final Counter tokens = Metrics.counter(PoolEmbeddings.class, "tokens");
    private transient @Nullable Pooling pooling;
    private transient int dim;

    PoolFn(PoolEmbeddings transform, Schema input) {
      this.table = transform.table;
      this.idsField = transform.idsField;
      this.leftOut = transform.leftOut;
      this.normalize = transform.normalize;
      this.idsIndex =
          RowFields.require(input, idsField, FieldType.array(FieldType.INT32), "an array of int32");
      this.outputSchema = RowFields.append(input, "embedding", FieldType.array(FieldType.FLOAT));
    }

    @ProcessElement
    public void pool(@Element Row row, OutputReceiver<Row> out) {
      Pooling opened = pooling;
      if (opened == null) {
        EmbeddingTable shared = SharedTables.get(table);
        opened = new Pooling(shared, leftOut, normalize);
        pooling = opened;
        dim = shared.dim();
      }
      Collection<Integer> found = row.getArray(idsIndex);
      if (found == null) {
        throw refused(row, "the field \"" + idsField + "\" is null", null);
      }
      int[] ids = found.stream().mapToInt(Integer::intValue).toArray();
      float[] vector = new float[dim];
      try {
        opened.pool(ids, ids.length, vector);
      } catch (EmbeddingException e) {
        throw refused(row, e.getMessage() + "; is it the table of the tokenizer?", e);
      }
      rows.inc();
      tokens.inc(ids.length);
      out.output(RowFields.append(row, outputSchema, new FloatList(vector)));
    }

    private EmbeddingException refused(Row row, String reason, @Nullable Throwable cause) {
      String message =
          "PoolEmbeddings with %s: %s. The row is %s"
              .formatted(table, reason, FailedRows.shown(row));
      return cause == null
          ? new EmbeddingException(message)
          : new EmbeddingException(message, cause);
    }
  }
}
