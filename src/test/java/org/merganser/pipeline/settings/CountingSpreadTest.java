package org.merganser.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.SimulatedCorpus;
import org.merganser.corpus.plan.UnitGroups;

final class CountingSpreadTest {
  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    "0, 0, 32",
    "17179869184, 0, 32", // 16 GiB
    "17179869185, 0, 64",
    "34359738367, 0, 64", // a byte less than 32 GiB
    "34359738368, 134217728, 64",
    "274877906944, 1073741824, 128", // 256 GiB
    "274877906945, 1073741824, 256",
    "1099511627777, 4294967296, 512", // a byte more than 1 TiB
    "17592186044417, 68719476736, 512",
    "9000000000000000000, 18014398509481984, 512"
  })
  void growsWithTheCorpus(long text, long target, int partitions) {
    CountingSpread plan = CountingSpread.of(text);
    assertThat(plan.targetBytes()).isEqualTo(target);
    assertThat(plan.partitions()).isEqualTo(partitions);
  }

  @Test
  void countingUnitsStayInTheHundreds() {
    for (long text = 33 * GIB; text < 1100 * GIB; text = text / 10 * 17) {
      SimulatedCorpus corpus =
          new SimulatedCorpus(text / 20_000_000, text, InputFormat.JSONL, Compression.NONE);
      List<Integer> sizes = new ArrayList<>();
      UnitGroups groups =
          new UnitGroups(CountingSpread.of(text).targetBytes(), group -> sizes.add(group.size()));
      CorpusPlanner.plan(corpus.list()).forEach(groups::add);
      groups.end();
      assertThat(sizes.size()).as("%s bytes", text).isBetween(400, 1000);
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new CountingSpread(0, 0, 1)).hasMessageContaining("0 partitions");
  }
}
