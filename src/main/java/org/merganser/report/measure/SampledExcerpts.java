package org.merganser.report.measure;

import java.util.Arrays;
import java.util.function.Consumer;
import org.merganser.shard.ShardRow;

/**
 * Finds the excerpts of documents that a sample has. A document of up to {@link #IDS} ids is one
 * excerpt; a longer one has one for each so many ids, so that a sample of books is not a handful of
 * them. A word or sentence that goes over the end of an excerpt is measured in two pieces, which is
 * one of thousands. Documents are whole where all is measured.
 */
public final class SampledExcerpts {
  /** Ids of an excerpt: some 16 KiB of most text. */
  static final int IDS = 1 << 12;

  private SampledExcerpts() {}

  /**
   * Hands on what the sample has of a document, or of a part of one that was cut, in order.
   *
   * @param validation whether the document is kept from training
   */
  public static void visit(
      TextSample sample, ShardRow row, boolean validation, Consumer<Excerpt> out) {
    int length = sample.isAll() ? row.count : IDS;
    for (int k = 0; k == 0 || (long) k * length < row.count; k++) {
      long hash = TextSample.hash(row, k);
      if (sample.has(hash)) {
        int from = k * length;
        int to = (int) Math.min(row.count, (long) from + length);
        out.accept(
            new Excerpt(
                hash,
                row.docId,
                row.group,
                validation,
                to - from == row.count,
                Arrays.copyOfRange(row.ids, from, to)));
      }
    }
  }
}
