package org.merganser.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.apache.parquet.io.ParquetDecodingException;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;

/** Pages of indexes against Parquet's own decoder. */
class PackedIndexesTest {
  /** A page of random indexes: their width in bits, and one bit-packed run. */
  private static ByteBuffer page(int bits, int groups, Random random) {
    ByteSink page = new ByteSink();
    page.put(new byte[3], 0, 3); // an array that is not used from its beginning
    page.putByte(bits);
    page.putVarint((long) groups << 1 | 1);
    byte[] run = new byte[groups * bits];
    random.nextBytes(run);
    page.put(run, 0, run.length);
    byte[] bytes = page.toArray();
    return ByteBuffer.wrap(bytes, 3, bytes.length - 3).slice();
  }

  @Test
  void readsWhatParquetsDecoderReads() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int[] table = new int[1 << 24];
    Arrays.setAll(table, i -> 31 * i);
    for (int round = 0; round < Seeds.cases(400); round++) {
      int bits = 8 * (1 + random.nextInt(3));
      ByteBuffer page = page(bits, 1 + random.nextInt(300), random);
      PackedIndexes indexes = Objects.requireNonNull(PackedIndexes.of(page));
      ByteBufferInputStream bytes = ByteBufferInputStream.wrap(page);
      assertThat(bytes.read()).isEqualTo(bits);
      RunLengthBitPackingHybridDecoder decoder = new RunLengthBitPackingHybridDecoder(bits, bytes);
      int count = (page.remaining() - 2) / bits * 8;
      for (int left = count, from = 0; left > 0; ) {
        int part = 1 + random.nextInt(left);
        int[] read = new int[from + part];
        indexes.read(table, read, from, part);
        for (int i = from; i < read.length; i++) {
          assertThat(read[i]).as("seed %d", seed).isEqualTo(table[decoder.readInt()]);
        }
        left -= part;
        from = random.nextInt(9);
      }
    }
  }

  @Test
  void readsNoMoreThanThePageHas() {
    PackedIndexes indexes =
        Objects.requireNonNull(PackedIndexes.of(page(16, 2, new Random(Seeds.next()))));
    int[] table = new int[1 << 16];
    indexes.read(table, new int[15], 0, 15);
    assertThatThrownBy(() -> indexes.read(table, new int[2], 0, 2))
        .isInstanceOf(ParquetDecodingException.class)
        .hasMessage("the indexes of a page end before its values");
    indexes.read(table, new int[1], 0, 1);
  }

  @Test
  void leavesOtherFormsToParquetsReader() {
    Random random = new Random(Seeds.next());
    assertThat(PackedIndexes.of(page(15, 2, random))).isNull();
    assertThat(PackedIndexes.of(page(32, 2, random))).isNull();
    assertThat(PackedIndexes.of(ByteBuffer.allocate(0))).isNull();
    assertThat(PackedIndexes.of(ByteBuffer.wrap(new byte[] {16}))).isNull();
    assertThat(PackedIndexes.of(ByteBuffer.wrap(new byte[] {16, -1}))).isNull();
    assertThat(PackedIndexes.of(ByteBuffer.wrap(new byte[] {8, 2 << 1, 7}))).isNull(); // one run
    ByteBuffer whole = page(8, 2, random);
    assertThat(PackedIndexes.of(whole)).isNotNull();
    assertThat(PackedIndexes.of(whole.duplicate().limit(whole.limit() - 1))).isNull();
    byte[] more = new byte[whole.limit() + 2]; // a second run
    whole.duplicate().get(more, 0, whole.limit());
    assertThat(PackedIndexes.of(ByteBuffer.wrap(more))).isNull();
    assertThat(PackedIndexes.of(whole.asReadOnlyBuffer())).isNull();
  }
}
