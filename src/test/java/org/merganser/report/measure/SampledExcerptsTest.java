package org.merganser.report.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;

final class SampledExcerptsTest {
  /** Every other excerpt: of documents at some dozen places all are met. */
  private static final TextSample HALF = new TextSample(1);

  private static final int PLACES = 24;

  private static ShardRow row(int count) {
    return ShardRows.row("", "a.txt", 0, 0, IntStream.range(0, count).toArray());
  }

  /** Ends of excerpts by their begins, of the same document at many places. */
  private static Map<Integer, Integer> excerpts(ShardRow row, TextSample sample) {
    boolean validation = sample.isAll();
    Map<Integer, Integer> found = new TreeMap<>();
    for (int place = 0; place < PLACES; place++) {
      row.offset = place;
      SampledExcerpts.visit(
          sample,
          row,
          0,
          validation,
          excerpt -> {
            assertThat(sample.has(excerpt.hash())).isTrue();
            assertThat(excerpt.validation()).isEqualTo(validation);
            assertThat(excerpt.document()).isEqualTo(row.docId);
            int length = excerpt.ids().length;
            assertThat(excerpt.alone()).isEqualTo(length == row.count);
            int from = length == 0 ? 0 : excerpt.ids()[0];
            assertThat(excerpt.ids()).isEqualTo(Arrays.copyOfRange(row.ids, from, from + length));
            found.put(from, from + length);
          });
    }
    return found;
  }

  @Test
  void excerptsOfALongDocumentCoverIt() {
    int ids = SampledExcerpts.IDS;
    assertThat(excerpts(row(2 * ids + 7), HALF))
        .isEqualTo(Map.of(0, ids, ids, 2 * ids, 2 * ids, 2 * ids + 7));
  }

  @Test
  void aDocumentIsWholeUpToTheSizeOfAnExcerpt() {
    assertThat(excerpts(row(SampledExcerpts.IDS), HALF)).isEqualTo(Map.of(0, SampledExcerpts.IDS));
    assertThat(excerpts(row(SampledExcerpts.IDS + 1), HALF)).hasSize(2);
  }

  @Test
  void anEmptyDocumentIsAnExcerptToo() {
    assertThat(excerpts(row(0), HALF)).isEqualTo(Map.of(0, 0));
  }

  @Test
  void documentsAreWholeWhereAllIsMeasured() {
    ShardRow row = row(3 * SampledExcerpts.IDS);
    assertThat(excerpts(row, TextSample.ALL)).isEqualTo(Map.of(0, row.count));
  }
}
