package org.merganser.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.encode.UnitEncoder;
import org.merganser.pipeline.engine.RunnerDefaults;
import org.merganser.pipeline.finish.ManifestPublication;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.worker.WorkerCheck;

/**
 * Counts the tokens of a small corpus without Beam, which needs a second to start. It uses the
 * classes of the graph's steps, one unit at a time, in this thread.
 */
final class SmallCount {
  private SmallCount() {}

  /**
   * Whether a run only counts tokens with a tokenizer that is known, is small, searches no
   * duplicates and has no Beam flags.
   */
  static boolean fits(PreparedRun prepared, List<String> beamFlags) {
    RunSpec spec = prepared.spec();
    return spec.kind() instanceof RunKind.CountTokens
        && spec.tokenizer() instanceof TokenizerSource.Ready
        && !spec.job().deduplicates()
        && prepared.textBytes() <= RunnerDefaults.ONE_THREAD_BYTES
        && beamFlags.isEmpty();
  }

  /** Counts the tokens of a run that {@link #fits}, and publishes its manifest. */
  static void run(PreparedRun prepared, RunProgress progress) throws IOException {
    RunSpec spec = prepared.spec();
    FileRef tokenizer = ((TokenizerSource.Ready) spec.tokenizer()).file();
    WorkerCheck.require(spec.neededFiles());
    UnitEncoder encoder = new UnitEncoder(spec.seenBy(Stage.ENCODE), tokenizer, DuplicateList.NONE);
    List<String> receipts = new ArrayList<>();
    StageMeter.ThreadWork encoding = progress.meter(Stage.ENCODE).begin();
    try (encoding) {
      for (WorkUnit unit : prepared.units()) {
        receipts.add(encoder.encode(unit).receipt());
      }
    }
    StageMeter.ThreadWork publishing = progress.meter(Stage.MANIFEST).begin();
    try (publishing) {
      new ManifestPublication(spec, tokenizer).publish(receipts);
    }
  }
}
