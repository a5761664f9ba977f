package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Segments;

/**
 * A record with its text, {@code text[from, to)}, as a reader hands it on.
 *
 * @param raw the record in its file
 * @param kept values of the fields that the shards keep, as {@code Document} has them; null in a
 *     format without fields
 * @param segments of the text; null where it has none
 */
record TextRecord(
    RawRecord raw,
    String id,
    @Nullable String group,
    @Nullable Object @Nullable [] kept,
    @Nullable Segments segments,
    byte[] text,
    int from,
    int to) {
  /** A record of which all bytes are the text. */
  static TextRecord of(RawRecord raw, String id, @Nullable String group) {
    return new TextRecord(raw, id, group, null, null, raw.bytes(), raw.from(), raw.to());
  }
}
