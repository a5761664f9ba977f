package org.merganser.pipeline.step;

import java.io.IOException;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.Stage;

/** A worker's JVM, as an engine starts it: does units of a stage and reports as they are done. */
public final class WorkerProcess {
  private WorkerProcess() {}

  /**
   * @param args the run's folder; a stage; the first unit, and the one after the last, each of 10
   *     documents, 100 bytes, 1000 tokens; whether the work ends
   */
  public static void main(String[] args) throws IOException {
    RunProgress run = RunProgress.of(OutputPaths.of(args[0]));
    StageMeter meter = run.meter(Stage.valueOf(args[1]));
    StageMeter.ThreadWork work = meter.begin();
    meter.findUnits("found", 10);
    for (int unit = Integer.parseInt(args[2]); unit < Integer.parseInt(args[3]); unit++) {
      meter.add(10, 100, 1000);
      meter.unitDone("unit " + unit);
    }
    if (args.length > 4) {
      work.close();
      run.publish();
    }
  }
}
