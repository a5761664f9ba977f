package org.merganser.corpus.read;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import org.merganser.corpus.DamagedStreamException;
import org.merganser.corpus.DeadLetter.Reason;

/**
 * Decodes zstd (RFC 8878), all frames. zstd-jni takes the end of the file for the end of the data
 * wherever a frame has ended before it in the same read, so the frames are followed here: the
 * decoder gets their bytes, and the end of the file only between two frames.
 */
final class ZstdInput extends MemberDecoder {
  private static final long MAGIC = 0xFD2F_B528L;

  /** The first of 16. */
  private static final long SKIPPABLE = 0x184D_2A50L;

  /** The type of a block that stores one byte, however many it stands for. */
  private static final int REPEATED_BYTE = 1;

  private final ZstdInputStreamNoFinalizer decoder;

  ZstdInput(InputStream stored, int windowLog) throws IOException {
    decoder = new ZstdInputStreamNoFinalizer(new Frames(stored), RecyclingBufferPool.INSTANCE);
    decoder.setLongMax(windowLog);
  }

  @Override
  int decode(byte[] to, int at, int length) throws IOException {
    return decoder.read(to, at, length);
  }

  @Override
  public void close() throws IOException {
    decoder.close();
  }

  /** What the next bytes of a frame are. */
  private enum Part {
    MAGIC(4),
    SKIPPABLE_SIZE(4),
    DESCRIPTOR(1),
    BLOCK_HEADER(3),

    /** Bytes that are not looked at. */
    CONTENT(0);

    private final int bytes;

    Part(int bytes) {
      this.bytes = bytes;
    }
  }

  /** The stored bytes, followed from frame to frame as they pass; one read stays within a frame. */
  private final class Frames extends InputStream {
    private final InputStream stored;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int limit;
    private long frames;

    private Part part = Part.MAGIC;

    /** What follows the content. */
    private Part behind = Part.MAGIC;

    /** The little-endian number that is being read, and how many of its bytes have been. */
    private long number;

    private int numberBytes;

    /** Bytes of the content that are left. */
    private long left;

    private boolean checksum;

    Frames(InputStream stored) {
      this.stored = stored;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      boolean between = part == Part.MAGIC && numberBytes == 0;
      if (between) {
        prove(0); // the decoder asks for more only once it has handed out all it has
      }
      if (at == limit) {
        int n = stored.read(buffer, 0, buffer.length);
        at = 0;
        limit = Math.max(n, 0);
        if (n < 0 && between) {
          return -1;
        }
        if (n < 0) {
          throw new DamagedStreamException(
              Reason.TRUNCATED, "zstd frame " + frames + " ends too early");
        }
      }
      frames += between ? 1 : 0;
      int n = follow(Math.min(length, limit - at));
      System.arraycopy(buffer, at, to, offset, n);
      at += n;
      return n;
    }

    /** Follows so many bytes, or up to the end of the frame; returns how many that are. */
    private int follow(int length) throws DamagedStreamException {
      int i = 0;
      while (i < length) {
        if (part == Part.CONTENT) {
          int skipped = (int) Math.min(left, length - i);
          left -= skipped;
          i += skipped;
          if (left == 0) {
            part = behind;
          }
        } else {
          number |= (buffer[at + i] & 0xFFL) << 8 * numberBytes;
          i++;
          numberBytes++;
          if (numberBytes == part.bytes) {
            long whole = number;
            number = 0;
            numberBytes = 0;
            next(whole);
          }
        }
        if (part == Part.MAGIC && numberBytes == 0) {
          return i;
        }
      }
      return i;
    }

    /** A number is complete; what comes next. */
    private void next(long whole) throws DamagedStreamException {
      switch (part) {
        case MAGIC -> {
          if ((whole & 0xFFFF_FFF0L) == SKIPPABLE) {
            part = Part.SKIPPABLE_SIZE;
          } else if (whole == MAGIC) {
            part = Part.DESCRIPTOR;
          } else {
            throw new DamagedStreamException(
                Reason.CORRUPT, "zstd frame " + (frames - 1) + " is followed by other bytes");
          }
        }
        case SKIPPABLE_SIZE -> content(whole, Part.MAGIC);
        case DESCRIPTOR -> {
          checksum = (whole & 4) != 0;
          boolean single = (whole & 0x20) != 0;
          int window = single ? 0 : 1;
          int dictionary = 1 << (whole & 3) >> 1; // 0, 1, 2 or 4 bytes
          int size = whole >> 6 == 0 ? (single ? 1 : 0) : 1 << (whole >> 6);
          content(window + dictionary + size, Part.BLOCK_HEADER);
        }
        case BLOCK_HEADER -> {
          boolean last = (whole & 1) != 0;
          boolean repeats = (whole >> 1 & 3) == REPEATED_BYTE;
          Part following = last ? Part.MAGIC : Part.BLOCK_HEADER;
          content((repeats ? 1 : whole >> 3) + (last && checksum ? 4 : 0), following);
        }
        default -> throw new IllegalStateException("content is no number");
      }
    }

    private void content(long bytes, Part following) {
      left = bytes;
      behind = following;
      part = bytes == 0 ? following : Part.CONTENT;
    }
  }
}
