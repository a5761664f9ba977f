package org.merganser.pipeline;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.step.RunSpec;

/** Runs the graph of a run that another process has prepared, as an engine's worker does. */
final class GraphProcess {
  private GraphProcess() {}

  /**
   * @param args the file with the serialized {@link RunSpec}
   */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    RunSpec spec;
    try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(Path.of(args[0])))) {
      spec = (RunSpec) in.readObject();
    }
    List<String> flags = List.of("--targetParallelism=1");
    RunnerFlags.use(flags);
    Pipeline pipeline = Pipeline.create(RunnerFlags.options(flags));
    MerganserPipeline.build(pipeline, spec);
    RunnerFlags.await(pipeline);
  }
}
