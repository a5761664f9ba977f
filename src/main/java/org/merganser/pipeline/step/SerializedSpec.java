package org.merganser.pipeline.step;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.util.SerializableUtils;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.output.OutputLayout;

/**
 * A run's {@link RunSpec} as steps carry it: its bytes. Beam serializes every step several times
 * while it starts, and the job in a spec is a tree of a hundred records; so that is done once a
 * run, and once in each JVM the other way round. The {@link RunState} keeps it.
 */
final class SerializedSpec implements Serializable {
  private final OutputLayout layout;
  private final byte[] bytes;
  private final transient @Nullable RunSpec spec;
  private final transient @Nullable List<String> neededFiles;

  SerializedSpec(RunSpec spec) {
    this(spec, SerializableUtils.serializeToByteArray(spec));
  }

  private SerializedSpec(RunSpec spec, byte[] bytes) {
    this.layout = spec.layout();
    this.bytes = bytes;
    this.spec = spec;
    this.neededFiles = spec.neededFiles();
  }

  static SerializedSpec of(RunSpec spec) {
    return RunState.of(spec.layout()).serialized(spec);
  }

  private Object readResolve() {
    return RunState.of(layout).deserialized(this);
  }

  boolean sameBytes(SerializedSpec other) {
    return Arrays.equals(bytes, other.bytes);
  }

  /** This one with its spec, which does not travel but as bytes. */
  SerializedSpec read() {
    return new SerializedSpec(
        (RunSpec) SerializableUtils.deserializeFromByteArray(bytes, "the run"), bytes);
  }

  RunSpec spec() {
    return Objects.requireNonNull(spec, "every one that a step gets was read");
  }

  /** Locations that every worker of the run must see. */
  List<String> neededFiles() {
    return Objects.requireNonNull(neededFiles, "every one that a step gets was read");
  }
}
