package org.merganser.report.measure;

import java.util.function.Consumer;
import org.merganser.shard.ShardRow;

/**
 * Finds the excerpts of documents that a {@link TextSample} chooses. An excerpt has up to {@link
 * #IDS} ids, so a longer document has several excerpts; otherwise a sample of books would be only a
 * few documents. A word or sentence across the end of an excerpt is measured as two pieces, which
 * concerns one in thousands. If all text is measured, documents are not divided.
 */
public final class SampledExcerpts {
  /** The ids of an excerpt, about 16 KiB for most text. */
  static final int IDS = 1 << 12;

  private SampledExcerpts() {}

  /**
   * Passes on the sampled excerpts of a document, or of a part of one that was cut, in order.
   *
   * @param sample chooses the excerpts
   * @param row the document or the part
   * @param firstOfText the index of the first id of the text: 1 after the token that begins a
   *     document, else 0
   * @param validation whether the document is excluded from training
   * @param out receives the excerpts
   */
  public static void visit(
      TextSample sample, ShardRow row, int firstOfText, boolean validation, Consumer<Excerpt> out) {
    int count = row.count - firstOfText;
    int length = sample.isAll() ? count : IDS;
    int excerpt = 0;
    do { // an empty document has one excerpt
      long hash = TextSample.hash(row, excerpt);
      if (sample.has(hash)) {
        int from = firstOfText + excerpt * length;
        int to = (int) Math.min(row.count, (long) from + length);
        boolean alone = to - from == count;
        byte[] packed = Excerpt.pack(row.ids, from, to);
        out.accept(new Excerpt(hash, row.docId, row.group, validation, alone, packed));
      }
      excerpt++;
    } while ((long) excerpt * length < count);
  }
}
