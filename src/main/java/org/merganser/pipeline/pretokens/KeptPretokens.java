package org.merganser.pipeline.pretokens;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.WorkUnit;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.select.DocumentSelection;
import org.merganser.pipeline.spec.PretokenReuse;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.store.FileStore;

/**
 * The kept pretokens of a run's units, between counting and encoding. No output depends on them: a
 * unit without them is read again, to the same bytes. They are written on a local disk only,
 * without being forced to it; the file of each unit has a checksum.
 */
public final class KeptPretokens {
  /**
   * The pretokens of a unit are kept only if the disk has this many free bytes for each byte of its
   * text: they may be a quarter larger than the text, and other units are counted at the same time.
   */
  private static final int FREE_FOR_A_BYTE = 16;

  private final RunSpec spec;
  private final PretokenReuse reuse;

  private KeptPretokens(RunSpec spec, PretokenReuse reuse) {
    this.spec = spec;
    this.reuse = reuse;
  }

  /** The kept pretokens of a run; null if encoding reads the text again. */
  public static @Nullable KeptPretokens of(RunSpec spec) {
    PretokenReuse reuse = spec.kind() instanceof RunKind.Encode run ? run.keptPretokens() : null;
    return reuse == null || !FileStore.isLocal(spec.paths().root())
        ? null
        : new KeptPretokens(spec, reuse);
  }

  /** The description of what is kept. */
  public PretokenReuse reuse() {
    return reuse;
  }

  /** Begins to keep the pretokens of a unit that is counted next; null if they are not kept. */
  public @Nullable KeptPretokenWriter begin(WorkUnit unit, DocumentSelection selection)
      throws IOException {
    Path root = FileStore.localPath(spec.paths().root());
    if (root.toFile().getUsableSpace() / FREE_FOR_A_BYTE < unit.textBytes()) {
      return null;
    }
    String name = name(unit, selection);
    return KeptPretokenWriter.begin(location(name), name);
  }

  /**
   * The kept pretokens of a unit that was counted; null if there are none, or if the file is
   * damaged.
   */
  public @Nullable KeptPretokenReader find(WorkUnit unit, DocumentSelection selection) {
    String name = name(unit, selection);
    try {
      return KeptPretokenReader.open(location(name), name);
    } catch (IOException e) {
      return null; // the text is read again
    }
  }

  /** Deletes the kept pretokens of a unit that is encoded, if there are any. */
  public void delete(WorkUnit unit, DocumentSelection selection) throws IOException {
    String location = location(name(unit, selection));
    FileStore store = FileStore.of(location);
    if (store.exists(location)) {
      store.delete(location);
    }
  }

  /** The location of the kept pretokens with a name. */
  private String location(String name) {
    return spec.paths().at(OutputPaths.keptPretokens(name));
  }

  /** The name of the kept pretokens of a unit: the fingerprint of everything that decides them. */
  private String name(WorkUnit unit, DocumentSelection selection) {
    return Fingerprint.of(reuse.fingerprint(), Fingerprint.of(unit), selection.fingerprint());
  }
}
