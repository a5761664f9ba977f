package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.RowChecks;
import org.merganser.embedding.ScratchVectors;
import org.merganser.tokenizer.Tokenizer;

/**
 * Imports vectors by word (GloVe, word2vec) for the ids of a tokenizer. A word belongs to the id
 * that is spelled so in tokenizer.json ({@code Ġdog}), and to the ids whose text it is, without one
 * leading space ({@code dog} to {@code dog} and {@code Ġdog}); a spelling beats a text, the first
 * row of the file beats later ones.
 */
public final class TokenAlignment {
  /** What ids without a vector of their own get. */
  public enum Policy {
    /** Zeros. */
    ZERO,
    /** The mean of all rows of the file. */
    MEAN,
    /** An error that names the first of them. */
    ERROR,
    /** The mean of the longest matched pieces of their bytes from the left; zeros for none. */
    SUBWORDS
  }

  private static final byte TEXT = 1;
  private static final byte SPELLED = 2;

  private final Tokenizer tokenizer;
  private final int bound;
  private final byte[] matched;
  private final Map<String, List<Integer>> texts = new HashMap<>();
  private long unused;

  private TokenAlignment(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.bound = tokenizer.idBound();
    this.matched = new byte[bound];
    for (int id = 0; id < bound; id++) {
      String text = text(id);
      if (text != null) {
        texts.computeIfAbsent(text, t -> new ArrayList<>(1)).add(id);
      }
    }
  }

  /** Bytes of an id as text without one leading space; null when empty or not whole characters. */
  private @Nullable String text(int id) {
    byte[] bytes = tokenizer.bytes(id);
    int from = bytes.length > 1 && bytes[0] == ' ' ? 1 : 0;
    if (bytes.length == from) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * @param scratch a folder for the vectors while they are put in order: dim × 4 bytes an id
   * @throws EmbeddingException for a NaN or infinity, or under ERROR an id that matches no word
   */
  static EmbeddingReport write(
      Path source,
      @Nullable String column,
      Path tokenizer,
      Policy policy,
      boolean zeroNonFinite,
      Path table,
      Path scratch)
      throws IOException {
    TokenAlignment alignment = new TokenAlignment(Tokenizer.read(tokenizer));
    Files.createDirectories(scratch);
    Path temporary = Files.createTempFile(scratch, "align-", ".tmp");
    try (EmbeddingSource in = EmbeddingSource.open(source, column);
        ScratchVectors rows = new ScratchVectors(temporary, in.dim())) {
      RowChecks words = new RowChecks(source.toString(), zeroNonFinite);
      float[] mean = alignment.match(in, words, rows);
      try (EmbeddingTableWriter out =
          new EmbeddingTableWriter(
              table,
              in.dim(),
              in.dtype(),
              EmbeddingImport.name(source),
              EmbeddingImport.sha(tokenizer))) {
        return alignment.fill(in, policy, mean, rows, out);
      }
    } catch (EmbeddingException e) {
      Files.deleteIfExists(table);
      throw e;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Stores each row at the ids it belongs to and returns the mean of all rows. */
  private float[] match(EmbeddingSource in, RowChecks checks, ScratchVectors rows)
      throws IOException {
    float[] row = new float[in.dim()];
    double[] sum = new double[row.length];
    long count = 0;
    while (in.next(row)) {
      checks.add(row, row.length);
      for (int i = 0; i < row.length; i++) {
        sum[i] += row[i];
      }
      count++;
      String word = in.token();
      if (word == null) {
        throw new EmbeddingException(
            in.name() + ": row " + (count - 1) + " has no token, which it is known by");
      }
      boolean used = false;
      int spelled = tokenizer.id(word);
      if (spelled >= 0 && matched[spelled] < SPELLED) {
        matched[spelled] = SPELLED;
        used = true;
        rows.write(spelled, row);
      }
      for (int id : texts.getOrDefault(word, List.of())) {
        if (matched[id] == 0) {
          matched[id] = TEXT;
          used = true;
          rows.write(id, row);
        }
      }
      unused += used ? 0 : 1;
    }
    return mean(sum, count);
  }

  private static float[] mean(double[] sum, long count) {
    float[] mean = new float[sum.length];
    for (int i = 0; i < sum.length && count > 0; i++) {
      mean[i] = (float) (sum[i] / count);
    }
    return mean;
  }

  private EmbeddingReport fill(
      EmbeddingSource in,
      Policy policy,
      float[] mean,
      ScratchVectors rows,
      EmbeddingTableWriter out)
      throws IOException {
    if (policy == Policy.ERROR) {
      requireAll(in);
    }
    RowChecks checks = new RowChecks(in.name(), false);
    Pieces pieces = new Pieces(rows);
    float[] row = new float[mean.length];
    int found = 0;
    for (int id = 0; id < bound; id++) {
      if (matched[id] > 0) {
        rows.read(id, row);
        found++;
      } else if (policy == Policy.SUBWORDS) {
        pieces.mean(tokenizer.bytes(id), row);
      } else {
        System.arraycopy(
            policy == Policy.MEAN ? mean : new float[row.length], 0, row, 0, row.length);
      }
      checks.add(row, row.length);
      out.write(tokenizer.token(id), row, 0);
    }
    return checks.report(row.length, in.dtype(), 0, found, bound - found, unused);
  }

  private void requireAll(EmbeddingSource in) {
    int missing = 0;
    int first = -1;
    for (int id = bound - 1; id >= 0; id--) {
      if (matched[id] == 0) {
        missing++;
        first = id;
      }
    }
    if (missing > 0) {
      throw new EmbeddingException(
          ("%s has no vector for %s of %s ids, the first is id %s, token \"%s\";"
                  + " choose what such ids get: --missing zero, mean or subwords")
              .formatted(in.name(), missing, bound, first, tokenizer.token(first)));
    }
  }

  /** Cuts bytes into the longest matched tokens. */
  private final class Pieces {
    private final Map<String, Integer> ids = new HashMap<>();
    private final ScratchVectors rows;
    private final float[] piece;
    private int longest;

    Pieces(ScratchVectors rows) {
      this.rows = rows;
      this.piece = new float[rows.dim()];
      for (int id = 0; id < bound; id++) {
        byte[] bytes = tokenizer.bytes(id);
        if (matched[id] > 0 && bytes.length > 0) {
          ids.putIfAbsent(new String(bytes, StandardCharsets.ISO_8859_1), id);
          longest = Math.max(longest, bytes.length);
        }
      }
    }

    void mean(byte[] bytes, float[] out) throws IOException {
      String text = new String(bytes, StandardCharsets.ISO_8859_1); // a char a byte
      double[] sum = new double[out.length];
      int count = 0;
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + longest);
        Integer id = null;
        while (to > from && (id = ids.get(text.substring(from, to))) == null) {
          to--;
        }
        if (id == null) {
          from++; // a byte that no matched token begins with
          continue;
        }
        rows.read(id, piece);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += piece[i];
        }
        count++;
        from = to;
      }
      System.arraycopy(TokenAlignment.mean(sum, count), 0, out, 0, out.length);
    }
  }
}
