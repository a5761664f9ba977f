package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DatasetSplit;

/**
 * A record with its text and what its fields say of it, for the sink.
 *
 * @param raw the record, or the part of a document, as its dead letter would have it
 * @param id of the document
 * @param group that the record names; null for none
 * @param split that the record names; null if the job names no field of splits
 * @param kept values of the fields that the shards keep, as in {@code Document}; null in a format
 *     without fields
 * @param text of the record; of the part if it is one
 */
record TextRecord(
    RawRecord raw,
    String id,
    @Nullable String group,
    @Nullable DatasetSplit split,
    @Nullable Object @Nullable [] kept,
    RecordText text) {
  /** A record that is its own text, in a format without fields. */
  static TextRecord of(RawRecord raw, String id, @Nullable String group) {
    RecordText text = RecordText.of(raw.bytes(), raw.from(), raw.to());
    return new TextRecord(raw, id, group, null, null, text);
  }
}
