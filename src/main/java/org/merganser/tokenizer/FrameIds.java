package org.merganser.tokenizer;

import java.util.List;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerParts;

/**
 * The ids that the post-processor adds to each document. Those that a job puts around documents in
 * shards are chosen by {@code pipeline/step/DocumentTokens}.
 *
 * @param before the ids before those of the document
 * @param after the ids after those of the document
 */
record FrameIds(int[] before, int[] after) {
  /** No ids. */
  static final FrameIds NONE = new FrameIds(new int[0], new int[0]);

  /** The ids that a tokenizer's post-processor adds; none unless {@code addSpecialTokens}. */
  static FrameIds of(TokenizerParts parts, boolean addSpecialTokens) {
    PostProcessor processor = parts.postProcessor();
    return addSpecialTokens && processor != null
        ? new FrameIds(toArray(processor.idsBefore()), toArray(processor.idsAfter()))
        : NONE;
  }

  /** The number of ids before and after a document. */
  int size() {
    return before.length + after.length;
  }

  /** The first {@code count} ids, those of a document, with the ids of the frame around them. */
  int[] around(int[] ids, int count) {
    int[] all = new int[before.length + count + after.length];
    System.arraycopy(before, 0, all, 0, before.length);
    System.arraycopy(ids, 0, all, before.length, count);
    System.arraycopy(after, 0, all, before.length + count, after.length);
    return all;
  }

  private static int[] toArray(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
