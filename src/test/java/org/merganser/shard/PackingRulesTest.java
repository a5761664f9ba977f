package org.merganser.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.output.figures.PackFigures;
import org.merganser.shard.ShardPacking.Remainder;
import org.merganser.shard.ShardPacking.Strategy;

/** Packing against plain twins, and its figures against what is in the sequences. */
final class PackingRulesTest {
  private static final int BEGIN = 1000;
  private static final int FILL = 2000;

  @TempDir Path dir;

  /** The ids of each sequence. */
  private static List<List<Integer>> pack(ShardPacking settings, List<int[]> documents)
      throws IOException {
    List<List<Integer>> sequences = new ArrayList<>();
    SequencePacker packer =
        SequencePacker.of(settings, sequence -> sequences.add(list(sequence.ids, sequence.count)));
    for (int i = 0; i < documents.size(); i++) {
      packer.add(SequencePackerTest.document(i), documents.get(i), documents.get(i).length, false);
    }
    packer.finish();
    return sequences;
  }

  private static List<Integer> list(int[] ids, int count) {
    return Arrays.stream(ids, 0, count).boxed().toList();
  }

  private static List<int[]> documents(Random random, int count, int most) {
    List<int[]> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      documents.add(random.ints(random.nextInt(most), 0, 1000).toArray());
    }
    return documents;
  }

  /**
   * nanochat/dataloader.py, line by line, with a buffer of {@link BestFitCropPacker#WAITING}
   * documents that are refilled one by one.
   */
  private static List<List<Integer>> nanochat(int rowCapacity, List<int[]> documents) {
    List<int[]> source = new ArrayList<>(documents);
    source.removeIf(document -> document.length == 0);
    List<int[]> buffer = new ArrayList<>();
    List<List<Integer>> rows = new ArrayList<>();
    while (!source.isEmpty() || !buffer.isEmpty()) {
      List<Integer> row = new ArrayList<>();
      while (row.size() < rowCapacity) {
        while (buffer.size() < BestFitCropPacker.WAITING && !source.isEmpty()) {
          buffer.add(source.remove(0));
        }
        if (buffer.isEmpty()) {
          break;
        }
        int remaining = rowCapacity - row.size();
        int best = -1;
        int bestLength = 0;
        for (int i = 0; i < buffer.size(); i++) {
          int length = buffer.get(i).length;
          if (length <= remaining && length > bestLength) {
            best = i;
            bestLength = length;
          }
        }
        if (best >= 0) {
          row.addAll(list(buffer.get(best), bestLength));
          buffer.remove(best);
        } else {
          int shortest = 0;
          for (int i = 0; i < buffer.size(); i++) {
            shortest = buffer.get(i).length < buffer.get(shortest).length ? i : shortest;
          }
          row.addAll(list(buffer.remove(shortest), remaining));
        }
      }
      rows.add(row);
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 300})
  void bestFitCropIsNanochatsRule(int length) throws IOException {
    Random random = new Random(Seeds.next());
    List<int[]> documents = documents(random, 3000, 120);
    assertThat(
            pack(
                new ShardPacking(length, Strategy.BEST_FIT_CROP, Remainder.KEEP, -1, -1),
                documents))
        .isEqualTo(nanochat(length, documents));
  }

  /** The documents as encoding writes them for a job that begins each with a token. */
  private static List<int[]> begun(List<int[]> documents) {
    return documents.stream()
        .map(ids -> IntStream.concat(IntStream.of(BEGIN), Arrays.stream(ids)).toArray())
        .toList();
  }

  private Path shard(List<int[]> documents) throws IOException {
    List<ShardRow> rows = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      rows.add(ShardRows.row("d" + i, "f", 0, 0, documents.get(i)));
    }
    return ShardRows.write(dir.resolve("shard.parquet"), "ab", rows);
  }

  @ParameterizedTest
  @CsvSource({
    "CONCAT, KEEP",
    "CONCAT, DROP",
    "CONCAT, PAD",
    "BEST_FIT, DROP",
    "BEST_FIT, PAD",
    "BEST_FIT_CROP, KEEP",
    "BEST_FIT_CROP, DROP",
    "BEST_FIT_CROP, PAD"
  })
  void theFiguresAccountForEveryIdAndPlace(Strategy strategy, Remainder remainder)
      throws IOException {
    List<int[]> documents = begun(documents(new Random(Seeds.next()), 1500, 90));
    ShardPacking settings = new ShardPacking(50, strategy, remainder, BEGIN, FILL);
    long[] kept = new long[1];
    long[] padded = new long[1];
    long[] rows = new long[1];
    PackFigures figures =
        settings.pack(
            List.of(shard(documents)),
            4,
            row -> {
              rows[0]++;
              for (int p = 0; p < row.pieces.size(); p++) {
                Piece piece = row.pieces.get(p);
                int length = row.pieceLength(row.pieces, p);
                for (int i = 0; i < length; i++) {
                  int id = row.ids[piece.start() + i];
                  if (piece.isFilling()) {
                    assertThat(id).isEqualTo(FILL);
                    padded[0]++;
                  } else {
                    int[] document = documents.get(Integer.parseInt(piece.docId().substring(1)));
                    assertThat(id).isEqualTo(document[piece.position() + i]);
                    kept[0]++;
                  }
                }
              }
              if (remainder != Remainder.KEEP) {
                assertThat(row.count).isEqualTo(50);
              } else {
                padded[0] += 50 - row.count;
              }
            });
    assertThat(figures.sequences()).isEqualTo(rows[0]);
    assertThat(figures.outcome().kept()).isEqualTo(kept[0]);
    assertThat(figures.padded()).isEqualTo(padded[0]);
    assertThat(figures.documents().tokens())
        .isEqualTo(documents.stream().mapToLong(d -> d.length - 1).sum());
    assertThat(figures.documents().beginTokens()).isEqualTo(documents.size());
    assertThat(figures.documents().tokens() + figures.documents().beginTokens())
        .isEqualTo(
            figures.outcome().kept() + figures.outcome().cropped() + figures.outcome().dropped());
    if (strategy == Strategy.BEST_FIT_CROP) {
      assertThat(figures.outcome().cropped()).isPositive();
    }
  }

  @Test
  void everySequenceOfBestFitCropBeginsWithADocument() throws IOException {
    List<int[]> documents = begun(documents(new Random(Seeds.next()), 3000, 150));
    ShardPacking settings = new ShardPacking(65, Strategy.BEST_FIT_CROP, Remainder.DROP, BEGIN, -1);
    PackFigures figures =
        settings.pack(
            List.of(shard(documents)),
            0,
            row -> {
              assertThat(row.ids[0]).isEqualTo(BEGIN);
              assertThat(row.count).isEqualTo(65);
            });
    assertThat(figures.padded()).isZero();
    assertThat(figures.outcome().dropped()).isLessThan(65); // the last sequence
  }

  @Test
  void documentsWithoutIdsAndNoDocumentsGiveNothing() throws IOException {
    for (Strategy strategy : Strategy.values()) {
      ShardPacking settings = new ShardPacking(8, strategy, Remainder.PAD, BEGIN, FILL);
      for (List<int[]> documents : List.of(List.<int[]>of(), List.of(new int[0], new int[0]))) {
        assertThat(settings.pack(List.of(shard(documents)), 0, row -> assertThat(row).isNull()))
            .isEqualTo(PackFigures.ZERO);
      }
    }
  }
}
