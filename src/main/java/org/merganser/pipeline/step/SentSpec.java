package org.merganser.pipeline.step;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.beam.sdk.util.SerializableUtils;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.Request;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;

/**
 * A {@link RunSpec} in serialized form. Beam serializes every step several times while it starts,
 * and the job in a spec is a tree of a hundred records. So the last spec that was sent or read is
 * kept: it is written once a run and read once in each JVM.
 */
final class SentSpec implements Serializable {
  private static volatile @Nullable SentSpec last;

  private final byte[] bytes;
  private final transient RunSpec spec;

  private SentSpec(byte[] bytes, RunSpec spec) {
    this.bytes = bytes;
    this.spec = spec;
    last = this;
  }

  static SentSpec of(RunSpec spec) {
    SentSpec known = last;
    if (known != null && known.spec.equals(spec)) {
      return known;
    }
    @Nullable Object[] parts = {
      spec.job(), spec.layout(), spec.kind(), spec.table(), spec.excludedIds(), spec.asked()
    };
    return new SentSpec(SerializableUtils.serializeToByteArray(parts), spec);
  }

  private Object readResolve() {
    SentSpec known = last;
    if (known == null || !Arrays.equals(known.bytes, bytes)) {
      Object[] parts = (Object[]) SerializableUtils.deserializeFromByteArray(bytes, "the run");
      known =
          new SentSpec(
              bytes,
              new RunSpec(
                  (Job) parts[0],
                  (OutputLayout) parts[1],
                  (RunKind) parts[2],
                  (FileRef) parts[3],
                  (RunSpec.ExcludedIdFiles) parts[4],
                  (Request) parts[5]));
    }
    return known.spec;
  }
}
