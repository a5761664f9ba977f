package org.merganser.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents and ids of Megatron's files, however they are cut into files and sequences. */
final class MegatronDatasetTest {
  private static final int UINT16 = 8;

  @TempDir Path folder;

  /** A pair of files: ids of all sequences, their lengths, and where documents begin. */
  private void write(String to, int type, short[] ids, int[] lengths, long... starts)
      throws IOException {
    Path prefix = folder.resolve(to);
    Files.createDirectories(prefix.getParent());
    ByteBuffer bin = ByteBuffer.allocate(2 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    bin.asShortBuffer().put(ids);
    Files.write(prefix.resolveSibling(prefix.getFileName() + ".bin"), bin.array());
    ByteBuffer idx =
        ByteBuffer.allocate(34 + 12 * lengths.length + 8 * starts.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    idx.put("MMIDIDX\0\0".getBytes(StandardCharsets.US_ASCII)).putLong(1).put((byte) type);
    idx.putLong(lengths.length).putLong(starts.length);
    for (int length : lengths) {
      idx.putInt(length);
    }
    long position = 0;
    for (int length : lengths) {
      idx.putLong(position);
      position += 2L * length;
    }
    for (long start : starts) {
      idx.putLong(start);
    }
    Files.write(prefix.resolveSibling(prefix.getFileName() + ".idx"), idx.array());
  }

  private static short[] ids(int... ids) {
    short[] shorts = new short[ids.length];
    for (int i = 0; i < ids.length; i++) {
      shorts[i] = (short) ids[i];
    }
    return shorts;
  }

  private MegatronDataset read(String name) throws IOException {
    return MegatronDataset.read(folder.resolve(name));
  }

  @Test
  void filesAndSequencesDoNotMatterDocumentsDo() throws IOException {
    write("one/all", UINT16, ids(1, 2, 3, 4, 5, 6), new int[] {3, 0, 3}, 0, 1, 2, 3);
    write("two/part-0", UINT16, ids(1, 2, 3), new int[] {1, 2, 0}, 0, 2, 3);
    write("two/part-1", UINT16, ids(4, 5, 6), new int[] {3}, 0, 1);
    assertThat(read("one").documents()).isEqualTo(3);
    assertThat(read("one").ids()).isEqualTo(6);
    assertThat(read("one").difference(read("two"))).isNull();
    write("other/all", UINT16, ids(1, 2, 3, 4, 5, 6), new int[] {3, 3}, 0, 1, 2);
    assertThat(read("one").difference(read("other")))
        .isEqualTo("document 1 has 0 ids here, 3 there (-1: there is none)");
  }

  @Test
  void theFirstDifferingIdIsFoundInWhicheverFileItIs() throws IOException {
    write("one/all", UINT16, ids(1, 2, 3, 4), new int[] {2, 2}, 0, 1, 2);
    write("two/part-0", UINT16, ids(1, 2), new int[] {2}, 0, 1);
    write("two/part-1", UINT16, ids(3, 9), new int[] {2}, 0, 1);
    assertThat(read("one").difference(read("two"))).isEqualTo("ids differ first at byte 6 of .bin");
  }

  @Test
  void aDocumentThatIsMissingAndAnotherTypeAreDifferences() throws IOException {
    write("one/all", UINT16, ids(1, 2), new int[] {1, 1}, 0, 1, 2);
    write("less/all", UINT16, ids(1), new int[] {1}, 0, 1);
    write("wide/all", 4, ids(1, 0), new int[] {1}, 0, 1);
    assertThat(read("one").difference(read("less")))
        .isEqualTo("document 1 has 1 ids here, -1 there (-1: there is none)");
    assertThat(read("one").difference(read("wide")))
        .isEqualTo("ids are of Megatron's type 8 here, 4 there");
    write("one/more", 4, ids(1, 0), new int[] {1}, 0, 1);
    assertThatThrownBy(() -> read("one")).hasMessageContaining("ids of type 4 after those of 8");
  }
}
