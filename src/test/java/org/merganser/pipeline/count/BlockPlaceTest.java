package org.merganser.pipeline.count;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.bpe.count.GroupedCounts;

final class BlockPlaceTest {
  private static final byte[][] BLOCKS = {{1, 2, 3}, {}, new byte[5000], {-1}};

  @TempDir Path folder;

  private static byte[] countFile(boolean local) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    PartialCountFile.append(BLOCKS, local, new DataOutputStream(file));
    return file.toByteArray();
  }

  private static List<BlockPlace> places(Path file) throws IOException {
    List<BlockPlace> places = new ArrayList<>();
    PartialCountFile.forEachPlace(file.toString(), (partition, place) -> places.add(place));
    return places;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsEachBlockOfAFileWhereverItLies(boolean local) throws IOException {
    Path file = Files.write(folder.resolve("two words.counts"), countFile(local));
    List<BlockPlace> places = places(file);
    assertThat(places).hasSize(3);
    assertThat(places.get(0).read()).isEqualTo(BLOCKS[0]);
    assertThat(places.get(1).read()).isEqualTo(BLOCKS[2]);
    assertThat(places.get(2).read()).isEqualTo(BLOCKS[3]);
  }

  @Test
  void itsTextLeadsBackToIt() {
    BlockPlace place = new BlockPlace("s3://bucket/two  words/unit-0000001.counts", 1L << 40, 7);
    assertThat(place).hasToString("s3://bucket/two  words/unit-0000001.counts 1099511627776 7");
    assertThat(BlockPlace.parse(place.toString())).isEqualTo(place);
  }

  @Test
  void aFileThatEndsTooEarlySaysWhereAndByHowMuch() throws IOException {
    byte[] whole = countFile(true);
    Path file = Files.write(folder.resolve("cut.counts"), whole);
    BlockPlace last = places(file).get(2);
    Files.write(file, Arrays.copyOf(whole, (int) last.offset() + 1));
    assertThatThrownBy(last::read)
        .isInstanceOf(EOFException.class)
        .hasMessage(
            file
                + ": the counts at byte "
                + last.offset()
                + " end after 1 of "
                + last.size()
                + " bytes; was the file changed while the run was going? Run again");
  }

  @Test
  void aFileThatIsGoneIsAnErrorAndNotAnEmptyBlock() {
    BlockPlace place = new BlockPlace(folder.resolve("gone.counts").toString(), 8, 10);
    assertThatThrownBy(place::read).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void mergesAFewBlocksAtATimeToTheBlockOfAll() throws IOException {
    Random random = new Random(Seeds.next());
    List<byte[]> blocks = new ArrayList<>();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (int unit = 0; unit < 40; unit++) {
      CountTables counts = new CountTables(false);
      for (int i = random.nextInt(50); i >= 0; i--) {
        byte[] pretoken = ("p".repeat(random.nextInt(3)) + random.nextInt(200)).getBytes(US_ASCII);
        counts.of(null).add(pretoken, 0, pretoken.length, 1 + random.nextInt(1000));
      }
      blocks.add(counts.pack(1)[0]);
      PartialCountFile.append(0, blocks.get(unit), unit % 2 == 0, new DataOutputStream(file));
    }
    List<BlockPlace> places = places(Files.write(folder.resolve("all.counts"), file.toByteArray()));
    for (int limit : new int[] {0, 1, 100, 1000, 10_000, 1 << 20}) {
      assertThat(BlockPlace.combine(places, limit))
          .as("%s bytes at a time", limit)
          .isEqualTo(GroupedCounts.combine(blocks));
    }
    assertThat(BlockPlace.combine(List.of())).isEmpty();
  }
}
