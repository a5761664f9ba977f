package org.merganser.layout;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.merganser.binary.ByteBuilder;

/**
 * Ids without separators: nanoGPT's headerless {@code .bin} (read with {@code numpy.memmap}), or
 * llm.c's with its header of 256 int32 (magic, version, count; llmc/dataloader.h). nanoGPT reads
 * only uint16. If the vocabulary needs more, ids are int32, which can also be read as uint32.
 */
final class BinLayout extends ShardLayout {
  private static final int HEADER_BYTES = 256 * 4;
  private static final int MAGIC_UINT16 = 20_240_520;
  private static final int VERSION_UINT16 = 1;
  private static final int MAGIC_UINT32 = 20_240_801;
  private static final int VERSION_UINT32 = 7;

  private final boolean header;

  BinLayout(BinHeader header) {
    super(
        new Shape(
            header == BinHeader.LLMC ? "llmc" : "bin",
            List.of(".bin"),
            IdWidth.UINT16_BOUND,
            Sequences.FILLED,
            header == BinHeader.NONE));
    this.header = header == BinHeader.LLMC;
  }

  @Override
  String label() {
    return header ? "bin with the header of llm.c" : "bin without a header";
  }

  @Override
  public long maxTokens() {
    return header ? Integer.MAX_VALUE : Long.MAX_VALUE; // llm.c's count is an int32
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata) throws IOException {
    IdWidth width = width(ids.bound());
    return new PlainPart(
        files, ".bin", width, ids, count -> header ? header(width, count) : new byte[0]);
  }

  private static byte[] header(IdWidth width, long ids) {
    ByteBuilder out = new ByteBuilder(256);
    out.appendInt(width == IdWidth.UINT16 ? MAGIC_UINT16 : MAGIC_UINT32);
    out.appendInt(width == IdWidth.UINT16 ? VERSION_UINT16 : VERSION_UINT32);
    out.appendInt((int) ids);
    out.reserve(HEADER_BYTES - out.length());
    return out.toByteArray();
  }
}
