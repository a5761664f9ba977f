package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.tokenizer.Tokenizer;

/**
 * Builds a table for a tokenizer from the table of another one. A token that both have keeps its
 * row; the row of any other token is the mean of the rows of the ids that the old tokenizer has for
 * its bytes, or random, or zero ({@link RowOrigins}).
 *
 * <p>The mean is the sum in double precision, in the order of these ids, divided by their number,
 * and rounded once to the type of the old table. A padding row is the old table's row of the same
 * id if that is padding there, and zero if not.
 */
public final class EmbeddingExtension {
  /** How the rows of new tokens are made. */
  public enum Init {
    /** The mean of the rows of the old ids of the token's bytes. */
    MEAN,
    /** Normal values from a seed. */
    RANDOM,
    /** Zeros. */
    ZERO
  }

  /**
   * The tables that are extended.
   *
   * @param table a file, or a model's folder, in any format that can be imported
   * @param tensor the tensor's or column's name; null for the usual ones
   * @param head the name of a second tensor to extend, the output head; null for none
   * @param tokenizer their tokenizer.json
   */
  public record Source(
      Path table, @Nullable String tensor, @Nullable String head, Path tokenizer) {}

  /**
   * How the rows of new tokens are made.
   *
   * @param std of random rows, whose mean is 0
   * @param seed of random rows; those of the head have the next seed
   */
  public record NewRows(Init init, double std, long seed) {}

  /**
   * What is to be built.
   *
   * @param source the tables that are extended
   * @param tokenizer the tokenizer.json of the new tables
   * @param newRows how the rows of new tokens are made
   * @param rows of each new table; null for as many as the new tokenizer has ids
   */
  public record Request(Source source, Path tokenizer, NewRows newRows, @Nullable Integer rows) {}

  private final Source source;
  private final NewRows newRows;
  private final Tokenizer from;
  private final Tokenizer to;

  /** The sha256 of the tokenizer.json of {@link #to}. */
  private final String toSha256;

  private final RowOrigins origins;

  /** The number of rows of the new table. */
  private final int rows;

  /**
   * Reads both tokenizers.
   *
   * @throws EmbeddingException for a new token that has no ids in the old tokenizer if its row is
   *     to be a mean, or fewer rows than the new tokenizer has ids
   */
  public EmbeddingExtension(Request request) throws IOException {

    this.source = request.source();
    this.newRows = request.newRows();
    this.from = Tokenizer.read(source.tokenizer());
    byte[] read = WholeFile.read(request.tokenizer());
    this.toSha256 = Sha256.of(read);
    this.to = Tokenizer.read(read, request.tokenizer().toString());
    boolean withParts = newRows.init() == Init.MEAN;
    this.origins = new RowOrigins(from, to, withParts);
    this.rows = request.rows() == null ? origins.idBound() : request.rows();
    if (rows < origins.idBound()) {
      throw new EmbeddingException(
          "%s rows are asked for, and %s has %s ids; ask for as many rows, or more"
              .formatted(rows, request.tokenizer(), origins.idBound()));
    }
  }

