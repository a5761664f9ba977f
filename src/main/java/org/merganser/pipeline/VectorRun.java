package org.merganser.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.merganser.dataset.Manifest;
import org.merganser.learn.vector.VectorFigures;
import org.merganser.learn.vector.VectorSettings;
import org.merganser.pipeline.encode.FindShards;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.learn.LearnVectors;
import org.merganser.pipeline.learn.VectorSpec;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.RunState;
import org.merganser.store.FileStore;

/** Learns a table from the shards of a finished run, whose output stays as it is. */
public final class VectorRun {
  private VectorRun() {}

  /**
   * Learns and writes {@code table}; what was counted is kept in the run's {@code run/learned}.
   *
   * @param run the run's output folder
   * @throws RunException when there is no finished run with shards
   */
  public static VectorFigures learn(
      String run, VectorSettings settings, String table, List<String> beamFlags)
      throws IOException {
    RunnerFlags.use(beamFlags);
    OutputLayout layout = OutputLayout.of(run, false);
    Manifest manifest = FinishedOutput.manifest(layout);
    JsonNode from = FinishedOutput.job(layout).path("shards").path("from");
    if (from.isTextual()) {
      return learn(from.textValue(), settings, table, beamFlags);
    }
    if (FinishedOutput.shards(layout).isEmpty()) {
      throw new RunException(run + ": that run made no shards, so there is nothing to learn from");
    }
    JsonNode end = manifest.job().path("shards").path("endOfDocument");
    VectorSpec spec =
        new VectorSpec(
            layout.at(FileStore::located),
            settings,
            end.isTextual() ? end.textValue() : null,
            FileStore.located(table));
    Pipeline pipeline = Pipeline.create(RunnerFlags.options(beamFlags));
    Broadcast<FileRef> tokenizer = Broadcast.of(FinishedOutput.tokenizer(spec.layout()));
    pipeline
        .apply("FindShards", new FindShards(spec.files(), List.of(spec.layout())))
        .apply("LearnVectors", new LearnVectors(spec, tokenizer));
    try (RunState state = RunState.ofDriver(spec.layout())) {
      state.begin();
      RunnerFlags.await(pipeline);
    }
    String figures = layout.at(layout.latestVectorFigures());
    return VectorFigures.read(FileStore.of(figures).readAll(figures), figures);
  }
}
