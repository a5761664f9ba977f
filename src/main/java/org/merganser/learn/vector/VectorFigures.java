package org.merganser.learn.vector;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.learn.LearnException;

/**
 * The figures of learned vectors, {@code learned/vectors.json} of a run's output.
 *
 * @param rows ids of the tokenizer
 * @param window how far apart two ids may stand
 * @param contexts ids that counted as company: the most frequent ones
 * @param pairs distinct (id, context) that stood in a window
 * @param pairsUsed those of at least {@code minWeight}
 * @param minWeight least weight of a pair that is used; above 1 where {@code maxPairs} forced it
 * @param idsWithoutVector ids whose vector is zero, because they never stood near a context
 * @param singularValues the first ones, descending
 * @param validation how well the vectors tell real company from drawn; null without held-out text
 */
public record VectorFigures(
    int rows,
    int dim,
    int window,
    int contexts,
    long seed,
    String tokenizerSha256,
    long pairs,
    long pairsUsed,
    long minWeight,
    int idsWithoutVector,
    List<Double> singularValues,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Validation validation) {

  /**
   * The test of {@link ContextTest}.
   *
   * @param pairs asked about
   * @param score share told right
   * @param randomScore the same of a seeded random table of that size: about 0.5
   */
  public record Validation(long pairs, double score, double randomScore) {}

  /** Fields in order, two spaces, LF. */
  public byte[] toJson() {
    return Json.figures(this);
  }

  /**
   * @param name how errors call the file
   */
  public static VectorFigures read(byte[] json, String name) {
    return Json.read(json, VectorFigures.class, name, LearnException::new);
  }
}
