package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.RowChecks;
import org.merganser.embedding.ScratchVectors;
import org.merganser.tokenizer.Tokenizer;

/** Makes an embedding table of another tool's file. Memory: a few rows and row groups of 16 MiB. */
public final class EmbeddingImport {
  private EmbeddingImport() {}

  /**
   * What is imported.
   *
   * @param source a file, or a model's folder with model.safetensors or its index
   * @param tensor name of the tensor or column, or null for the usual ones
   * @param tokenizer tokenizer.json that rows are counted against, or null
   * @param zeroNonFinite whether a NaN or an infinity becomes zero instead of an error
   */
  public record Request(
      Path source, @Nullable String tensor, @Nullable Path tokenizer, boolean zeroNonFinite) {}

  /**
   * Imports by id: rows have one, or are known by their number.
   *
   * @param scratch a folder for rows that must be put in order: at most dim × 4 bytes an id
   * @throws EmbeddingException for a NaN or infinity (with its row), fewer rows than the tokenizer
   *     has ids, rows that have a token and no id where a tokenizer is given, a damaged or unknown
   *     file; no table is left behind
   */
  public static EmbeddingReport write(Request request, Path table, Path scratch)
      throws IOException {
    Path source = EmbeddingSource.file(request.source());
    Path tokenizer = request.tokenizer();
    try (EmbeddingSource in = EmbeddingSource.open(source, request.tensor());
        EmbeddingTableWriter out =
            new EmbeddingTableWriter(
                table,
                in.dim(),
                in.dtype(),
                name(source),
                tokenizer == null ? null : Sha256.of(tokenizer))) {
      if (tokenizer != null && in.byToken()) {
        throw new EmbeddingException(
            "%s has tokens and no ids; add a column \"id\" with the id of each token in %s"
                .formatted(source, tokenizer));
      }
      Tokenizer ids = tokenizer == null ? null : Tokenizer.read(tokenizer);
      return byId(in, ids, new RowChecks(source.toString(), request.zeroNonFinite()), out, scratch);
    } catch (EmbeddingException e) {
      Files.deleteIfExists(table);
      throw e;
    }
  }

  private static EmbeddingReport byId(
      EmbeddingSource in,
      @Nullable Tokenizer ids,
      RowChecks checks,
      EmbeddingTableWriter out,
      Path scratch)
      throws IOException {
    float[] row = new float[in.dim()];
    if (in.idsOutOfOrder()) {
      sort(in, ids, row, checks, out, scratch);
    } else {
      while (in.next(row)) {
        checks.add(row, row.length);
        out.write(ids == null ? in.token() : ids.token(out.rows()), row, 0);
      }
    }
    int rows = out.rows();
    int bound = ids == null ? rows : ids.idBound();
    if (rows < bound) {
      throw new EmbeddingException(
          ("%s has %s rows, the tokenizer %s ids: ids %s to %s are missing; do they"
                  + " belong together?")
              .formatted(in.name(), rows, bound, rows, bound - 1));
    }
    return checks.report(row.length, in.dtype(), rows - bound);
  }

  /** Puts rows in the order of their ids, through a scratch file. */
  private static void sort(
      EmbeddingSource in,
      @Nullable Tokenizer ids,
      float[] row,
      RowChecks checks,
      EmbeddingTableWriter out,
      Path scratch)
      throws IOException {
    Files.createDirectories(scratch);
    Path temporary = Files.createTempFile(scratch, "sort-", ".tmp");
    try (ScratchVectors sorted = new ScratchVectors(temporary, row.length)) {
      BitSet seen = new BitSet();
      int count = 0;
      while (in.next(row)) {
        if (seen.get(in.id())) {
          throw new EmbeddingException(in.name() + " has id " + in.id() + " twice");
        }
        seen.set(in.id());
        sorted.write(in.id(), row);
        count++;
      }
      if (seen.length() != count) {
        throw new EmbeddingException(
            "%s has %s rows and no row for id %s; a table has the ids 0 to rows-1, each once"
                .formatted(in.name(), count, seen.nextClearBit(0)));
      }
      for (int id = 0; id < count; id++) {
        sorted.read(id, row);
        checks.add(row, row.length);
        out.write(ids == null ? null : ids.token(id), row, 0);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
