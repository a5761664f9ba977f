package org.merganser.learn.ngram;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.learn.LearnException;

/**
 * The figures of an n-gram model, {@code learned/ngrams.json} of a run's output.
 *
 * @param order symbols of the longest n-gram
 * @param idBound ids of the tokenizer
 * @param begin the symbol before a document
 * @param end the symbol that ends a document: the id of endOfDocument, or idBound + 1
 * @param tokenizerSha256 of the tokenizer.json whose ids these are
 * @param symbols counted: ids of all documents, and their ends
 * @param documents that ended: how often {@code end} was counted
 * @param orders by order from 1
 * @param validation how well the model predicts text that it was not learned from; null without
 *     such text
 * @param packed the model of bounded size that was made of it
 */
public record NgramFigures(
    int order,
    int idBound,
    int begin,
    int end,
    String tokenizerSha256,
    long symbols,
    long documents,
    List<Order> orders,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Validation validation,
    Packed packed) {

  /** The figures of a model, and how well it predicts held-out text. */
  public static NgramFigures of(
      LearnedNgrams learned,
      String tokenizerSha256,
      @Nullable Validation validation,
      Packed packed) {
    NgramShape shape = learned.model().shape();
    long symbols = 0;
    for (long count : learned.unigramCounts()) {
      symbols += count;
    }
    return new NgramFigures(
        shape.order(),
        shape.idBound(),
        shape.begin(),
        shape.end(),
        tokenizerSha256,
        symbols,
        learned.unigramCounts()[shape.end()],
        learned.orders(),
        validation,
        packed);
  }

  /** Fields in order, two spaces, LF. */
  public byte[] toJson() {
    return Json.figures(this);
  }

  /**
   * @param name how errors call the file
   */
  public static NgramFigures read(byte[] json, String name) {
    return Json.read(json, NgramFigures.class, name, LearnException::new);
  }

  /**
   * @param distinct n-grams that occur
   * @param kept n-grams in the model: those that occur at least {@code minCount} times
   * @param cutOccurrences occurrences of the others
   * @param discounts off an adjusted count of 1, 2, and 3 or more
   * @param discountsEstimated false where the counts did not give them and KenLM's fallback stands
   */
  public record Order(
      int order,
      long distinct,
      long kept,
      long minCount,
      long cutOccurrences,
      List<Double> discounts,
      boolean discountsEstimated) {}

  /**
   * @param documents of the held-out text
   * @param symbols predicted: its ids, and the ends of its documents
   * @param bytes of its text, as the tokenizer decodes the ids
   * @param bits −log2 of the probability of all of it
   * @param bitsPerByte bits / bytes: compares models over different tokenizers
   * @param perplexity 2^(bits / symbols): compares models over the same one
   */
  public record Validation(
      long documents,
      long symbols,
      long bytes,
      double bits,
      double bitsPerByte,
      double perplexity) {}

  /**
   * The model of {@link PackedNgrams}.
   *
   * @param bytes of the file
   * @param kept n-grams in it, by order from 1; all where nothing was left out
   * @param measuredOn the text of the two figures below: {@code validation}, or {@code training}
   *     where none is kept from training; null where nothing was left out
   * @param bitsPerByte of the packed model
   * @param moreBitsPerByte than the whole model needs; 0 where nothing was left out
   */
  public record Packed(
      long bytes,
      List<Integer> kept,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String measuredOn,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Double bitsPerByte,
      double moreBitsPerByte) {}
}
