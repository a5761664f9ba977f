package org.merganser.pipeline;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.job.JobWriter;
import org.merganser.json.Json;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.store.CheckedFile;

/**
 * The last run that began in an output folder, as {@code run/run.json} remembers it: what is needed
 * to say what is missing after it was killed, and how to go on.
 *
 * @param plan of the units to encode, relative to the folder; null when nothing is encoded
 * @param trainingPlan of the units to count; null when the tokenizer was there
 * @param tokenizerFingerprint names the receipt of the tokenizer's files
 * @param folder that the job's relative paths are relative to: that of the job file, or that in
 *     which the command was run
 * @param job with its output
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RunRecord(
    String command,
    @Nullable String plan,
    @Nullable String trainingPlan,
    String tokenizerFingerprint,
    boolean tokenizerAtRoot,
    String folder,
    JsonNode job) {

  static RunRecord of(PreparedRun prepared, String command) {
    RunSpec spec = prepared.spec();
    return new RunRecord(
        command,
        spec.kind() instanceof RunKind.OfCorpus run ? relative(spec.layout(), run.plan()) : null,
        spec.tokenizer() instanceof TokenizerSource.FromText text
            ? relative(spec.layout(), text.plan())
            : null,
        spec.tokenizer().fingerprint(),
        spec.layout().tokenizerAtRoot(),
        spec.job().folder(),
        JobWriter.tree(spec.job()));
  }

  private static String relative(OutputLayout layout, String location) {
    return location.substring(layout.at("").length());
  }

  /** Whether the run makes shards; else it learns a vocabulary, or counts tokens. */
  boolean hasShards() {
    return !job.path("shards").path("formats").isEmpty();
  }

  /** Null where no run began, or the record cannot be made out. */
  static @Nullable RunRecord find(OutputLayout layout) throws IOException {
    byte[] json = CheckedFile.find(layout.at(layout.record()));
    try {
      return json == null ? null : Json.MAPPER.readValue(json, RunRecord.class);
    } catch (JsonProcessingException ofAnotherVersion) {
      return null;
    }
  }

  /** The job, whose relative locations are seen from the folder. */
  Job job(String name) {
    return JobReader.read(job, name, folder);
  }

  void publish(OutputLayout layout) throws IOException {
    String location = layout.at(layout.record());
    byte[] json = Json.MAPPER.writeValueAsBytes(this);
    CheckedFile.publish(location, json);
  }
}
