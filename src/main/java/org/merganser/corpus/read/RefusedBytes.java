package org.merganser.corpus.read;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.RangeDigest;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.decode.StoredInput;

/**
 * The bytes of a file that become a dead letter: what {@link DeadLetter} has of them.
 *
 * @param offset in the file; of rows of Parquet the index of the first one
 * @param length in bytes
 * @param sha256 of the bytes
 * @param head the first bytes, at most {@link DeadLetter#RAW_LIMIT} of them
 * @param part the part of a document; null for a complete record
 */
record RefusedBytes(
    long offset, long length, String sha256, byte[] head, DeadLetter.@Nullable Part part) {
  private static final byte[] NO_BYTES = {};

  /** The size of the reads of a complete file. */
  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * A record, or a part of one, that is in memory.
   *
   * @param digest is reset, and sums the bytes
   */
  static RefusedBytes of(RawRecord raw, MessageDigest digest) {
    digest.reset();
    digest.update(raw.bytes(), raw.from(), raw.length());
    int headEnd = Math.min(raw.to(), raw.from() + DeadLetter.RAW_LIMIT);
    byte[] head = Arrays.copyOfRange(raw.bytes(), raw.from(), headEnd);
    return new RefusedBytes(raw.offset(), raw.length(), Sha256.hex(digest), head, raw.part());
  }

  /** A complete file, with its stored bytes, which are read. */
  static RefusedBytes readFile(InputFile file) throws IOException {
    RangeDigest stored = new RangeDigest();
    stored.begin(/* withSha256= */ true);
    byte[] head;
    try (StoredInput in = StoredInput.open(new FileRange(file, 0, file.size()), 0, stored)) {
      head = in.readNBytes((int) Math.min(DeadLetter.RAW_LIMIT, file.size()));
      in.finish(new byte[BUFFER_BYTES]);
    }
    String sha256 = Objects.requireNonNull(stored.sum().sha256());
    return new RefusedBytes(0, file.size(), sha256, head, null);
  }

  /** Rows of a Parquet file, without bytes, since their values are missing. */
  static RefusedBytes ofRows(long firstRow) {
    return new RefusedBytes(firstRow, 0, Sha256.of(NO_BYTES), NO_BYTES, null);
  }

  /** Where the bytes end in the file; without a meaning in Parquet. */
  long end() {
    return offset + length;
  }
}
