package org.merganser.pipeline.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.JobReader;
import org.merganser.pipeline.prepare.RunPreparation;

/** What every step of a run carries. */
final class SentSpecTest {
  @TempDir Path folder;

  @Test
  void arrivesAsTheSpecThatWasSentAndIsReadOnce() throws IOException {
    SentSpec one = sent("one");
    byte[] sent = SerializableUtils.serializeToByteArray(one);
    assertThat(SerializableUtils.clone(one)).isSameAs(one);
    SentSpec other = sent("other");
    assertThat(SerializableUtils.clone(other)).isSameAs(other); // the last one that is known
    var received = (SentSpec) SerializableUtils.deserializeFromByteArray(sent, "a spec");
    assertThat(received.spec()).isEqualTo(one.spec()).isNotEqualTo(other.spec());
    assertThat(SerializableUtils.deserializeFromByteArray(sent, "a spec")).isSameAs(received);
  }

  private SentSpec sent(String output) throws IOException {
    return SentSpec.of(
        RunPreparation.prepare(
                JobReader.read(
                    Path.of("pipelines", "sample.yaml"),
                    List.of("output=" + folder.resolve(output))))
            .spec());
  }
}