  /**
   * Writes the table as Parquet.
   *
   * @param scratch the folder for the flat form of the old table
   * @throws EmbeddingException as {@link EmbeddingImport#write}, for a table of 64-bit floats, and
   *     for random values that are too large for its type; the file is then deleted
   */
  public ExtensionReport writeParquet(Path file, Path scratch) throws IOException {
    String sourceFile = EmbeddingImport.fileName(EmbeddingImport.tableFile(source.table()));
    OldTable old = openTable(scratch);
    try (EmbeddingTableWriter out =
        new EmbeddingTableWriter(
            file, old.table().dim(), old.type().name(), "extended from " + sourceFile, toSha256)) {
      float[] row = new float[old.table().dim()];
      for (int id = 0; id < rows; id++) {
        fill(old, id, row);
        out.write(to.token(id), row, 0);
      }
      return report(List.of(old));
    } catch (EmbeddingException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /**
   * Writes the tensor, and the output head if there is one, as safetensors of their own types.
   *
   * @param scratch the folder for the flat form of the old tables
   * @throws EmbeddingException as {@link #writeParquet}
   */
  public ExtensionReport writeSafetensors(Path file, Path scratch) throws IOException {
    List<OldTable> tables = openTables(scratch);
    try {
      writeTables(tables, file);
      return report(tables);
    } catch (EmbeddingException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Whether a file is safetensors of a matrix, or of a matrix and an output head. */
  public static boolean isSafetensors(Path file) throws IOException {
    try {
      List<String> tensors = Safetensors.names(file);
      for (String tensor : tensors) {
        Safetensors.open(file, tensor).close();
      }
      return tensors.size() == 1 || tensors.size() == 2;
    } catch (EmbeddingException e) {
      return false;
    }
  }

  /** Opens the table to extend. */
  private OldTable openTable(Path scratch) throws IOException {
    return OldTable.open(source, source.tensor(), newRows.seed(), scratch);
  }

  /** Opens the table, and the output head if there is one, in the order of the new file. */
  private List<OldTable> openTables(Path scratch) throws IOException {
    if (source.head() != null
        && EmbeddingImport.format(EmbeddingImport.tableFile(source.table()))
            == EmbeddingImport.Format.NPY) {
      throw new EmbeddingException(
          "%s is one array without a name, so there is no output head \"%s\" in it"
              .formatted(source.table(), source.head()));
    }
    OldTable table = openTable(scratch);
    if (source.head() == null) {
      return List.of(table);
    }
    OldTable head = OldTable.open(source, source.head(), newRows.seed() + 1, scratch);
    if (table.name().equals(head.name())) {
      throw new EmbeddingException(
          "the table and the output head are both tensor %s; a model whose head is tied to its table has none"
              .formatted(source.head()));
    }
    // Wide values first, so that all are aligned to their own size.
    return head.type().bytes() > table.type().bytes() ? List.of(head, table) : List.of(table, head);
  }

  /** Writes the extended tables, one after another. */
  private void writeTables(List<OldTable> tables, Path file) throws IOException {
    List<SafetensorsWriter.Matrix> matrices = new ArrayList<>();
    for (OldTable old : tables) {
      matrices.add(new SafetensorsWriter.Matrix(old.name(), old.type(), rows, old.table().dim()));
    }
    try (SafetensorsWriter out = new SafetensorsWriter(file, matrices)) {
      for (OldTable old : tables) {
        float[] row = new float[old.table().dim()];
        for (int id = 0; id < rows; id++) {
          fill(old, id, row);
          out.write(row);
        }
      }
    }
  }

  /** Sets {@code row} to the new table's row of an id; ids must come in order. */
  private void fill(OldTable old, int id, float[] row) {
    Arrays.fill(row, 0);
    if (origins.keptFrom(id) >= 0) {
      old.table().row(origins.keptFrom(id), row, 0);
    } else if (origins.isNew(id)) {
      fillNew(old, id, row);
    } else if (id < old.table().rows() && !from.hasToken(id)) { // padding in both tables
      old.table().row(id, row, 0);
    }
  }

  /** Sets {@code row}, which is zero, to the row of a new token. */
  private void fillNew(OldTable old, int id, float[] row) {
    switch (newRows.init()) {
      case MEAN -> fillMean(old, origins.parts(id), row);
      case RANDOM -> {
        for (int i = 0; i < row.length; i++) {
          row[i] = old.random().next(newRows.std(), old.type());
        }
      }
      case ZERO -> {} // as it is
    }
  }

  /** Sets {@code row} to the mean of the rows of some old ids. */
  private static void fillMean(OldTable old, int[] parts, float[] row) {
    double[] sum = new double[row.length];
    for (int part : parts) {
      old.table().row(part, row, 0);
      for (int i = 0; i < row.length; i++) {
        sum[i] += row[i];
      }
    }
    for (int i = 0; i < row.length; i++) {
      row[i] = old.type().nearest(sum[i] / parts.length);
    }
  }

  /** What was written, with the origin of each new row. */
  private ExtensionReport report(List<OldTable> tables) {
    int kept = 0;
    int moved = 0;
    List<ExtensionReport.NewRow> added = new ArrayList<>();
    for (int id = 0; id < origins.idBound(); id++) {
      int old = origins.keptFrom(id);
      if (old >= 0) {
        kept++;
        if (old != id) {
          moved++;
        }
      } else if (origins.isNew(id)) {
        added.add(newRow(id));
      }
    }
    List<ExtensionReport.Tensor> tensors = new ArrayList<>();
    for (OldTable old : tables) {
      tensors.add(new ExtensionReport.Tensor(old.name(), old.table().dim(), old.type().name()));
    }
    int padding = rows - kept - added.size();
    return new ExtensionReport(
        tensors, rows, kept, moved, added.size(), padding, origins.dropped(), added);
  }

  /** The row of a new id, with the old tokens of whose rows it is the mean. */
  private ExtensionReport.NewRow newRow(int id) {
    List<ExtensionReport.Part> madeOf = new ArrayList<>();
    for (int part : origins.parts(id)) {
      madeOf.add(new ExtensionReport.Part(part, String.valueOf(from.token(part))));
    }
    return new ExtensionReport.NewRow(id, String.valueOf(to.token(id)), madeOf);
  }
}
