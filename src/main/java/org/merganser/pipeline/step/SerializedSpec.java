package org.merganser.pipeline.step;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.beam.sdk.util.SerializableUtils;
import org.jspecify.annotations.Nullable;

/**
 * A run's {@link RunSpec} as steps carry it: its bytes. Beam serializes every step several times
 * while it starts, and the job in a spec is a tree of a hundred records; so that is done once, and
 * once in each JVM the other way round.
 */
final class SerializedSpec implements Serializable {
  /** The last one made or read here; a JVM works for one run at a time, as a rule. */
  private static @Nullable SerializedSpec last;

  private final byte[] bytes;
  private final transient RunSpec spec;
  private final transient RunFiles files;

  private SerializedSpec(byte[] bytes, RunSpec spec) {
    this.bytes = bytes;
    this.spec = spec;
    this.files = spec.files();
  }

  static synchronized SerializedSpec of(RunSpec spec) {
    SerializedSpec known = last;
    if (known == null || !known.spec.equals(spec)) {
      known = new SerializedSpec(SerializableUtils.serializeToByteArray(spec), spec);
      last = known;
    }
    return known;
  }

  private static synchronized SerializedSpec of(byte[] bytes) {
    SerializedSpec known = last;
    if (known == null || !Arrays.equals(known.bytes, bytes)) {
      known =
          new SerializedSpec(
              bytes, (RunSpec) SerializableUtils.deserializeFromByteArray(bytes, "the run"));
      last = known;
    }
    return known;
  }

  private Object readResolve() {
    return of(bytes);
  }

  RunSpec spec() {
    return spec;
  }

  /** What every worker of the run must see. */
  RunFiles files() {
    return files;
  }
}
