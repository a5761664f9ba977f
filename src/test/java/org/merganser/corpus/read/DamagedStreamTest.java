package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;

/** Every cut and every changed byte of small compressed files: nothing is lost or wrong unseen. */
class DamagedStreamTest {
  @TempDir Path folder;

  /** Three members of ten lines each, and where each begins in the compressed file. */
  private static final List<String> LINES = lines();

  private static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      lines.add("line " + i + " größe " + Integer.toHexString(i * 0x9E3779B9));
    }
    return lines;
  }

  private static byte[] bytes(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(UTF_8);
  }

  private record Members(byte[] all, Set<Integer> ends) {
    static Members of(Compression compression) throws IOException {
      byte[] all = {};
      Set<Integer> ends = new TreeSet<>();
      for (int m = 0; m < 3; m++) {
        if (compression == Compression.ZSTD) {
          all =
              Compressed.join(all, new byte[] {0x5A, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'});
          ends.add(all.length);
        }
        byte[] text = bytes(LINES.subList(10 * m, 10 * m + 10));
        all = Compressed.join(all, Compressed.of(compression, text));
        ends.add(all.length);
        if (compression == Compression.XZ) { // padding
          all = Arrays.copyOf(all, all.length + 4);
          ends.add(all.length);
        }
      }
      return new Members(all, ends);
    }
  }

  static String name(Compression compression) {
    return switch (compression) {
      case NONE -> "a";
      case GZIP -> "a.gz";
      case ZSTD -> "a.zst";
      case BZIP2 -> "a.bz2";
      case XZ -> "a.xz";
    };
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void noticesACutAtEveryByteAndKeepsWhatIsBefore(Compression compression) throws IOException {
    Members members = Members.of(compression);
    for (int length = 0; length <= members.all.length; length++) {
      Path cut = file(folder, name(compression), Arrays.copyOf(members.all, length));
      Reading reading = Reading.of(settings(InputFormat.LINES, cut));
      assertThat(reading.texts()).isEqualTo(LINES.subList(0, reading.documents.size()));
      if (members.ends.contains(length)) {
        assertThat(reading.reasons()).as("%s cut at %d", compression, length).isEmpty();
      } else {
        assertThat(reading.reasons())
            .as("%s cut at %d", compression, length)
            .hasSizeBetween(
                1, 2) // the record under way, and the one before it, which is not proved
            .containsOnly("truncated");
      }
    }
    assertThat(Reading.of(settings(InputFormat.LINES, folder)).texts()).isEqualTo(LINES);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void handsOnNoTextWhoseChecksumFailsWhateverByteIsChanged(Compression compression)
      throws IOException {
    Members members = Members.of(compression);
    for (int at = 0; at < members.all.length; at++) {
      byte[] changed = members.all.clone();
      changed[at] ^= (byte) (1 << at % 8);
      Reading reading =
          Reading.of(settings(InputFormat.LINES, file(folder, name(compression), changed)));
      String what = compression + ", byte " + at + ", bit " + at % 8 + ": " + reading.letters;
      if (reading.letters.isEmpty()) {
        assertThat(reading.texts()).as(what).isEqualTo(LINES);
        continue;
      }
      assertThat(reading.texts()).as(what).isEqualTo(LINES.subList(0, reading.documents.size()));
    }
  }

  /** What 1000 of 3000 documents were lost by: two frames in one read of the decoder. */
  @Test
  void noticesThatTheSecondOfTwoFramesIsCut() throws IOException {
    byte[] two = Compressed.join(Compressed.zstd("one\n"), Compressed.zstd("two\nthree\n"));
    Path path = file(folder, "a.zst", Arrays.copyOf(two, two.length - 5));
    Reading reading = Reading.of(settings(InputFormat.LINES, path));
    assertThat(reading.texts()).containsExactly("one");
    assertThat(reading.reasons()).containsExactly("truncated", "truncated");
    assertThat(reading.letters.get(0).raw()).isEqualTo("two".getBytes(UTF_8));
    assertThat(reading.letters.get(0).detail())
        .startsWith("the last complete record before a checksum that is missing: zstd frame 2 ");
    assertThat(reading.letters.get(1).detail())
        .startsWith("zstd frame 2 ends too early, after ")
        .contains("no checksum proves those from byte 4 on");
  }

  @Test
  void makesDeadLettersOfTheRecordsOfTheMemberWhoseChecksumFails() throws IOException {
    byte[] first = Compressed.gzip("one\ntwo\n\n");
    byte[] second = Compressed.gzip("three\n\nfour\n");
    byte[] all = Compressed.join(first, second, Compressed.gzip("six\n"));
    all[first.length + second.length - 8] ^= 1; // its CRC
    Reading lines = Reading.of(settings(InputFormat.LINES, file(folder, "a.gz", all)));
    assertThat(lines.texts()).containsExactly("one", "two");
    assertThat(lines.reasons()).containsExactly("corrupt", "corrupt", "corrupt");
    assertThat(lines.letters.get(0).raw()).isEqualTo("three".getBytes(UTF_8));
    assertThat(lines.letters.get(2).detail())
        .startsWith("gzip member 2 has a wrong checksum, after 21 decoded bytes;")
        .contains("no checksum proves those from byte 9 on");
    Reading paragraphs = Reading.of(settings(InputFormat.PARAGRAPHS, file(folder, "a.gz", all)));
    assertThat(paragraphs.texts()).containsExactly("one\ntwo");
    assertThat(paragraphs.reasons()).containsExactly("corrupt", "corrupt");
  }

  @Test
  void saysWhichStoredBytesOfACutBlockAreNotDecoded() throws IOException {
    byte[] text = bytes(LINES);
    for (Compression compression : List.of(Compression.BZIP2, Compression.XZ)) {
      byte[] first = Compressed.of(compression, text);
      byte[] two = Compressed.join(first, Compressed.of(compression, text));
      int length = first.length + (two.length - first.length) / 2;
      Path path = file(folder, name(compression), Arrays.copyOf(two, length));
      Reading reading = Reading.of(settings(InputFormat.LINES, path));
      assertThat(reading.texts()).isEqualTo(LINES);
      assertThat(reading.letters.get(0).detail())
          .contains(
              ", after "
                  + text.length
                  + " decoded bytes; the stored bytes from byte "
                  + first.length
                  + " to "
                  + length
                  + " are an incomplete block");
    }
  }

  /** Its data run on, so that the file looks cut; its length is not that of a cut file. */
  @Test
  void aGzipMemberWhoseEndIsDamagedIsNotTakenForACutOne() throws IOException {
    byte[] good = Compressed.of(Compression.GZIP, bytes(LINES));
    int cut = 0;
    for (int bit = 8 * (good.length - 24); bit < 8 * good.length; bit++) {
      byte[] changed = good.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      Reading reading = Reading.of(settings(InputFormat.LINES, file(folder, "a.gz", changed)));
      if (reading.texts().equals(LINES)) {
        continue; // a bit that nothing uses fills the last byte of the data
      }
      assertThat(reading.texts()).as("bit " + bit).isEmpty();
      assertThat(reading.reasons()).as("bit " + bit).containsOnly("corrupt");
      String detail = reading.letters.get(reading.letters.size() - 1).detail();
      cut += detail.startsWith("gzip member 1 is damaged: it has no end") ? 1 : 0;
    }
    assertThat(cut).isPositive();
  }

  /** Each block holds its checksum, but the record between two of them was never there. */
  @Test
  void usesNothingOfABzip2StreamOfWhichABlockIsMissing() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      lines.add("line " + i + " " + Integer.toHexString(i * 0x9E3779B9));
    }
    StringBuilder bits = new StringBuilder();
    for (byte b : Compressed.of(Compression.BZIP2, bytes(lines))) {
      bits.append(Integer.toBinaryString(b & 0xFF | 0x100), 1, 9);
    }
    String magic = Long.toBinaryString(0x314159265359L | 1L << 48).substring(1);
    int second = bits.indexOf(magic, bits.indexOf(magic) + 1);
    bits.delete(second, bits.indexOf(magic, second + 1));
    byte[] fewer = new byte[bits.length() / 8];
    for (int i = 0; i < fewer.length; i++) {
      fewer[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
    }
    byte[] all = Compressed.join(Compressed.of(Compression.BZIP2, bytes(LINES)), fewer);
    all = Arrays.copyOf(all, all.length + 1); // the bits of the last byte
    Reading reading = Reading.of(settings(InputFormat.LINES, file(folder, "a.bz2", all)));
    assertThat(reading.texts()).isEqualTo(LINES);
    assertThat(reading.reasons()).hasSizeGreaterThan(10_000).containsOnly("corrupt");
  }

  /** Damage makes broken records of good ones, whose reason would be a wrong one. */
  @Test
  void allThatAFailingMemberHoldsIsCorruptWhateverElseIsWrongWithIt() throws IOException {
    byte[] bad = Compressed.gzip("{\"text\":\"a\"}\nno JSON\n{}\n\n{\"text\":3}\n");
    bad[bad.length - 8] ^= 1;
    Reading reading = Reading.of(settings(InputFormat.JSONL, file(folder, "a.gz", bad)));
    assertThat(reading.documents).isEmpty();
    assertThat(reading.reasons()).hasSize(5).containsOnly("corrupt");
    assertThat(reading.letters.get(1).detail()).startsWith("decoded before its checksum failed: ");
  }

  @Test
  void readsAFileAgainOnlyWhereAChecksumFails() throws IOException {
    byte[] good = Compressed.gzip("one\ntwo\n");
    byte[] bad = good.clone();
    bad[good.length - 8] ^= 1;
    file(folder, "a.gz", good);
    CorpusSettings settings = settings(InputFormat.LINES, folder);
    UnitReader reader = new UnitReader(settings, null);
    for (boolean damaged : new boolean[] {false, true}) {
      file(folder, "b.gz", damaged ? bad : good);
      WorkUnit unit = CorpusPlanner.plan(CorpusPlanner.list(settings)).get(0);
      AtomicInteger attempts = new AtomicInteger();
      Reading reading =
          reader.readOnce(
              () -> {
                attempts.incrementAndGet();
                Reading attempt = new Reading();
                reader.read(unit, attempt);
                return attempt;
              });
      assertThat(attempts).hasValue(damaged ? 2 : 1);
      assertThat(reading.texts())
          .isEqualTo(damaged ? List.of("one", "two") : List.of("one", "two", "one", "two"));
      assertThat(reading.reasons())
          .isEqualTo(damaged ? List.of("corrupt", "corrupt", "corrupt") : List.of());
    }
  }
}
