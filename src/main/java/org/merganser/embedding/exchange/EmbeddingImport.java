package org.merganser.embedding.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.EmbeddingSource;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.RowFindings;
import org.merganser.embedding.TableReader;
import org.merganser.tokenizer.Tokenizer;

/**
 * Converts another tool's file to a table: {@link Safetensors}, {@link Npy}, or Parquet by a {@link
 * TableReader}. Holds a few rows and row groups of 16 MiB in memory.
 */
public final class EmbeddingImport {
  /** The files of a model's folder that list its tensors. */
  private static final List<String> MODEL_FILES =
      List.of("model.safetensors", "model.safetensors.index.json");

  /** The bytes at the beginning of a file that show its format. */
  private static final int LONGEST_HEAD = 16;

  /** The formats that can be imported. */
  enum Format {
    SAFETENSORS,
    NPY,
    PARQUET
  }

  private EmbeddingImport() {}

  /**
   * What is to be imported.
   *
   * @param source a file, or a model's folder with model.safetensors or its index
   * @param tensor name of the tensor or column; null for the usual ones
   * @param tokenizer the tokenizer.json whose ids the rows have, each of which must have a row;
   *     null if it is unknown
   * @param zeroNonFinite whether a NaN or an infinity is replaced with zero; if not, it is an error
   */
  public record Request(
      Path source, @Nullable String tensor, @Nullable Path tokenizer, boolean zeroNonFinite) {}

  /**
   * Imports rows in the order of their ids.
   *
   * @param table the file to write
   * @throws EmbeddingException for ids that are not 0, 1, 2, …, a NaN or infinity (with its row),
   *     fewer rows than the tokenizer has ids, rows with a token and no id if a tokenizer is given,
   *     or a damaged or unknown file; the table is then deleted
   */
  public static EmbeddingReport write(Request request, Path table) throws IOException {
    Path source = tableFile(request.source());
    Path tokenizer = request.tokenizer();
    try (EmbeddingSource in = open(source, request.tensor());
        EmbeddingTableWriter out =
            new EmbeddingTableWriter(
                table,
                in.dim(),
                in.dtype(),
                fileName(source),
                tokenizer == null ? null : Sha256.of(tokenizer))) {
      if (tokenizer != null && in.byToken()) {
        throw new EmbeddingException(
            "%s has tokens and no ids; add a column \"id\" with the id of each token in %s"
                .formatted(source, tokenizer));
      }
      Tokenizer ids = tokenizer == null ? null : Tokenizer.read(tokenizer);
      RowFindings findings = new RowFindings(source.toString(), request.zeroNonFinite());
      float[] row = new float[in.dim()];
      while (in.next(row)) {
        findings.add(row, row.length);
        out.write(ids == null ? in.token() : ids.token(out.rows()), row, 0);
      }
      int padding = ids == null ? 0 : requireRows(in, out.rows(), ids.idBound());
      return findings.report(row.length, in.dtype(), padding);
    } catch (EmbeddingException e) {
      Files.deleteIfExists(table);
      throw e;
    }
  }

  /** Whether a folder has a model's tensors. */
  public static boolean isModel(Path folder) {
    return MODEL_FILES.stream().anyMatch(name -> Files.isRegularFile(folder.resolve(name)));
  }

  /** The file of a table: {@code source}, or the one that lists a model's tensors. */
  static Path tableFile(Path source) {
    if (!Files.isDirectory(source)) {
      return source;
    }
    for (String name : MODEL_FILES) {
      if (Files.isRegularFile(source.resolve(name))) {
        return source.resolve(name);
      }
    }
    throw new EmbeddingException(
        source + " is a folder without " + String.join(" or ", MODEL_FILES) + "; name a file");
  }

  /**
   * The format of a file, by its name or its first bytes.
   *
   * @throws EmbeddingException for another kind of file
   */
  static Format format(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new EmbeddingException(
          file + ": is neither a file nor a model's folder (a FIFO, say); copy it into a file");
    }
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(LONGEST_HEAD);
    }
    String name = fileName(file);
    if (name.endsWith(".safetensors")
        || name.endsWith(".safetensors.index.json")
        || SafetensorsHeader.isAtBeginningOf(head, Files.size(file))) {
      return Format.SAFETENSORS;
    }
    if (Npy.hasMagic(head)) {
      return Format.NPY;
    }
    if (new String(head, StandardCharsets.ISO_8859_1).startsWith("PAR1")) {
      return Format.PARQUET;
    }
    throw new EmbeddingException(
        file + " is no embedding file that is known: safetensors, npy, Parquet");
  }

  /** The name of a file without its folder. */
  static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }

  /**
   * Requires a row for each id of the tokenizer, and returns the number of rows beyond its ids.
   *
   * @throws EmbeddingException if an id has no row
   */
  private static int requireRows(EmbeddingSource in, int rows, int idBound) {
    if (rows < idBound) {
      throw new EmbeddingException(
          ("%s has %s rows, the tokenizer %s ids: ids %s to %s are missing; do they"
                  + " belong together?")
              .formatted(in.name(), rows, idBound, rows, idBound - 1));
    }
    return rows - idBound;
  }

  /** Opens a file before its first row; {@code tensor} is null for the usual names. */
  private static EmbeddingSource open(Path file, @Nullable String tensor) throws IOException {
    return switch (format(file)) {
      case SAFETENSORS -> Safetensors.open(file, tensor);
      case NPY -> Npy.open(file);
      case PARQUET -> TableReader.ofVectors(file, tensor);
    };
  }
}
