package org.merganser.pipeline.train.count;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockPlaceTest {
  private static final byte[][] BLOCKS = {{1, 2, 3}, {}, new byte[5000], {-1}};

  @TempDir Path folder;

  private static byte[] countFile() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    PartialCountFile.append(BLOCKS, new DataOutputStream(file));
    return file.toByteArray();
  }

  private static List<BlockPlace> places(Path file) throws IOException {
    List<BlockPlace> places = new ArrayList<>();
    PartialCountFile.forEachPlace(file.toString(), (partition, place) -> places.add(place));
    return places;
  }

  @Test
  void readsEachBlockOfAFileWhereverItLies() throws IOException {
    Path file = Files.write(folder.resolve("two words.counts"), countFile());
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
    byte[] whole = countFile();
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
}
