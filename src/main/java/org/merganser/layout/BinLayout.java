package org.merganser.layout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * Ids without separators: nanoGPT's headerless {@code .bin} (read with {@code numpy.memmap}), or
 * llm.c's with its header of 256 int32 (magic, version, count; llmc/dataloader.h). nanoGPT reads
 * only uint16. If the vocabulary needs more, ids are int32, which can also be read as uint32. llm.c
 * reads no loss mask.
 */
final class BinLayout extends ShardLayout {
  /** The length of llm.c's header. */
  private static final int HEADER_BYTES = 256 * Integer.BYTES;

  private static final String SUFFIX = ".bin";
  private static final int MAGIC_UINT16 = 20_240_520;
  private static final int VERSION_UINT16 = 1;
  private static final int MAGIC_UINT32 = 20_240_801;
  private static final int VERSION_UINT32 = 7;

  private final boolean hasHeader;

  BinLayout(BinHeader header) {
    super(
        new Shape(
            header == BinHeader.LLMC ? "llmc" : "bin",
            List.of(SUFFIX),
            IdWidth.UINT16_BOUND,
            Sequences.FILLED,
            header == BinHeader.NONE ? LossMask.WRITTEN : LossMask.REFUSED));
    this.hasHeader = header == BinHeader.LLMC;
  }

  @Override
  String label() {
    return hasHeader ? "bin with the header of llm.c" : "bin without a header";
  }

  @Override
  String firstByteInPython() {
    return hasHeader ? String.valueOf(HEADER_BYTES) : "0";
  }

  @Override
  long maxFileTokens() {
    return hasHeader ? Integer.MAX_VALUE : Long.MAX_VALUE; // llm.c's count is an int32
  }

  @Override
  Part newPart(FilesOfPart files, IdSettings settings, Map<String, String> metadata)
      throws IOException {
    IdWidth width = width(settings.bound());
    return new PlainPart(
        files, SUFFIX, width, settings, count -> hasHeader ? header(width, count) : new byte[0]);
  }

  /** The header of llm.c, of which all after the number of ids is zero. */
  private static byte[] header(IdWidth width, long ids) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(width == IdWidth.UINT16 ? MAGIC_UINT16 : MAGIC_UINT32);
    header.putInt(width == IdWidth.UINT16 ? VERSION_UINT16 : VERSION_UINT32);
    header.putInt((int) ids); // at most maxFileTokens
    return header.array();
  }
}
