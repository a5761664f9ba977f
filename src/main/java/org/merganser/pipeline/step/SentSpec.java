package org.merganser.pipeline.step;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.beam.sdk.util.SerializableUtils;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.spec.RunSpec;

/**
 * A {@link RunSpec} in serialized form. Beam serializes every step several times while it starts,
 * and the job in a spec is a tree of a hundred records. So the last spec that was sent or read is
 * kept: it is written once a run and read once in each JVM.
 */
final class SentSpec implements Serializable {
  /** The specification that was sent or read last in this JVM. */
  private static volatile @Nullable SentSpec last;

  /** The serialized {@link #spec}. */
  private final byte[] bytes;

  /** Null only in a received object, in whose place {@link #readResolve} puts another. */
  private final transient RunSpec spec;

  private SentSpec(byte[] bytes, RunSpec spec) {
    this.bytes = bytes;
    this.spec = spec;
  }

  /** The serialized form, which is written again only if the last one is of another run. */
  static SentSpec of(RunSpec spec) {
    SentSpec known = last;
    return known != null && known.spec.equals(spec)
        ? known
        : keepLast(new SentSpec(SerializableUtils.serializeToByteArray(spec), spec));
  }

  private static SentSpec keepLast(SentSpec sent) {
    last = sent;
    return sent;
  }

  /** The specification itself. */
  RunSpec spec() {
    return spec;
  }

  /** Called by Java serialization: the received specification, read unless it is the last one. */
  private Object readResolve() {
    SentSpec known = last;
    return known != null && Arrays.equals(known.bytes, bytes)
        ? known
        : keepLast(
            new SentSpec(
                bytes, (RunSpec) SerializableUtils.deserializeFromByteArray(bytes, "the run")));
  }
}
