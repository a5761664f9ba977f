package org.merganser.corpus.decode;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.store.BulkInputStream;
import org.tukaani.xz.MemoryLimitException;

/**
 * The uncompressed bytes of a file. An exception of a decoder becomes a {@link
 * DamagedStreamException}; a failure to read the file stays an IOException.
 */
public final class DecodedInput extends BulkInputStream {
  /**
   * The maximum window of the zstd decoder, in messages: the default of the library, as in the zstd
   * program without {@code --long}.
   */
  private static final String ZSTD_WINDOW = "2^27 bytes";

  /** A part of the library's message, in lower case, for a zstd window above that. */
  private static final String ZSTD_WINDOW_MESSAGE = "too much memory";

  /** The memory limit of the xz decoder in KiB; at the highest level its dictionary has 64 MiB. */
  private static final int XZ_MEMORY_KIB = 256 * 1024;

  /** {@link #XZ_MEMORY_KIB} in messages. */
  private static final String XZ_MEMORY = "256 MiB";

  /** The most bytes of one read. */
  static final int PIECE = 1 << 15;

  private final StoredInput stored;
  private final Compression compression;

  /** Opened by the first read; stays null for a file that is not compressed. */
  private @Nullable MemberDecoder decoder;

  /** Decodes a stored file of a compression; closing this closes the file. */
  public DecodedInput(StoredInput stored, Compression compression) {
    this.stored = stored;
    this.compression = compression;
  }

  @Override
  public int read(byte[] to, int at, int length) throws IOException {
    if (compression == Compression.NONE) {
      return stored.read(to, at, length);
    }
    try {
      MemberDecoder in = decoder;
      if (in == null) {
        in = newDecoder();
        decoder = in;
      }
      int n = in.read(to, at, Math.min(length, PIECE));
      if (n < 0 && stored.position() == 0) {
        throw new EOFException(); // damageBy: truncated, as no compression has files without bytes
      }
      return n;
    } catch (IOException | RuntimeException e) {
      // The decoders for bzip2 and xz also throw unchecked exceptions on damaged data.
      IOException failure = stored.failure();
      if (failure != null) {
        throw failure;
      }
      throw damageBy(e);
    }
  }

  /** Opens a decoder of the compression, which is not {@link Compression#NONE}. */
  private MemberDecoder newDecoder() throws IOException {
    return switch (compression) {
      case GZIP -> new GzipInput(stored);
      case ZSTD -> new ZstdInput(stored);
      case BZIP2 -> new Bzip2Input(stored);
      case XZ -> new XzInput(stored, XZ_MEMORY_KIB);
      case NONE -> throw new IllegalStateException("what is not compressed has no decoder");
    };
  }

  /** The exception of a decoder as damage, with its reason. */
  private DamagedStreamException damageBy(Exception e) {
    if (e instanceof DamagedStreamException known) {
      return damageHere(known.reason(), known.detail());
    }
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    String name = compression.name().toLowerCase(Locale.ROOT);
    if (e instanceof MemoryLimitException || message.contains(ZSTD_WINDOW_MESSAGE)) {
      return damageHere(
          Reason.UNSUPPORTED,
          "the %s stream needs a larger window than the limit (%s): compress it again with a smaller one"
              .formatted(name, compression == Compression.ZSTD ? ZSTD_WINDOW : XZ_MEMORY));
    }
    // The library for bzip2 has other messages, too, where the file ends.
    boolean endedInBzip2 = compression == Compression.BZIP2 && stored.ended();
    boolean ended = e instanceof EOFException || message.contains("unexpected end") || endedInBzip2;
    return ended
        ? damageHere(Reason.TRUNCATED, "the " + name + " stream ends too early")
        : damageHere(Reason.CORRUPT, "the " + name + " stream is damaged");
  }

  /**
   * Damage at the current place: what was decoded, what no checksum verifies, and what is not read.
   */
  private DamagedStreamException damageHere(Reason reason, String what) {
    MemberDecoder failed = decoder;
    long decoded = failed == null ? 0 : failed.decoded();
    long proved = failed == null ? 0 : failed.proved();
    StringBuilder detail = new StringBuilder(what);
    detail.append(", after ").append(decoded).append(" decoded bytes");
    if (proved < decoded) {
      detail.append("; no checksum proves those from byte ").append(proved).append(" on");
    }
    long used = failed == null ? -1 : failed.used();
    if (reason == Reason.TRUNCATED && used >= 0 && used < stored.position()) {
      detail
          .append("; the stored bytes from byte ")
          .append(used)
          .append(" to ")
          .append(stored.position())
          .append(" are an incomplete block that cannot be decoded");
    }
    if (stored.left() > 0) {
      detail.append("; the last ").append(stored.left()).append(" stored bytes are not read");
    }
    if (decoded == 0 && reason == Reason.CORRUPT) {
      detail.append("; if it is not compressed, give it a name without .gz, .zst, .bz2 or .xz");
    }
    return new DamagedStreamException(
        reason, detail.toString(), proved < decoded ? proved : Long.MAX_VALUE);
  }

  /** The first {@code length} bytes; fewer if the file ends or damage begins before. */
  public byte[] head(int length) throws IOException {
    byte[] head = new byte[length];
    int got = 0;
    try {
      while (got < length) {
        int n = read(head, got, length - got);
        if (n < 0) {
          break;
        }
        got += n;
      }
    } catch (DamagedStreamException ignored) {
      // The bytes before the damage are the head.
    }
    return Arrays.copyOf(head, got);
  }

  @Override
  public void close() throws IOException {
    try {
      if (decoder != null) {
        decoder.close();
      }
    } finally {
      stored.close();
    }
  }
}
