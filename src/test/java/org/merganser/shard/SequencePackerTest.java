package org.merganser.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.shard.ShardPacking.Strategy;
import org.merganser.store.UnusableFileException;

class SequencePackerTest {
  private static List<PackedSequence> pack(int length, Strategy strategy, int[]... documents)
      throws IOException {
    List<PackedSequence> sequences = new ArrayList<>();
    SequencePacker packer =
        SequencePacker.of(
            new ShardPacking(length, strategy, ShardPacking.Remainder.KEEP, -1, -1),
            sequences::add);
    for (int i = 0; i < documents.length; i++) {
      packer.add(document(i), documents[i], documents[i].length, false);
    }
    packer.finish();
    return sequences;
  }

  static Piece document(int number) {
    return new Piece(0, "" + number, "", 0, 0, 0);
  }

  private static String show(PackedSequence s) {
    return Arrays.toString(Arrays.copyOf(s.ids, s.count))
        + s.pieces.stream().map(Piece::start).toList()
        + s.pieces.stream().map(Piece::docId).toList()
        + s.pieces.stream().map(Piece::position).toList();
  }

  @Test
  void concatCutsEveryLengthAndKeepsTheBoundaries() throws IOException {
    assertThat(pack(3, Strategy.CONCAT, new int[] {1, 2}, new int[0], new int[] {3, 4, 5, 6, 7}))
        .extracting(SequencePackerTest::show)
        .containsExactly("[1, 2, 3][0, 2][0, 2][0, 0]", "[4, 5, 6][0][2][1]", "[7][0][2][4]");
  }

  @Test
  void bestFitPutsAPieceWhereTheLeastRoomIsLeft() throws IOException {
    assertThat(
            pack(
                5,
                Strategy.BEST_FIT,
                new int[] {1, 1},
                new int[] {2, 2, 2, 2},
                new int[] {3},
                new int[] {4, 4, 4}))
        .extracting(SequencePackerTest::show)
        .containsExactly("[2, 2, 2, 2, 3][0, 4][1, 2][0, 0]", "[1, 1, 4, 4, 4][0, 2][0, 3][0, 0]");
  }

  @ParameterizedTest
  @EnumSource(names = {"CONCAT", "BEST_FIT"})
  void everyIdIsInOneSequenceOnceAtItsPlace(Strategy strategy) throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int[][] documents = new int[5000][];
    for (int i = 0; i < documents.length; i++) {
      documents[i] = random.ints(random.nextInt(200)).toArray();
    }
    TreeMap<Integer, TreeMap<Integer, int[]>> pieces = new TreeMap<>();
    long ids = 0;
    for (PackedSequence s : pack(64, strategy, documents)) {
      assertThat(s.count).isBetween(1, 64);
      ids += s.count;
      for (int i = 0; i < s.pieces.size(); i++) {
        Piece piece = s.pieces.get(i);
        int end = i + 1 < s.pieces.size() ? s.pieces.get(i + 1).start() : s.count;
        pieces
            .computeIfAbsent(Integer.valueOf(piece.docId()), d -> new TreeMap<>())
            .put(piece.position(), Arrays.copyOfRange(s.ids, piece.start(), end));
      }
    }
    assertThat(ids).isEqualTo(Arrays.stream(documents).mapToLong(d -> d.length).sum());
    for (int d = 0; d < documents.length; d++) {
      int[] joined =
          pieces.getOrDefault(d, new TreeMap<>()).values().stream()
              .flatMapToInt(Arrays::stream)
              .toArray();
      assertThat(joined).as("document %d, seed %d", d, seed).isEqualTo(documents[d]);
    }
  }

  @Test
  void refusesWhatMakesNoSense() throws IOException {
    assertThatThrownBy(() -> pack(0, Strategy.CONCAT))
        .isInstanceOf(UnusableFileException.class)
        .hasMessage("pack.length is 0, it must be at least 1");
  }
}
