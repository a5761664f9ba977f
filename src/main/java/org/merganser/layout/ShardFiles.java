package org.merganser.layout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.merganser.parquet.ShardException;
import org.merganser.shard.RowReader;
import org.merganser.shard.ShardReader;

/**
 * Opens files of ids in any layout that is written here, by suffix and first bytes. Documents are
 * those of the index beside the file, else of the layout's own; a file of bare ids without either
 * is one document.
 */
public final class ShardFiles {
  /** What the files that hold ids end with. */
  public static final List<String> SUFFIXES =
      List.of(".parquet", ".bin", ".npy", ".ds", ".arrow", ".mds", MdsLayout.ZSTD_SUFFIX);

  private ShardFiles() {}

  /** Whether a file, by its name, holds ids: an index beside one does not. */
  public static boolean holdsIds(String name) {
    return SUFFIXES.stream().anyMatch(name::endsWith) && !name.endsWith(ShardIndexWriter.SUFFIX);
  }

  /**
   * Opens a file.
   *
   * @param bound ids are below this; decides the width of ids where no header says it
   * @throws ShardException when it is of no layout that can be read
   */
  public static RowReader open(Path file, int bound) throws IOException {
    return GuardedReader.open(file, () -> openUnguarded(file, bound));
  }

  private static RowReader openUnguarded(Path file, int bound) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    String name = String.valueOf(file.getFileName());
    if (name.endsWith(".arrow")) {
      return new ArrowReader(file);
    }
    if (name.endsWith(".mds")) {
      return new MdsReader(file);
    }
    if (name.endsWith(MdsLayout.ZSTD_SUFFIX)) {
      return MdsReader.ofCompressed(file);
    }
    if (name.endsWith(LitdataLayout.SUFFIX)) {
      return raw(file, LitdataLayout.SUFFIX, litdata(file));
    }
    if (name.endsWith(".npy")) {
      return raw(file, ".npy", npy(file));
    }
    if (name.endsWith(".ds")) {
      return raw(file, ".ds", datatrove(file, bound));
    }
    if (name.endsWith(".bin")) {
      Path idx = sibling(file, ".bin", ".idx");
      return raw(file, ".bin", Files.exists(idx) ? megatron(idx) : bin(file, bound));
    }
    if (name.endsWith(".parquet")) {
      return ShardReader.open(file);
    }
    throw new ShardException(
        file + ": what holds ids ends with one of " + String.join(", ", SUFFIXES));
  }

  static Path sibling(Path file, String suffix, String other) {
    String name = String.valueOf(file.getFileName());
    return file.resolveSibling(name.substring(0, name.length() - suffix.length()) + other);
  }

  private static RowReader raw(Path file, String suffix, RawIds.Form form) throws IOException {
    Path index = sibling(file, suffix, ShardIndexWriter.SUFFIX);
    Path mask = file.resolveSibling(file.getFileName() + MaskFile.SUFFIX);
    RawIds ids = new RawIds(file, form, Files.exists(mask) ? mask : null);
    return Files.exists(index)
        ? new IndexedReader(ids, index)
        : new UnindexedReader(ids, form, String.valueOf(file.getFileName()));
  }

  private static RawIds.Form npy(Path file) throws IOException {
    ByteBuffer head = head(file, 10);
    if (head.remaining() < 10 || head.getInt(0) != 0x4D554E93) { // \x93NUM
      throw new ShardException(file + " is not a numpy array");
    }
    int start = 10 + (head.getShort(8) & 0xFFFF);
    byte[] bytes = new byte[start];
    ByteBuffer all = head(file, start);
    all.get(bytes, 0, Math.min(start, all.remaining()));
    String header = new String(bytes, StandardCharsets.ISO_8859_1);
    if (header.contains("'<u2'")) {
      return new RawIds.Form(start, IdWidth.UINT16, null);
    }
    if (header.contains("'<i4'") || header.contains("'<u4'")) {
      return new RawIds.Form(start, IdWidth.INT32, null);
    }
    throw new ShardException(file + ": holds neither uint16 nor int32: " + shown(header));
  }

  private static String shown(String header) {
    String text = header.strip();
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  private static RawIds.Form litdata(Path file) throws IOException {
    long items;
    try (InputStream in = Files.newInputStream(file)) {
      items = LitdataLayout.items(in);
    }
    long first = LitdataLayout.firstId(items);
    if (first > Files.size(file)) {
      throw new ShardException(file + " is cut short: it says that it has " + items + " items");
    }
    return new RawIds.Form(
        first,
        IdWidth.INT32,
        new RawIds.EndList(file, 2 * Integer.BYTES, items, RawIds.EndKind.PLACES));
  }

  private static RawIds.Form bin(Path file, int bound) throws IOException {
    ByteBuffer head = head(file, 12);
    if (head.remaining() == 12 && Files.size(file) >= BinLayout.HEADER_BYTES) {
      if (head.getInt(0) == BinLayout.MAGIC_UINT16) {
        return new RawIds.Form(BinLayout.HEADER_BYTES, IdWidth.UINT16, null);
      }
      if (head.getInt(0) == BinLayout.MAGIC_UINT32) {
        return new RawIds.Form(BinLayout.HEADER_BYTES, IdWidth.INT32, null);
      }
    }
    return new RawIds.Form(0, IdWidth.of(bound, 1 << 16), null);
  }

  private static RawIds.Form datatrove(Path file, int bound) throws IOException {
    Path metadata = sibling(file, ".ds", ".ds.metadata");
    IdWidth width = IdWidth.of(bound, 1 << 16);
    if (Files.exists(metadata)) {
      String first = Files.readString(metadata).lines().findFirst().orElse("");
      width = first.endsWith("|4") ? IdWidth.INT32 : IdWidth.UINT16;
    }
    Path index = sibling(file, ".ds", ".ds.index");
    RawIds.EndList ends =
        Files.exists(index)
            ? new RawIds.EndList(index, 0, Files.size(index) / Long.BYTES, RawIds.EndKind.ENDS)
            : null;
    return new RawIds.Form(0, width, ends);
  }

  private static RawIds.Form megatron(Path idx) throws IOException {
    ByteBuffer in = head(idx, MegatronLayout.Index.HEADER_BYTES);
    byte[] magic = new byte[9];
    if (in.remaining() < MegatronLayout.Index.HEADER_BYTES) {
      throw new ShardException(idx + " is cut short");
    }
    in.get(magic);
    if (!Arrays.equals(magic, "MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII))) {
      throw new ShardException(idx + " is not a Megatron index");
    }
    in.getLong();
    int dtype = in.get();
    long sequences = in.getLong();
    long room = (Files.size(idx) - MegatronLayout.Index.HEADER_BYTES) / Integer.BYTES;
    if (sequences < 0 || sequences > room) {
      throw new ShardException(
          idx + " is cut short: it says that it lists " + sequences + " sequences");
    }
    if (dtype != 8 && dtype != 4) {
      throw new ShardException(idx + ": holds neither uint16 nor int32, but type " + dtype);
    }
    return new RawIds.Form(
        0,
        dtype == 8 ? IdWidth.UINT16 : IdWidth.INT32,
        new RawIds.EndList(
            idx, MegatronLayout.Index.HEADER_BYTES, sequences, RawIds.EndKind.LENGTHS));
  }

  private static ByteBuffer head(Path file, int bytes) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel in = FileChannel.open(file)) {
      while (head.hasRemaining() && in.read(head) >= 0) {
        // reads on
      }
    }
    return head.flip();
  }
}
