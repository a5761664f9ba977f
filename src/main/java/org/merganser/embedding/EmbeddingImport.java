package org.merganser.embedding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.Sha256;
import org.merganser.tokenizer.Tokenizer;

/** Makes an embedding table of another tool's file. Memory: a few rows and row groups of 16 MiB. */
public final class EmbeddingImport {
  private EmbeddingImport() {}

  /**
   * Imports a file whose row n is the vector of id n.
   *
   * @param tensor name of the tensor or column, or null for the usual ones
   * @param tokenizer tokenizer.json that the rows are counted against, or null
   * @throws EmbeddingException for a NaN or infinity (with its row), fewer rows than the tokenizer
   *     has ids, a damaged or unknown file
   */
  public static EmbeddingReport byId(
      Path source, @Nullable String tensor, @Nullable Path tokenizer, Path table)
      throws IOException {
    Tokenizer ids = tokenizer == null ? null : Tokenizer.read(tokenizer);
    RowChecks checks = new RowChecks(source.toString());
    try (EmbeddingSource in = EmbeddingSource.open(source, tensor);
        EmbeddingTableWriter out =
            new EmbeddingTableWriter(
                table,
                in.dim(),
                in.dtype(),
                name(source),
                tokenizer == null ? null : sha(tokenizer))) {
      float[] row = new float[in.dim()];
      int id = 0;
      while (in.next(row)) {
        checks.add(row, row.length);
        out.write(ids == null ? null : ids.token(id), row, 0);
        id++;
      }
      int bound = ids == null ? id : ids.idBound();
      if (id < bound) {
        throw new EmbeddingException(
            source
                + " has "
                + id
                + " rows, the tokenizer "
                + bound
                + " ids: ids "
                + id
                + " to "
                + (bound - 1)
                + " are missing; do they belong together?");
      }
      return checks.report(row.length, id - bound, bound, 0);
    } catch (EmbeddingException e) {
      Files.deleteIfExists(table);
      throw e;
    }
  }

  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  static String sha(Path tokenizer) throws IOException {
    return Sha256.of(tokenizer);
  }
}
