package org.merganser.report.measure;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Sampled ids of a document, or of a part of one that was cut.
 *
 * @param hash of the excerpt's place in the corpus, by which it was chosen ({@link TextSample})
 * @param document the document's id
 * @param group the document's group; null without groups
 * @param validation whether the document is excluded from training
 * @param alone whether these are all ids of the document or part, so that its text is encoded to
 *     the same ids
 * @param packed the ids, four bytes each, the highest byte first; JSON has them as one string
 */
@SuppressWarnings("ArrayRecordComponent") // excerpts are never compared
public record Excerpt(
    long hash,
    String document,
    @Nullable String group,
    boolean validation,
    boolean alone,
    byte[] packed) {
  /** The packed form of {@code ids[from, to)}. */
  static byte[] pack(int[] ids, int from, int to) {
    ByteBuffer packed = ByteBuffer.allocate(Integer.BYTES * (to - from));
    packed.asIntBuffer().put(ids, from, to - from);
    return packed.array();
  }

  /** The ids in order. */
  public int[] ids() {
    IntBuffer ids = ByteBuffer.wrap(packed).asIntBuffer();
    int[] unpacked = new int[ids.remaining()];
    ids.get(unpacked);
    return unpacked;
  }
}
