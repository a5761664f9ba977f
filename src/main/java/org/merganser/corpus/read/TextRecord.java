package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.Segments;

/**
 * A record with its text, {@code text[from, to)}, for the sink.
 *
 * @param split that the record names; null if the job names no field of splits
 * @param kept values of the fields that the shards keep, as in {@code Document}; null in a format
 *     without fields
 * @param segments of the text; null if it has none
 */
record TextRecord(
    RawRecord raw,
    String id,
    @Nullable String group,
    @Nullable DatasetSplit split,
    @Nullable Object @Nullable [] kept,
    @Nullable Segments segments,
    byte[] text,
    int from,
    int to) {
  /** A record that is its own text, in a format without fields. */
  static TextRecord of(RawRecord raw, String id, @Nullable String group) {
    return new TextRecord(raw, id, group, null, null, null, raw.bytes(), raw.from(), raw.to());
  }
}
