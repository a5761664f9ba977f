package org.merganser.pipeline.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.job.Job;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.worker.WorkerCheck;

/**
 * Counts the tokens of a small corpus without Beam, which needs a second to start. It uses the
 * classes of the graph's steps, one unit at a time, in this thread.
 */
public final class SmallCount {
  private SmallCount() {}

  /** Whether a run only counts tokens, is small, searches no duplicates and has no Beam flags. */
  public static boolean suits(RunSpec spec, long textBytes, List<String> beamFlags) {
    return spec.kind() instanceof RunKind.CountTokens
        && JobComponents.corpus(spec.job()).choice().deduplicate() == Job.Deduplicate.NONE
        && textBytes <= RunnerFlags.ONE_THREAD_BYTES
        && beamFlags.isEmpty();
  }

  /** Returns the locations of the receipts. */
  public static List<String> count(RunSpec spec, List<WorkUnit> units, FileRef tokenizer)
      throws IOException {
    WorkerCheck.require(spec.neededFiles());
    UnitEncoder encoder = new UnitEncoder(spec.seenBy(Stage.ENCODE), tokenizer, DuplicateList.NONE);
    List<String> receipts = new ArrayList<>();
    StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.ENCODE).begin();
    try {
      for (WorkUnit unit : units) {
        receipts.add(encoder.encode(unit).receipt());
      }
    } finally {
      busy.close();
    }
    return receipts;
  }
}
