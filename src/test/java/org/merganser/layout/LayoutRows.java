package org.merganser.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.merganser.checksum.FileSum;
import org.merganser.parquet.ColumnarReader;
import org.merganser.parquet.ParquetRows;
import org.merganser.shard.Piece;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

/**
 * Reads small files of ids as their public definitions say: indexed_dataset.py of Megatron-LM,
 * nanoGPT's and llm.c's train.bin, NEP 1 of numpy, datatrove's tokenized files, item_loader.py of
 * litData, and dolma's docs/tokenize.md. The index beside a file says which ids are a row.
 */
public final class LayoutRows {
  /** A layout by its own name, which for bin with a header is llmc. */
  static ShardLayout layout(String name) {
    return name.equals("llmc")
        ? ShardFormat.BIN.layout(BinHeader.LLMC)
        : ShardFormat.valueOf(name.toUpperCase(Locale.ROOT)).layout(BinHeader.NONE);
  }

  /** Compares the sums that the writers of a part have made with those of its files. */
  static void assertSums(ShardConversion.Converted part, Path folder) throws IOException {
    for (Map.Entry<String, FileSum> sum : part.sums().entrySet()) {
      Path file = folder.resolve(part.name() + sum.getKey());
      assertThat(sum.getValue()).as("%s", file).isEqualTo(FileSum.of(file));
    }
  }

  /** Ids of a file, where its documents end as the format itself says, and the mask beside it. */
  private record Content(int[] ids, long[] ends, int[] mask) {}

  /** A row of the index. */
  private record Entry(
      long row,
      long start,
      int tokens,
      String id,
      String file,
      long offset,
      int part,
      int position) {
    Entry(Group group) {
      this(
          group.getLong("row", 0),
          group.getLong("start", 0),
          group.getInteger("num_tokens", 0),
          group.getString("doc_id", 0),
          group.getString("file", 0),
          group.getLong("offset", 0),
          group.getInteger("part", 0),
          group.getInteger("position", 0));
    }
  }

  private LayoutRows() {}

