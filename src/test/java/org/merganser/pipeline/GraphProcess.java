package org.merganser.pipeline;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.merganser.pipeline.engine.PipelineExecution;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.spec.RunSpec;

/** Runs the graphs of runs that another process has prepared, as an engine's worker does. */
final class GraphProcess {
  private GraphProcess() {}

  /**
   * @param args the files with the serialized {@link RunSpec}s
   */
  public static void main(String[] args) throws IOException, ClassNotFoundException {
    List<String> flags = List.of("--targetParallelism=1");
    RunnerFlags.use(flags);
    for (String file : args) {
      RunSpec spec;
      try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(Path.of(file)))) {
        spec = (RunSpec) in.readObject();
      }
      Pipeline pipeline = Pipeline.create(RunnerFlags.options(flags));
      MerganserPipeline.build(pipeline, spec);
      PipelineExecution.run(pipeline);
    }
  }
}
