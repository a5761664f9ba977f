package org.merganser.corpus.decode;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.merganser.corpus.DeadLetter.Reason;

/**
 * Decodes gzip (RFC 1952), all members. {@link java.util.zip.GZIPInputStream} treats bytes after a
 * member that do not begin another one as the end of the file. Here trailing zeros are padding, as
 * in the gzip program, and other bytes are damage. The stream of commons-compress drops up to 32
 * KiB that a failing read has decoded. If it were read byte by byte, it would drop one byte, but
 * take 80 ns a byte, about as long as encoding.
 */
final class GzipInput extends MemberDecoder {
  /** The flag of a header with a checksum; the names of flags are those of the RFC. */
  private static final int FHCRC = 2;

  /** The flag of a header with extra fields. */
  private static final int FEXTRA = 4;

  /** The flag of a header with the name of a file. */
  private static final int FNAME = 8;

  /** The flag of a header with a comment. */
  private static final int FCOMMENT = 16;

  /**
   * The most bytes by which the decoded length of a damaged member may differ from that in its
   * trailer; last bytes that are no length are rarely so near by chance.
   */
  private static final long NEAR = 1 << 22;

  /** The same for a short member: so many times its decoded length, and {@link #NEAR_BYTES}. */
  private static final int NEAR_TIMES = 3;

  /** The bytes besides {@link #NEAR_TIMES}. */
  private static final int NEAR_BYTES = 64;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] input = new byte[1 << 16];

  /** The next byte of {@link #input}; while a member is decoded, the inflater has its own place. */
  private int at;

  /** The end of the bytes in {@link #input}. */
  private int limit;

  /** The number of members that were begun. */
  private long members;

  /** Whether a member was begun and has not ended. */
  private boolean inMember;

  /** The last four bytes read: at the end of a complete file without padding, a member's length. */
  private long tail;

  GzipInput(InputStream in) {
    this.in = in;
  }

  @Override
  int decode(byte[] to, int offset, int length) throws IOException {
    while (true) {
      if (!inMember && !beginMember()) {
        return -1;
      }
      long before = inflater.getBytesWritten();
      int n;
      try {
        n = inflater.inflate(to, offset, length);
      } catch (DataFormatException e) {
        n = (int) (inflater.getBytesWritten() - before);
        if (n == 0) {
          throw damaged("has data that deflate does not allow");
        }
      }
      if (n > 0) {
        crc.update(to, offset, n);
        return n;
      }
      if (inflater.finished() || inflater.needsDictionary()) {
        endMember();
      } else if (inflater.needsInput()) {
        at = limit;
        if (!fill()) {
          throw truncated();
        }
        inflater.setInput(input, at, limit - at);
      }
    }
  }

  /** Reads a header; false at the end of the file. */
  private boolean beginMember() throws IOException {
    int first = members == 0 ? next() : nextAfterPadding();
    if (first < 0) {
      return false;
    }
    if (first != 0x1f || nextRequired() != 0x8b || nextRequired() != 8) {
      throw members == 0
          ? damaged("has a bad header")
          : damaged("is followed by bytes that are not gzip");
    }
    int flags = nextRequired();
    skip(6); // the modification time, the level of compression and the system
    if ((flags & FEXTRA) != 0) {
      skip(nextRequired() | (nextRequired() << 8));
    }
    if ((flags & FNAME) != 0) {
      skipName();
    }
    if ((flags & FCOMMENT) != 0) {
      skipName();
    }
    if ((flags & FHCRC) != 0) {
      skip(2);
    }
    inflater.reset();
    inflater.setInput(input, at, limit - at);
    crc.reset();
    members++;
    inMember = true;
    return true;
  }

  /** Reads the trailer of a member and compares its checksum and length. */
  private void endMember() throws IOException {
    at = limit - inflater.getRemaining();
    inMember = false;
    if (inflater.needsDictionary()) {
      throw damaged("asks for a dictionary");
    }
    if (readUnsigned32() != crc.getValue()) {
      throw damaged("has a wrong checksum");
    }
    if (readUnsigned32() != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw damaged("has a wrong length");
    }
    markProved(0);
  }

  /** The next byte that is not 0; -1 at the end of the file. */
  private int nextAfterPadding() throws IOException {
    int b = next();
    while (b == 0) {
      b = next();
    }
    return b;
  }

  /** Reads a number of 32 bits, the lowest byte first. */
  private long readUnsigned32() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (long) nextRequired() << shift;
    }
    return value;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      nextRequired();
    }
  }

  /** Skips a text that ends with a 0. */
  private void skipName() throws IOException {
    int b = nextRequired();
    while (b != 0) {
      b = nextRequired();
    }
  }

  /** The next byte, without which the member is truncated. */
  private int nextRequired() throws IOException {
    int b = next();
    if (b < 0) {
      throw truncated();
    }
    return b;
  }

  /** The next byte; -1 at the end of the file. */
  private int next() throws IOException {
    return at == limit && !fill() ? -1 : input[at++] & 0xFF;
  }

  /** Reads further bytes in place of those in {@link #input}; false at the end of the file. */
  private boolean fill() throws IOException {
    int n = in.read(input, 0, input.length);
    at = 0;
    limit = Math.max(n, 0);
    for (int i = Math.max(0, limit - 4); i < limit; i++) {
      tail = (tail >>> 8) | ((input[i] & 0xFFL) << 24);
    }
    return n > 0;
  }

  /** The damage of the member that was begun last. */
  private DamagedStreamException damaged(String what) {
    return new DamagedStreamException(
        Reason.CORRUPT, "gzip member " + Math.max(members, 1) + " " + what);
  }

  /**
   * The damage of a file that ends within a member for the decoder. If the last bytes of the file
   * are the length of the member, or nearly, the file is complete: a damaged byte has hidden the
   * end of the member.
   */
  private DamagedStreamException truncated() {
    long length = inflater.getBytesWritten();
    long difference = Math.abs((long) (int) (tail - length)); // lengths are stored modulo 2^32
    boolean isNear = difference <= Math.min(NEAR, NEAR_TIMES * length + NEAR_BYTES);
    if (proved() < decoded() && isNear) {
      return damaged("is damaged: it has no end, but the file ends with the length of a member");
    }
    return new DamagedStreamException(
        Reason.TRUNCATED, "gzip member " + Math.max(members, 1) + " ends too early");
  }

  @Override
  public void close() {
    inflater.end();
  }
}