  /** The rows of all files of ids in a folder, which is of one layout. */
  public static List<ShardRow> ofFolder(Path folder) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = file.getFileName().toString();
        if (name.matches(".*\\.(parquet|bin|npy|ds)") && !name.endsWith(".index.parquet")) {
          rows.addAll(of(file));
        }
      }
    }
    return rows;
  }

  /** The rows of a file of any layout. */
  public static List<ShardRow> of(Path file) throws IOException {
    if (file.toString().endsWith(".parquet")) {
      return ShardRows.of(file);
    }
    List<ShardRow> rows = new ArrayList<>();
    Content content = content(file);
    boolean packed = metadata(file).containsKey("merganser.sequence.length");
    long first = 0;
    for (Group group : ParquetRows.of(index(file))) {
      Entry entry = new Entry(group);
      if (entry.row == rows.size()) {
        first = entry.start;
        rows.add(row(entry, packed));
      }
      add(rows.get(rows.size() - 1), entry, (int) (entry.start - first), packed, content);
    }
    return rows;
  }

  /** What the index beside a file says of it. */
  private static Map<String, String> metadata(Path file) throws IOException {
    try (ColumnarReader index = new ColumnarReader(index(file))) {
      return index.metadata();
    }
  }

  private static ShardRow row(Entry entry, boolean packed) {
    ShardRow row = new ShardRow();
    row.docId = packed ? "sequence " + entry.row : entry.id;
    row.file = packed ? "" : entry.file;
    row.offset = packed ? 0 : entry.offset;
    row.part = packed ? 0 : entry.part;
    return row;
  }

  private static void add(ShardRow row, Entry entry, int at, boolean packed, Content content) {
    int end = (int) entry.start + entry.tokens;
    row.count = at + entry.tokens;
    row.ids = Arrays.copyOfRange(content.ids, end - row.count, end);
    row.mask = content.mask == null ? null : Arrays.copyOfRange(content.mask, end - row.count, end);
    if (packed) {
      Piece piece = new Piece(at, entry.id, entry.file, entry.offset, entry.part, entry.position);
      row.pieces = Stream.concat(row.pieces.stream(), Stream.of(piece)).toList();
    }
  }

  /** The ids of each document as the format itself tells them apart, without the index. */
  static List<int[]> documents(Path file) throws IOException {
    Content content = content(file);
    List<int[]> documents = new ArrayList<>();
    int start = 0;
    for (long end : content.ends) {
      documents.add(Arrays.copyOfRange(content.ids, start, (int) end));
      start = (int) end;
    }
    assertThat(start).isEqualTo(content.ids.length);
    return documents;
  }

  /** What tells rows apart: where their ids come from, the ids and their flags. */
  public static List<String> show(List<ShardRow> rows) {
    return rows.stream().map(LayoutRows::show).toList();
  }

  private static String show(ShardRow row) {
    String origin = row.docId + " " + row.file + " " + row.offset + " " + row.part;
    String ids = Arrays.toString(Arrays.copyOf(row.ids, row.count));
    return (row.pieces.isEmpty() ? origin : row.pieces) + ids + Arrays.toString(row.mask);
  }

  private static Content content(Path file) throws IOException {
    String name = file.toString();
    if (name.endsWith(".chunk.bin")) {
      return litdata(file);
    }
    if (name.endsWith(".bin")) {
      return Files.exists(sibling(file, ".idx")) ? megatron(file) : bin(file);
    }
    if (name.endsWith(".npy")) {
      return Files.exists(sibling(file, ".csv.gz")) ? dolma(file) : npy(file);
    }
    return datatrove(file);
  }

  private static Content megatron(Path file) throws IOException {
    ByteBuffer idx = bytes(sibling(file, ".idx"));
    byte[] magic = new byte[9];
    idx.get(magic);
    assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("MMIDIDX\0\0");
    assertThat(idx.getLong()).isEqualTo(1);
    int width = idx.get() == 8 ? 2 : 4;
    int sequences = (int) idx.getLong();
    int boundaries = (int) idx.getLong();
    int[] lengths = IntStream.range(0, sequences).map(i -> idx.getInt()).toArray();
    long[] places = LongStream.range(0, sequences).map(i -> idx.getLong()).toArray();
    long[] documents = LongStream.range(0, boundaries).map(i -> idx.getLong()).toArray();
    long[] ends = new long[boundaries - 1];
    long ids = 0;
    for (int i = 0, document = 1; i < sequences; i++) {
      assertThat(places[i]).isEqualTo(width * ids);
      ids += lengths[i];
      if (documents[document] == i + 1) {
        ends[document++ - 1] = ids;
      }
    }
    return new Content(ids(bytes(file), width), ends, null);
  }

  private static Content bin(Path file) throws IOException {
    ByteBuffer bin = bytes(file);
    int magic = bin.remaining() < 1024 ? 0 : bin.getInt(0);
    int width = magic == 20_240_520 ? 2 : 4; // llm.c's
    if (magic != 20_240_520 && magic != 20_240_801) {
      width = Integer.parseInt(metadata(file).get("merganser.id.bytes"));
      return content(file, ids(bin, width));
    }
    int[] ids = ids(bin.position(1024), width);
    assertThat(bin.getInt(8)).isEqualTo(ids.length);
    return content(file, ids);
  }

  private static Content npy(Path file) throws IOException {
    ByteBuffer npy = bytes(file);
    assertThat(npy.getLong()).isEqualTo(0x0001_5950_4D55_4E93L); // \x93NUMPY, version 1.0
    byte[] header = new byte[npy.getShort()];
    npy.get(header);
    Matcher descr =
        Pattern.compile(
                "\\{'descr': '<[ui]([24])', 'fortran_order': False, 'shape': \\((.*)\\), } *\n")
            .matcher(new String(header, StandardCharsets.US_ASCII));
    assertThat(descr.matches()).isTrue();
    int[] ids = ids(npy, Integer.parseInt(descr.group(1)));
    assertThat(Pattern.compile(",").splitAsStream(descr.group(2)).map(String::strip))
        .hasSizeBetween(1, 2);
    return content(file, ids);
  }

  private static Content datatrove(Path file) throws IOException {
    List<String> metadata = Files.readAllLines(Path.of(file + ".metadata"));
    int[] ids = ids(bytes(file), metadata.get(0).endsWith("|4") ? 4 : 2);
    assertThat(Integer.parseInt(metadata.get(1))).isEqualTo(ids.length);
    ByteBuffer index = bytes(Path.of(file + ".index"));
    long[] ends = new long[index.remaining() / 8];
    index.asLongBuffer().get(ends);
    return new Content(ids, ends, content(file, ids).mask);
  }

  /** Bare ids, and a list whose lines end where the next one starts. */
  private static Content dolma(Path file) throws IOException {
    int width = Integer.parseInt(metadata(file).get("merganser.id.bytes"));
    int[] ids = ids(bytes(file), width);
    List<Long> ends = new ArrayList<>(List.of(0L));
    for (List<String> fields : DolmaDocuments.read(sibling(file, ".csv.gz"))) {
      assertThat(Long.parseLong(fields.get(0))).isEqualTo(ends.get(ends.size() - 1));
      ends.add(Long.parseLong(fields.get(1)));
    }
    long[] all = ends.stream().skip(1).mapToLong(end -> end).toArray();
    return new Content(ids, all, content(file, ids).mask);
  }

  private static Content litdata(Path file) throws IOException {
    ByteBuffer chunk = bytes(file);
    int items = chunk.getInt();
    int first = chunk.getInt();
    assertThat(first).isEqualTo(4 * (items + 2));
    long[] ends = IntStream.range(0, items).mapToLong(i -> (chunk.getInt() - first) / 4).toArray();
    return new Content(ids(chunk, 4), ends, null);
  }

  /** Ids that the format does not divide, with the mask beside them if there is one. */
  private static Content content(Path file, int[] ids) throws IOException {
    Path mask = Path.of(file + ".loss");
    if (!Files.exists(mask)) {
      return new Content(ids, new long[] {ids.length}, null);
    }
    byte[] flags = Files.readAllBytes(mask);
    boolean npy = file.toString().endsWith(".npy") && !Files.exists(sibling(file, ".csv.gz"));
    int header = npy ? 128 : 0;
    assertThat(flags).hasSize(header + ids.length);
    int[] values = IntStream.range(0, ids.length).map(i -> flags[header + i]).toArray();
    return new Content(ids, new long[] {ids.length}, values);
  }

  private static Path index(Path file) {
    return file.toString().endsWith(".chunk.bin")
        ? sibling(sibling(file, ""), ".index.parquet")
        : sibling(file, ".index.parquet");
  }

  private static Path sibling(Path file, String suffix) {
    return Path.of(file.toString().replaceFirst("\\.[^./]*$", suffix));
  }

  private static int[] ids(ByteBuffer in, int width) {
    int[] ids = new int[in.remaining() / width];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = width == 2 ? in.getShort() & 0xFFFF : in.getInt();
    }
    return ids;
  }

  private static ByteBuffer bytes(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
