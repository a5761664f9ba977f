package org.merganser.pipeline.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.job.JobReader;
import org.merganser.pipeline.RunPreparation;

/** What every step of a run carries. */
final class SerializedSpecTest {
  @TempDir Path folder;

  @Test
  void arrivesAsTheSpecThatWasSent() throws IOException {
    RunSpec one = spec("one");
    RunSpec other = spec("other");
    SerializedSpec sent = SerializedSpec.of(one);
    SerializedSpec.of(other); // the last one that this JVM knows is another
    SerializedSpec received = SerializableUtils.clone(sent);
    assertThat(received.spec()).isEqualTo(one).isNotEqualTo(other);
    assertThat(received.neededFiles()).isEqualTo(one.neededFiles());
  }

  @Test
  void isReadOnceForAllStepsOfARun() throws IOException {
    SerializedSpec sent = SerializedSpec.of(spec("one"));
    assertThat(SerializableUtils.clone(sent)).isSameAs(SerializableUtils.clone(sent));
  }

  private RunSpec spec(String output) throws IOException {
    return RunPreparation.prepare(
            JobReader.read(
                Path.of("pipelines", "sample.yaml"), List.of("output=" + folder.resolve(output))))
        .spec();
  }
}
