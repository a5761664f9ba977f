package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BeamFileSystemsTest {
  @AfterEach
  void setOptions() {
    BeamFileSystems.useLater(PipelineOptionsFactory::create);
    BeamFileSystems.require();
  }

  @Test
  void optionsThatCannotBeCreatedAreAnErrorForEachStore() {
    BeamFileSystems.useLater(
        () -> {
          throw new IllegalArgumentException("--s3Endpoint");
        });
    assertThatThrownBy(BeamFileSystems::require).hasMessage("--s3Endpoint");
    assertThatThrownBy(BeamFileSystems::require).hasMessage("--s3Endpoint");
  }
}
