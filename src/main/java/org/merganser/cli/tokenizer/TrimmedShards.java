package org.merganser.cli.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.bpe.IdBuffer;
import org.merganser.pipeline.output.RunException;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;
import org.merganser.tokenizer.audit.TrimmedVocabulary;

/**
 * Rewrites shards with the ids of a trimmed vocabulary, and counts what it rewrites. The ids of a
 * row are taken in ranges, each without an added token and with one value in the loss mask, or an
 * added token alone. A range with a removed token is decoded and encoded again. If the old
 * tokenizer encodes the decoded text to other ids than the shard has, the original text is unknown,
 * which is an error. All other ids are renumbered.
 */
final class TrimmedShards {
  private final Tokenizer old;
  private final String oldSha256;
  private final String newSha256;

  /** By the old id; negative for a removed token. */
  private final int[] newIds;

  private final Encoder oldEncoder;
  private final Encoder newEncoder;

  /** The old ids of the range that is encoded again. */
  private final IdBuffer rangeIds = new IdBuffer(1 << 10);

  /** What the old tokenizer encodes the text of this range to. */
  private final IdBuffer oldIdsAgain = new IdBuffer(1 << 10);

  /** The new ids of a row. */
  private final IdBuffer ids = new IdBuffer(1 << 10);

  /** The new mask of a row; empty for a row without one. */
  private final IdBuffer mask = new IdBuffer(1 << 10);

  private long rows;
  private long rowsEncodedAgain;
  private long tokensBefore;
  private long tokens;

  /**
   * @param old the tokenizer of the shards
   * @param oldSha256 of the tokenizer.json of the old tokenizer
   * @param trimmed has the new ids
   * @param newSha256 of the tokenizer.json of the trimmed one
   */
  TrimmedShards(Tokenizer old, String oldSha256, TrimmedVocabulary trimmed, String newSha256) {
    this.old = old;
    this.oldSha256 = oldSha256;
    this.newSha256 = newSha256;
    this.newIds = trimmed.newIds();
    this.oldEncoder = old.newEncoder(SpecialText.TEXT);
    this.newEncoder = trimmed.tokenizer().newEncoder(SpecialText.TEXT);
  }

  /** The number of rows of all shards that were rewritten. */
  long rows() {
    return rows;
  }

  /** The number of these rows that had a removed token. */
  long rowsEncodedAgain() {
    return rowsEncodedAgain;
  }

  /** The number of ids of all rows in the old vocabulary. */
  long tokensBefore() {
    return tokensBefore;
  }

  /** The number of ids of all rows in the new vocabulary. */
  long tokens() {
    return tokens;
  }

  /**
   * Writes a shard with the new ids.
   *
   * @param to the new file
   * @throws RunException if the shard is not of the old tokenizer, or if a range with a removed
   *     token cannot be encoded again, as in a packed sequence
   */
  void rewrite(Path shard, Path to) throws IOException {
    try (ShardReader in = new ShardReader(shard)) {
      if (!in.tokenizerSha256().equals(oldSha256)) {
        throw RunException.wrong(
            "%s: was made with the tokenizer of sha256 %s, and the one to trim has %s; name the"
                + " run's own tokenizer",
            shard, in.tokenizerSha256(), oldSha256);
      }
      Map<String, String> metadata = new TreeMap<>(in.metadata());
      metadata.put(ParquetShardWriter.TOKENIZER_SHA256, newSha256);
      ShardRow row = new ShardRow();
      try (ParquetShardWriter out = new ParquetShardWriter(to, metadata, in.columns())) {
        while (in.next(row)) {
          renumber(row, in.columns().sequences(), shard);
          out.write(row);
        }
      }
    }
  }

  /**
   * Replaces the ids and the mask of a row; they are valid until the next row.
   *
   * @param packed whether the row is a packed sequence, whose length must stay
   */
  private void renumber(ShardRow row, boolean packed, Path shard) {
    rows++;
    tokensBefore += row.count;
    ids.clear();
    mask.clear();
    int[] oldMask = row.mask;
    boolean isEncodedAgain = false;
    int from = 0;
    while (from < row.count) {
      int to = rangeEnd(row, from);
      requireOldIds(row, from, to, shard);
      if (hasRemovedToken(row, from, to)) {
        encodeAgain(row, from, to, packed, shard);
        isEncodedAgain = true;
      } else {
        for (int i = from; i < to; i++) {
          ids.add(newIds[row.ids[i]]);
        }
      }
      if (oldMask != null) {
        while (mask.size() < ids.size()) {
          mask.add(oldMask[from]);
        }
      }
      from = to;
    }
    if (isEncodedAgain) {
      rowsEncodedAgain++;
    }
    tokens += ids.size();
    row.ids = ids.ids();
    row.count = ids.size();
    row.mask = oldMask == null ? null : mask.ids();
  }

  /** The end of the range of ids that begins at {@code from}. */
  private int rangeEnd(ShardRow row, int from) {
    int to = from + 1;
    if (old.isAdded(row.ids[from])) {
      return to;
    }
    int[] rowMask = row.mask;
    while (to < row.count
        && !old.isAdded(row.ids[to])
        && (rowMask == null || rowMask[to] == rowMask[from])) {
      to++;
    }
    return to;
  }

  /** Requires that the old tokenizer has each id of a range. */
  private void requireOldIds(ShardRow row, int from, int to, Path shard) {
    for (int at = from; at < to; at++) {
      int id = row.ids[at];
      if (!old.hasToken(id)) {
        throw RunException.wrong(
            "%s: document \"%s\" has id %d at %d, which is none of the tokenizer's",
            shard, row.docId, id, at);
      }
    }
  }

  /** Whether a removed token is in a range. */
  private boolean hasRemovedToken(ShardRow row, int from, int to) {
    for (int at = from; at < to; at++) {
      if (newIds[row.ids[at]] < 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds the new ids of the text of a range.
   *
   * @throws RunException if its text is unknown, or the row is a packed sequence
   */
  private void encodeAgain(ShardRow row, int from, int to, boolean packed, Path shard) {
    if (packed) {
      throw RunException.wrong(
          "%s: sequence \"%s\" has tokens that are gone; a packed sequence would change its"
              + " length: pack the rewritten shards of documents instead",
          shard, row.docId);
    }
    rangeIds.clear();
    for (int i = from; i < to; i++) {
      rangeIds.add(row.ids[i]);
    }
    boolean skipSpecialTokens = false;
    byte[] text = old.decode(rangeIds, skipSpecialTokens);
    oldIdsAgain.clear();
    try {
      oldEncoder.encodeBytes(text, 0, text.length, oldIdsAgain);
    } catch (UnencodableException e) {
      oldIdsAgain.clear(); // differs from the range, which has at least one id
    }
    boolean isTextKnown =
        Arrays.equals(oldIdsAgain.ids(), 0, oldIdsAgain.size(), rangeIds.ids(), 0, rangeIds.size());
    if (!isTextKnown) {
      throw RunException.wrong(
          "%s: document \"%s\" has tokens that are gone in its ids %d to %d, and the text that"
              + " they decode to has other ids in the old vocabulary; encode the corpus again",
          shard, row.docId, from, to - 1);
    }
    newEncoder.encodeBytes(text, 0, text.length, ids);
  }
}
