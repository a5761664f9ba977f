package org.merganser.pipeline.sequence;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.select.DocumentSelection;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.SequenceReuse;
import org.merganser.store.FileStore;

/**
 * The sequences of a run's units, between counting and encoding. No output depends on them: a unit
 * without one is read again, to the same bytes. They are written on a local disk only, without
 * being forced to it; each has a checksum of its own.
 */
public final class UnitSequences {
  /**
   * A unit gets a sequence only if so many times its text are free on the disk: a sequence may be a
   * quarter larger than the text, and other units are counted at the same time.
   */
  private static final int FREE_FOR_A_BYTE = 16;

  private final RunSpec spec;
  private final SequenceReuse reuse;

  private UnitSequences(RunSpec spec, SequenceReuse reuse) {
    this.spec = spec;
    this.reuse = reuse;
  }

  /** The sequences of a run; null if encoding reads the text again. */
  public static @Nullable UnitSequences of(RunSpec spec) {
    SequenceReuse reuse = spec.kind() instanceof RunKind.Encode run ? run.sequences() : null;
    return reuse == null || !FileStore.isLocal(spec.layout().root())
        ? null
        : new UnitSequences(spec, reuse);
  }

  public SequenceReuse reuse() {
    return reuse;
  }

  /** Begins the sequence of a unit that is counted next; null if it gets none. */
  public @Nullable SequenceWriter begin(WorkUnit unit, DocumentSelection selection)
      throws IOException {
    Path root = FileStore.localPath(spec.layout().root());
    if (root.toFile().getUsableSpace() / FREE_FOR_A_BYTE < unit.textBytes()) {
      return null;
    }
    String name = name(unit, selection);
    return SequenceWriter.begin(spec.layout().at(OutputLayout.sequenceOf(name)), name);
  }

  /** The sequence of a unit that was counted; null if it has none, or a damaged one. */
  public @Nullable SequenceReader find(WorkUnit unit, DocumentSelection selection) {
    String name = name(unit, selection);
    try {
      return SequenceReader.open(location(name), name);
    } catch (IOException e) {
      return null; // the text is read again
    }
  }

  /** Deletes the sequence of a unit that is encoded, if it has one. */
  public void delete(WorkUnit unit, DocumentSelection selection) throws IOException {
    String location = location(name(unit, selection));
    FileStore store = FileStore.of(location);
    if (store.exists(location)) {
      store.delete(location);
    }
  }

  private String location(String name) {
    return spec.layout().at(OutputLayout.sequenceOf(name));
  }

  private String name(WorkUnit unit, DocumentSelection selection) {
    return Fingerprint.of(reuse.fingerprint(), Fingerprint.of(unit), selection.fingerprint());
  }
}
