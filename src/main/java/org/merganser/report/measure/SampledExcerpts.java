package org.merganser.report.measure;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.shard.ShardRow;
import org.merganser.text.scan.CutRule;
import org.merganser.text.unicode.Utf8;

/**
 * Finds the excerpts of documents that a sample has. A document of up to {@link #IDS} ids is one
 * excerpt; a longer one has one for each so many ids, so that a sample of books is not a handful of
 * them. Excerpt k begins at the last place before id {@code k * IDS} where the tokenizer's rule
 * allows a cut, so that its text alone has the same ids; where there is none among the last {@link
 * #LOOKED_AT} ids, the excerpt before it goes on. Without a rule it begins at that very id.
 * Excerpts are no texts of their own: a word or sentence is in the excerpt in which it begins
 * ({@link TextMeter}). Documents are whole where all is measured. For one thread.
 */
public final class SampledExcerpts {
  /** Ids of an excerpt: some 16 KiB of most text. */
  static final int IDS = 1 << 12;

  static final int LOOKED_AT = 1 << 9;

  /** Ids on both sides of an excerpt; a sentence or word is mostly far shorter. */
  private static final int CONTEXT = 512;

  private static final int NONE = -1;

  private final TextSample sample;
  private final TokenBytes tokens;
  private final @Nullable CutRule rule;
  private final DecodedText before;

  /**
   * @param rule of the tokenizer that made the ids; null where there is none
   */
  public SampledExcerpts(TextSample sample, TokenBytes tokens, @Nullable CutRule rule) {
    this.sample = sample;
    this.tokens = tokens;
    this.rule = rule;
    this.before = new DecodedText(tokens);
  }

  /**
   * Hands on what the sample has of a document, or of a part of one that was cut, in order.
   *
   * @param validation whether the document is kept from training
   */
  public void visit(ShardRow row, boolean validation, Consumer<Excerpt> out) {
    if (sample.isAll()) {
      out.accept(excerpt(row, validation, 0, 0, row.count));
      return;
    }
    for (int k = 0; k == 0 || isWithin(row, k); k++) {
      if (sample.has(TextSample.hash(row, k))) {
        int from = begin(row, k);
        if (from != NONE) {
          out.accept(excerpt(row, validation, k, from, end(row, k)));
        }
      }
    }
  }

  private Excerpt excerpt(ShardRow row, boolean validation, int k, int from, int to) {
    int before = Math.max(0, from - CONTEXT);
    return new Excerpt(
        TextSample.hash(row, k),
        row.docId,
        row.group,
        validation,
        rule != null || to - from == row.count,
        Arrays.copyOfRange(row.ids, before, Math.min(row.count, to + CONTEXT)),
        from - before,
        to - before);
  }

  private static boolean isWithin(ShardRow row, int k) {
    return (long) k * IDS < row.count;
  }

  private int end(ShardRow row, int k) {
    for (int next = k + 1; isWithin(row, next); next++) {
      int begin = begin(row, next);
      if (begin != NONE) {
        return begin;
      }
    }
    return row.count;
  }

  /** Where excerpt k begins, or {@link #NONE} when there is no such excerpt. */
  private int begin(ShardRow row, int k) {
    if (k == 0) {
      return 0;
    }
    int to = k * IDS;
    if (rule == null) {
      return to;
    }
    int from = to - LOOKED_AT;
    before.set(row.ids, from, to);
    int cut = lastCut(before.text(), before.length());
    int at = 0;
    for (int i = from; i < to && at < cut; i++) {
      at += tokens.isSpecial(row.ids[i]) ? 0 : tokens.length(row.ids[i]);
      if (at == cut) { // where a pretoken begins, and so a token
        return i + 1;
      }
    }
    return NONE;
  }

  /** The last cut of text that may begin and end within a character, or -1. */
  private int lastCut(byte[] text, int length) {
    int from = 0;
    int bad = Utf8.firstIllFormed(text, 0, length);
    while (bad >= 0) {
      int next = bad + Utf8.illFormedLength(text, bad, length);
      if (next == length) { // the character that the end cuts
        break;
      }
      from = next;
      bad = Utf8.firstIllFormed(text, from, length);
    }
    return Objects.requireNonNull(rule).lastCut(text, from, length);
  }
}
