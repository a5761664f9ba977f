package org.merganser.learn.ngram;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.merganser.learn.LearnException;
import org.merganser.parquet.RowReader;
import org.merganser.parquet.RowWriter;
import org.merganser.parquet.ShardException;

/**
 * An n-gram model as Parquet, one file an order, rows sorted by their ids:
 *
 * <pre>
 * order        INT32           symbols of the n-gram
 * ids          LIST of INT32   in the order of the text; begin and end of a document as in the metadata
 * count        INT64           how often it occurs
 * adjusted     INT64           its Kneser-Ney count: distinct symbols before it, or count on the highest order
 * probability  DOUBLE          of the last id after those before it, interpolated
 * backoff      DOUBLE          factor for ids that were not seen after it; absent on the highest order
 * </pre>
 *
 * <p>The file of order 1 has a row for every symbol, seen or not; its probabilities sum to 1.
 * Metadata: {@code merganser.ngrams.highestOrder}, {@code .idBound}, {@code .endOfDocument} (-1:
 * none), {@code .begin}, {@code .end}, and {@code merganser.tokenizer.sha256}.
 */
public final class NgramFiles {
  private static final String KEY = "merganser.ngrams.";
  private static final String TOKENIZER = "merganser.tokenizer.sha256";

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message ngrams {
            required int32 order;
            required group ids (LIST) { repeated group list { required int32 element; } }
            required int64 count;
            required int64 adjusted;
            required double probability;
            optional double backoff;
          }
          """);

  private NgramFiles() {}

  /** A row of a file; parquet-avro reads and fills its fields. */
  static final class Row {
    int order;
    int[] ids = new int[0];
    long count;
    long adjusted;
    double probability;
    @Nullable Double backoff;
  }

  /** The name of the file of an order. */
  public static String name(int order) {
    return "order-" + order + ".parquet";
  }

  /** Writes the file of one order. */
  public static void write(Path file, int order, LearnedNgrams learned, String tokenizerSha256)
      throws IOException {
    NgramShape shape = learned.model().shape();
    NgramLevel level = learned.model().levels().get(order - 1);
    Row row = new Row();
    row.order = order;
    row.ids = new int[order];
    try (RowWriter<Row> out = new RowWriter<>(file, SCHEMA, metadata(shape, tokenizerSha256))) {
      for (int ngram = 0; ngram < level.ids().length; ngram++) {
        if (order == 1) {
          row.ids[0] = ngram;
        } else {
          System.arraycopy(
              learned.kept().get(order - 2).symbols(), ngram * order, row.ids, 0, order);
        }
        row.count = learned.count(order, ngram);
        row.adjusted = learned.adjusted(order, ngram);
        row.probability = level.probabilities()[ngram];
        row.backoff = order == shape.order() ? null : Double.valueOf(level.backoffs()[ngram]);
        out.write(row);
      }
    }
  }

  private static Map<String, String> metadata(NgramShape shape, String tokenizerSha256) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(KEY + "highestOrder", Integer.toString(shape.order()));
    metadata.put(KEY + "idBound", Integer.toString(shape.idBound()));
    metadata.put(KEY + "endOfDocument", Integer.toString(shape.endOfDocument()));
    metadata.put(KEY + "begin", Integer.toString(shape.begin()));
    metadata.put(KEY + "end", Integer.toString(shape.end()));
    metadata.put(TOKENIZER, tokenizerSha256);
    return metadata;
  }

  /**
   * Reads a model: 24 bytes of memory an n-gram, 12 one of the highest order.
   *
   * @param tokenizerSha256 of the tokenizer that the model must be of
   * @throws LearnException when the files are not a model of that tokenizer
   */
  public static NgramModel read(List<Path> byOrder, String tokenizerSha256) throws IOException {
    List<NgramLevel> levels = new ArrayList<>();
    NgramShape shape = null;
    try {
      for (int order = 1; order <= byOrder.size(); order++) {
        try (RowReader<Row> in = new RowReader<>(byOrder.get(order - 1), Row.class)) {
          NgramShape found = shape(in, byOrder.get(order - 1), tokenizerSha256);
          if (found.order() != byOrder.size() || shape != null && !found.equals(shape)) {
            throw new LearnException(
                byOrder.get(order - 1) + " is of another model than its neighbours: " + found);
          }
          shape = found;
          load(in, order, levels);
        }
      }
    } catch (ShardException | IndexOutOfBoundsException e) {
      throw new LearnException(
          "the n-gram model in " + byOrder.get(0).getParent() + " is damaged: " + e.getMessage(),
          e);
    }
    if (shape == null) {
      throw new LearnException("an n-gram model has no files");
    }
    return new NgramModel(shape, levels);
  }

  private static NgramShape shape(RowReader<Row> in, Path file, String tokenizerSha256) {
    Map<String, String> metadata = in.metadata();
    if (!in.schema().getColumns().equals(SCHEMA.getColumns())
        || !metadata.containsKey(KEY + "highestOrder")) {
      throw new LearnException(
          file + " is not an n-gram table: its columns are " + in.schema().getFields());
    }
    String sha256 = String.valueOf(metadata.get(TOKENIZER));
    if (!sha256.equals(tokenizerSha256)) {
      throw new LearnException(
          ("%s is of the tokenizer with sha256 %s, not %s; run the job again to learn" + " it anew")
              .formatted(file, sha256, tokenizerSha256));
    }
    try {
      return new NgramShape(
          Integer.parseInt(metadata.get(KEY + "highestOrder")),
          Integer.parseInt(String.valueOf(metadata.get(KEY + "idBound"))),
          Integer.parseInt(String.valueOf(metadata.get(KEY + "endOfDocument"))));
    } catch (IllegalArgumentException e) {
      throw new LearnException(file + " has metadata that is no model's: " + metadata, e);
    }
  }

  /** Reads a level and hangs it below the one above, which is the last of {@code levels}. */
  private static void load(RowReader<Row> in, int order, List<NgramLevel> levels)
      throws IOException {
    in.request("ids", "probability", "backoff");
    int rows = Math.toIntExact(in.rows());
    NgramLevel level =
        new NgramLevel(new int[rows], new double[rows], new double[rows], new int[0]);
    int[] first = new int[order == 1 ? 0 : levels.get(order - 2).ids().length + 1];
    int ngram = 0;
    for (Row row = in.next(); row != null; row = in.next(), ngram++) {
      if (row.ids.length != order) {
        throw new LearnException(
            "order-" + order + ": row " + ngram + " has the ids " + Arrays.toString(row.ids));
      }
      int parent = order == 1 ? 0 : NgramLevel.find(levels, row.ids, 0, order - 1);
      if (parent < 0) {
        throw new LearnException(
            "order-%s: row %s has ids whose beginning is no n-gram: %s"
                .formatted(order, ngram, Arrays.toString(row.ids)));
      }
      level.ids()[ngram] = row.ids[order - 1];
      level.probabilities()[ngram] = row.probability;
      level.backoffs()[ngram] = row.backoff == null ? 0 : row.backoff;
      if (order > 1) {
        first[parent + 1]++;
      }
    }
    if (order > 1) {
      for (int i = 1; i < first.length; i++) {
        first[i] += first[i - 1];
      }
      NgramLevel above = levels.get(order - 2);
      levels.set(
          order - 2, new NgramLevel(above.ids(), above.probabilities(), above.backoffs(), first));
    }
    levels.add(level);
  }
}
