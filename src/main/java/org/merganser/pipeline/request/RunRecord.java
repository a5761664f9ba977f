package org.merganser.pipeline.request;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.job.JobWriter;
import org.merganser.json.Json;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;
import org.merganser.store.UnusableFileException;

/**
 * The record in {@code run/run.json} of the last run that began in an output folder. After the run
 * was killed, this record shows what is missing and how to continue.
 *
 * @param command the command line as typed
 * @param plan of the units to encode, relative to the folder; null if nothing is encoded
 * @param trainingPlan of the units to count; null unless a tokenizer is learned from text
 * @param tokenizerFingerprint names the receipt of the tokenizer's files
 * @param tokenizerAtRoot whether the files of the tokenizer are in the output folder itself
 * @param vocabularyBefore the sha256 of the tokenizer of the previous finished run in the folder;
 *     null for the first run
 * @param folder of the job's relative paths: that of the job file, or that in which the command was
 *     run
 * @param job as JSON
 * @param addsTo as {@link RunSpec#addsTo}
 * @param warnings for a person about the files that it reads, in sentences
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunRecord(
    String command,
    @Nullable String plan,
    @Nullable String trainingPlan,
    String tokenizerFingerprint,
    boolean tokenizerAtRoot,
    @Nullable String vocabularyBefore,
    String folder,
    JsonNode job,
    @JsonProperty(OutputVersions.ADDS_TO) @Nullable String addsTo,
    List<String> warnings) {

  /**
   * The record of a run that begins.
   *
   * @param paths the output folder as its user wrote it
   * @param warnings as {@link #warnings}
   * @param command as {@link #command}
   */
  public static RunRecord of(RunSpec spec, OutputPaths paths, List<String> warnings, String command)
      throws IOException {
    String plan =
        spec.kind() instanceof RunKind.OfCorpus run ? relative(spec.paths(), run.plan()) : null;
    String trainingPlan =
        spec.tokenizer() instanceof TokenizerSource.FromText text
            ? relative(spec.paths(), text.plan())
            : null;
    String tokenizerFingerprint = spec.tokenizer().fingerprint();
    return new RunRecord(
        command,
        plan,
        trainingPlan,
        tokenizerFingerprint,
        spec.paths().tokenizerAtRoot(),
        findVocabularyBefore(paths),
        spec.job().folder(),
        JobWriter.tree(spec.job()),
        spec.addsTo(),
        warnings);
  }

  /** The record; null if no run began, or if the record is damaged. */
  public static @Nullable RunRecord find(FileLocations paths) throws IOException {
    return OutputJson.record(paths, OutputPaths.RECORD, RunRecord.class);
  }

  /** The name in the job of the record; null for none. */
  public static @Nullable String name(FileLocations paths) throws IOException {
    return OutputJson.fields(paths, OutputPaths.RECORD).at("/job/name").textValue();
  }

  /**
   * The record of a run that is active and has published it.
   *
   * @throws RunException naming the record if it is missing or damaged
   */
  public static RunRecord ofActiveRun(FileLocations paths) throws IOException {
    RunRecord record = find(paths);
    if (record == null) {
      throw RunException.of(
          "%s: was deleted or damaged while the run was active; start the run again",
          paths.at(OutputPaths.RECORD));
    }
    return record;
  }

  /**
   * Whether the run writes shards; otherwise it learns a vocabulary or counts tokens, by a job with
   * {@code shards.formats: []}.
   */
  public boolean hasShards() {
    return !job.path("shards").path("formats").isEmpty();
  }

  /**
   * The job, with its relative locations resolved from the recorded folder.
   *
   * @param name of the record, for errors
   */
  public Job job(String name) {
    return JobReader.read(job, name, folder);
  }

  /** Writes the record into the output folder. */
  public void publish(FileLocations paths) throws IOException {
    ChecksummedFile.publish(paths.at(OutputPaths.RECORD), Json.MAPPER.writeValueAsBytes(this));
  }

  /**
   * The {@link #vocabularyBefore} of a run that begins: the vocabulary in the manifest. Without a
   * manifest, the record of a run that did not finish has it; null if there is none, or if the
   * manifest is damaged.
   */
  private static @Nullable String findVocabularyBefore(OutputPaths paths) throws IOException {
    if (!FileStore.of(paths.root()).exists(paths.at(Manifest.FILE))) {
      RunRecord unfinished = find(paths);
      return unfinished == null ? null : unfinished.vocabularyBefore;
    }
    try {
      return FinishedOutput.at(paths).manifest().tokenizerSha256();
    } catch (UnusableFileException damaged) {
      return null;
    }
  }

  /** The path of a location below the output folder. */
  private static String relative(FileLocations paths, String location) {
    return location.substring(paths.at("").length());
  }
}
