package org.merganser.pipeline.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.job.JobReader;
import org.merganser.job.Setting;
import org.merganser.layout.ShardFormat;
import org.merganser.pipeline.output.receipt.ShardSet;

/** What a job makes of its canonical shards, and where it lies. */
final class JobLayoutsTest {
  private static final String END = "shards.endOfDocument=x";

  private static JobLayouts plan(String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                Setting.of("corpus.inputs", List.of("x")),
                Setting.of("tokenizer.load", "t.json"),
                Setting.of("output", "o")));
    all.addAll(List.of(settings));
    return new JobLayouts(JobReader.of(all, "test"));
  }

  @Test
  void makesNothingBesideParquetUnlessAsked() {
    JobLayouts plan = plan();
    assertThat(plan.makesAnything()).isFalse();
    assertThat(plan.formats()).isEmpty();
    assertThat(plan.sequenceLength()).isZero();
  }

  @Test
  void otherLayoutsAreMadeInTheOrderOfTheJob() {
    JobLayouts plan = plan("shards.formats=[npy, parquet, megatron]");
    assertThat(plan.formats()).containsExactly(ShardFormat.NPY, ShardFormat.MEGATRON);
    assertThat(plan.arranges()).isFalse();
    assertThat(plan.folder(ShardSet.TRAINING, ShardFormat.NPY)).isEqualTo("shards/npy/");
  }

  @Test
  void packedAndShuffledLayoutsHaveFoldersOfTheirOwn() {
    JobLayouts packed = plan("shards.formats=[npy]", "shards.pack={length: 16}", END);
    assertThat(packed.folder(ShardSet.TRAINING, ShardFormat.NPY)).isEqualTo("shards/packed/npy/");
    assertThat(packed.sequenceLength()).isEqualTo(16);
    JobLayouts shuffled = plan("shards.formats=[npy]", "shards.shuffle={seed: 7}");
    assertThat(shuffled.folder(ShardSet.TRAINING, ShardFormat.NPY))
        .isEqualTo("shards/shuffled/npy/");
    assertThat(shuffled.seed()).isEqualTo(7);
    JobLayouts both = plan("shards.pack={length: 16}", "shards.shuffle={seed: 7}");
    assertThat(JobLayouts.parquetFolder(ShardSet.TRAINING, true))
        .isEqualTo("shards/packed/parquet/");
    assertThat(both.shufflesSequences()).isTrue();
    assertThat(
            plan("shards.pack={length: 16}", "shards.shuffle={seed: 7, of: documents}")
                .shufflesSequences())
        .isFalse();
  }

  @Test
  void aShardEndsAtTheSmallerOfBothLimits() {
    long ownLimit = 1L << 27;
    assertThat(plan().parquetTokens()).isEqualTo(ownLimit);
    assertThat(plan("shards.maxTokens=" + (ownLimit - 1)).parquetTokens()).isEqualTo(ownLimit - 1);
    assertThat(plan("shards.maxTokens=" + (ownLimit + 1)).parquetTokens()).isEqualTo(ownLimit);
    assertThat(plan("shards.maxBytes=4000").parquetTokens()).isEqualTo(1000);
    assertThat(plan("shards.maxBytes=3").parquetTokens()).isEqualTo(1);
    assertThat(plan("shards.maxTokens=10", "shards.maxBytes=4000").parquetTokens()).isEqualTo(10);
  }
}
