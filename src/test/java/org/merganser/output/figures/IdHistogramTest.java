package org.merganser.output.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.store.UnusableFileException;

class IdHistogramTest {
  @Test
  void countsAddUpAcrossHistogramsAndFiles() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    long[] expected = new long[100_000];
    IdHistogram sum = new IdHistogram();
    for (int unit = 0; unit < 5; unit++) {
      IdHistogram histogram = new IdHistogram();
      int[] ids = new int[10_000];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = random.nextInt(random.nextInt(expected.length) + 1);
      }
      histogram.addAll(ids, 9_000);
      Arrays.stream(ids, 0, 9_000).forEach(id -> expected[id]++);
      sum.add(IdHistogram.read(histogram.toBytes()));
    }
    for (int id = 0; id < expected.length; id++) {
      assertThat(sum.count(id)).as("id %d, seed %d", id, seed).isEqualTo(expected[id]);
    }
    assertThat(sum.total()).isEqualTo(45_000);
  }

  @Test
  void keepsCountsBeyondAnIntAndRefusesToWrap() {
    IdHistogram histogram = new IdHistogram();
    histogram.add(7, 1L << 40);
    histogram.add(0, Long.MAX_VALUE);
    IdHistogram read = IdHistogram.read(histogram.toBytes());
    assertThat(read.count(7)).isEqualTo(1L << 40);
    assertThat(read.count(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(read.bound()).isEqualTo(8);
    assertThat(read.count(8)).isZero();
    assertThatThrownBy(() -> read.add(0, 1)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void anEmptyHistogramIsOneToo() {
    IdHistogram read = IdHistogram.read(new IdHistogram().toBytes());
    assertThat(read.bound()).isZero();
    assertThat(read.total()).isZero();
  }

  @Test
  void refusesANegativeId() {
    IdHistogram histogram = new IdHistogram();
    assertThatThrownBy(() -> histogram.addAll(new int[] {3, -1}, 2))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("id -1");
  }

  @Test
  void theIdsBeforeARefusedOneAreCountedWithTheirBound() {
    IdHistogram histogram = new IdHistogram();
    assertThatThrownBy(() -> histogram.addAll(new int[] {3, 5, -1, 9}, 4))
        .isInstanceOf(UnusableFileException.class);
    assertThat(histogram.bound()).isEqualTo(6);
    IdHistogram sum = new IdHistogram();
    sum.add(histogram);
    assertThat(sum.count(3)).isEqualTo(1);
    assertThat(sum.count(5)).isEqualTo(1);
    assertThat(sum.total()).isEqualTo(2);
  }

  @Test
  void refusesBytesOfAnotherFormatOrOfAnotherNumberOfIds() {
    IdHistogram histogram = new IdHistogram();
    histogram.add(3, 1);
    histogram.add(5, 1);
    byte[] stored = histogram.toBytes();
    byte[] content = Zstd.decompress(stored, (int) Zstd.getFrameContentSize(stored));
    assertThat(content).startsWith('M', 'G', 'H', '1', 2);
    for (int at : new int[] {3, 4}) {
      byte[] changed = content.clone();
      changed[at]++;
      assertThatThrownBy(() -> IdHistogram.read(Zstd.compress(changed)))
          .as("byte %d", at)
          .isInstanceOf(UnusableFileException.class)
          .hasMessageContaining("the counts of ids");
    }
    byte[] cut = Arrays.copyOf(content, 3);
    assertThatThrownBy(() -> IdHistogram.read(Zstd.compress(cut)))
        .isInstanceOf(UnusableFileException.class)
        .hasMessageContaining("MGH1");
  }
}
