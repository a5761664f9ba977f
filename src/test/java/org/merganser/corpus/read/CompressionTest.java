package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.settings;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.InputFormat;

class CompressionTest {
  private static final Compression[] COMPRESSIONS = {
    Compression.GZIP, Compression.ZSTD, Compression.BZIP2, Compression.XZ
  };

  @TempDir Path folder;

  private static final List<String> LINES = lines();

  /** About 300 KB in lines that do not compress away. */
  private static List<String> lines() {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 8_000; i++) {
      lines.add("line " + i + " " + Long.toHexString(random.nextLong()) + " größe");
    }
    return lines;
  }

  private static byte[] bytes(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(UTF_8);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void readsSeveralMembersOneAfterTheOther(Compression compression) throws IOException {
    byte[] all = bytes(LINES);
    int middle = all.length / 3;
    byte[] joined =
        Compressed.join(
            Compressed.of(compression, Arrays.copyOf(all, middle)),
            Compressed.of(compression, new byte[0]),
            Compressed.of(compression, Arrays.copyOfRange(all, middle, all.length)));
    Reading reading = Reading.of(settings(InputFormat.LINES, file(folder, "a", joined)));
    assertThat(reading.texts()).isEqualTo(LINES);
    assertThat(reading.letters).isEmpty();
    assertThat(reading.rawBytes()).isEqualTo(all.length);
    assertThat(reading.receipts.get(0).sum().sha256()).isEqualTo(UnitReaderTest.sha256(joined));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void keepsTheDocumentsBeforeTheEndOfATruncatedStream(Compression compression) throws IOException {
    byte[] whole = Compressed.of(compression, bytes(LINES));
    for (int length : new int[] {whole.length - 1, whole.length / 2, 40}) {
      byte[] cut = Arrays.copyOf(whole, length);
      Reading reading = Reading.of(settings(InputFormat.LINES, file(folder, "a", cut)));
      assertKeptBefore(reading, cut);
      if (length == whole.length - 1) {
        assertThat(reading.documents).as("%s %d", compression, length).hasSizeGreaterThan(1_500);
      }
    }
  }

  /** In bzip2 the blocks before the damaged one have held their checks. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void makesDeadLettersOfWhatWasDecodedBeforeDamageInTheMiddle(Compression compression)
      throws IOException {
    byte[] damaged = Compressed.of(compression, bytes(LINES));
    Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + 300, (byte) 0x5A);
    Reading reading = Reading.of(settings(InputFormat.LINES, file(folder, "a", damaged)));
    assertThat(reading.reasons()).isNotEmpty().containsOnly("corrupt");
    int kept = reading.documents.size();
    assertThat(kept).isEqualTo(compression == Compression.BZIP2 ? 2_892 : 0);
    assertThat(reading.texts()).isEqualTo(LINES.subList(0, kept));
    assertThat(reading.letters.get(0).raw()).startsWith(LINES.get(kept).getBytes(UTF_8));
    DeadLetter rest = reading.letters.get(reading.letters.size() - 1);
    assertThat(rest.offset() + rest.length()).isEqualTo(reading.rawBytes());
    assertThat(reading.receipts.get(0).sum().sha256()).isEqualTo(UnitReaderTest.sha256(damaged));
  }

  private static void assertKeptBefore(Reading reading, byte[] stored) {
    assertThat(reading.reasons()).hasSizeBetween(1, 2).containsOnly("truncated");
    DeadLetter rest = reading.letters.get(reading.letters.size() - 1);
    assertThat(rest.detail())
        .contains(" ends too early, after " + reading.rawBytes() + " decoded bytes");
    assertThat(reading.texts()).isEqualTo(LINES.subList(0, reading.documents.size()));
    assertThat(rest.offset() + rest.length()).isEqualTo(reading.rawBytes());
    assertThat(reading.receipts.get(0).sum().sha256()).isEqualTo(UnitReaderTest.sha256(stored));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void reportsBytesAfterTheLastMember(Compression compression) throws IOException {
    byte[] garbage =
        Compressed.join(
            Compressed.of(compression, "one\ntwo\n".getBytes(UTF_8)),
            "GARBAGE THAT IS NO HEADER".getBytes(UTF_8));
    Reading reading = Reading.of(settings(InputFormat.LINES, file(folder, "a", garbage)));
    assertThat(reading.reasons()).containsExactly("corrupt");
    assertThat(reading.receipts.get(0).sum().sha256()).isEqualTo(UnitReaderTest.sha256(garbage));
  }

  /** What one dead letter among a million records hid. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aNamePromisesACompressionAndAFirstByteThatIsWrongIsDamage(Compression compression)
      throws IOException {
    String suffix = DamagedStreamTest.name(compression).substring(1);
    byte[] good = Compressed.of(compression, "{\"text\":\"one\"}\n".getBytes(UTF_8));
    for (String name : List.of("a", "a.txt", "a.jsonl", "a.csv", "a.warc", "a.JSON")) {
      for (int at = 0; at < 3; at++) {
        byte[] damaged = good.clone();
        damaged[at] ^= 0x10;
        Path path = file(folder, name + suffix, damaged);
        Reading reading = Reading.of(settings(InputFormat.AUTO, path));
        assertThat(reading.documents).isEmpty();
        assertThat(reading.reasons()).as(name + suffix + " " + at).containsExactly("corrupt");
        assertThat(reading.letters.get(0).detail())
            .contains(", after 0 decoded bytes")
            .contains("if it is not compressed, give it a name without .gz");
      }
    }
    Path zstd = file(folder, "b" + suffix, Compressed.zstd("one"));
    assertThat(Reading.of(settings(InputFormat.AUTO, zstd)).texts()).containsExactly("one");
  }

  @Test
  void saysWhatIsWrongWithAGzipMember() throws IOException {
    byte[] good = Compressed.gzip("one\ntwo\n");
    byte[] badCrc = good.clone();
    badCrc[good.length - 8] ^= 1;
    Reading reading = Reading.of(settings(InputFormat.LINES, file(folder, "a", badCrc)));
    assertThat(reading.texts()).isEmpty();
    assertThat(reading.letters.get(2).detail())
        .isEqualTo(
            "gzip member 1 has a wrong checksum, after 8 decoded bytes; no checksum proves those"
                + " from byte 0 on");
    byte[] padded = Arrays.copyOf(good, good.length + 512);
    assertThat(Reading.of(settings(InputFormat.LINES, file(folder, "a", padded))).letters)
        .isEmpty();
  }

  @Test
  void makesAWholeTextADeadLetterWhenItsStreamIsTruncated() throws IOException {
    byte[] whole = Compressed.gzip("one document");
    byte[] cut = Arrays.copyOf(whole, whole.length - 3);
    Reading reading = Reading.of(settings(InputFormat.TEXT, file(folder, "a", cut)));
    assertThat(reading.documents).isEmpty();
    assertThat(new String(reading.letters.get(0).raw(), UTF_8)).isEqualTo("one document");
  }

  /** A stream of some bytes may ask for the dictionary of a large one: here 192 MiB. */
  @Test
  void manyXzStreamsWithLargeDictionariesTakeTheMemoryOfOne() throws IOException {
    byte[] stream = Compressed.of(Compression.XZ, "line\n".getBytes(UTF_8));
    assertThat(stream[16]).isEqualTo((byte) 16); // 1 MiB, in the block's header
    stream[16] = 31;
    CRC32 crc = new CRC32();
    crc.update(stream, 12, 8);
    ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN).putInt(20, (int) crc.getValue());
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 40; i++) {
      all.writeBytes(stream);
    }
    Path path = file(folder, "a.xz", all.toByteArray());
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Reading reading = Reading.of(settings(InputFormat.LINES, path));
    assertThat(reading.texts()).hasSize(40).containsOnly("line");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 * (192L << 20));
  }

  @Test
  void skipsSkippableZstdFrames() throws IOException {
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};
    byte[] all =
        Compressed.join(
            skippable, Compressed.zstd("first\n"), skippable, Compressed.zstd("second\n"));
    Reading reading = Reading.of(settings(InputFormat.LINES, file(folder, "a", all)));
    assertThat(reading.texts()).containsExactly("first", "second");
    assertThat(reading.letters).isEmpty();
  }

  @Test
  void readsTheSameFromEveryCompression() throws IOException {
    for (Compression compression : COMPRESSIONS) {
      file(folder, compression.name(), Compressed.of(compression, bytes(LINES)));
    }
    Reading reading = Reading.of(settings(InputFormat.LINES, folder));
    assertThat(reading.documents).hasSize(4 * 8_000);
    for (int i = 0; i < 4; i++) {
      assertThat(reading.texts().subList(i * 8_000, (i + 1) * 8_000)).isEqualTo(LINES);
    }
  }
}
