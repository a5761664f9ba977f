package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JobKindTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ENCODE; tokenizer.load=t.json; shards.formats=[parquet]
          ENCODE; tokenizer.train={vocabSize: 300, pattern: gpt2}; shards.formats=[npy]
          COUNT;  tokenizer.load=t.json; shards.formats=[]
          TRAIN;  tokenizer.train={vocabSize: 300, pattern: gpt2}; shards.formats=[]
          """)
  void saysWhatAJobAsksFor(JobKind kind, String tokenizer, String formats) {
    Job job = JobReader.of(List.of("corpus.inputs=in", tokenizer, formats, "output=out"), "test");
    assertThat(job.kind()).isEqualTo(kind);
    assertThat(job.kind().hasShards()).isEqualTo(kind == JobKind.ENCODE);
  }

  @Test
  void saysThatAJobTakesEarlierShards() {
    Job job =
        JobReader.of(List.of("shards.from=run", "shards.formats=[npy]", "output=out"), "test");
    assertThat(job.kind()).isEqualTo(JobKind.FROM_SHARDS);
    assertThat(job.kind().hasShards()).isTrue();
  }
}
