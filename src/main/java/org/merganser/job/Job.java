package org.merganser.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.FloatType;
import org.merganser.job.key.JobKey;
import org.merganser.job.key.KeyRole;
import org.merganser.tokenizer.SpecialText;

/**
 * What a user wants of a run, complete except for the flags of the runner. {@link JobReader} builds
 * and validates it. Each component except {@code folder} is a key of the job file; the resource
 * {@code keys.yaml} says what each key means. Its locations are unresolved; {@link #at} resolves
 * them.
 *
 * @param name the title of the report; null for the name of the output folder
 * @param corpus the text to read; null for a job that reads none
 * @param tokenizer the vocabulary; null for a job that reads shards of earlier runs
 * @param shards the shards and other layouts to write
 * @param embeddings the join of ids and vectors; null without one
 * @param learn what is learned from shards, besides vectors; null for nothing
 * @param report the page with figures
 * @param output the location of the output folder
 * @param folder from which relative locations are resolved: that of the job file; empty for the
 *     current folder
 */
public record Job(
    @JobKey(decides = KeyRole.PLACE) @Nullable String name,
    @JobKey(decides = KeyRole.TEXT) @Nullable CorpusSection corpus,
    @JobKey(decides = KeyRole.VOCABULARY) @Nullable TokenizerChoice tokenizer,
    @JobKey ShardsSection shards,
    @JobKey(decides = KeyRole.VECTORS, grows = true) @Nullable Embeddings embeddings,
    @JobKey(decides = KeyRole.NGRAMS, grows = true) @Nullable Learn learn,
    @JobKey Report report,
    @JobKey(decides = KeyRole.PLACE, isLocation = true) String output,
    @JsonIgnore String folder)
    implements Serializable {

  /** What a run of the job makes. Without layouts it makes no shards, whatever it reads. */
  public JobKind kind() {
    if (!shards.formats().isEmpty()) {
      return shards.from() == null ? JobKind.ENCODE : JobKind.FROM_SHARDS;
    }
    return training() != null ? JobKind.TRAIN : JobKind.COUNT;
  }

  /** Resolves a location of the job, so that it is valid in the current folder. */
  public String at(String location) {
    return Locations.resolved(folder, location);
  }

  /** The unresolved locations that the job names, by the paths of their keys. */
  public SortedMap<String, String> locations() {
    SortedMap<String, String> locations = new TreeMap<>();
    JobLocations.change(
        JobWriter.tree(this),
        (key, location) -> {
          locations.put(key, location);
          return location;
        });
    return locations;
  }

  /** The same job with an absolute folder, so that {@link #at} is right in any process. */
  public Job anywhere() {
    return with(shards, Locations.absolute(folder));
  }

  /** The corpus of a job that reads text. */
  public CorpusSection requireCorpus() {
    return Objects.requireNonNull(corpus, "a run that reads text has a corpus");
  }

  /** The tokenizer of a job that reads text. */
  public TokenizerChoice requireTokenizer() {
    return Objects.requireNonNull(tokenizer, "a run that reads text has a tokenizer");
  }

  /** How the vocabulary is learned; null in a job that learns none. */
  @Nullable TrainSection training() {
    return tokenizer == null ? null : tokenizer.train();
  }

  /** How the vocabulary is learned, in a job that learns one. */
  public TrainSection requireTraining() {
    return Objects.requireNonNull(training(), "a run that learns a vocabulary says how");
  }

  /** The join of a job that has one. */
  public Embeddings requireEmbeddings() {
    return Objects.requireNonNull(embeddings, "a run that joins has embeddings");
  }

  /** How vectors are learned, in a job that learns them. */
  public LearnedVectors requireLearnedVectors() {
    return Objects.requireNonNull(
        requireEmbeddings().learn(), "a run that learns vectors says how");
  }

  /** Whether documents with equal texts are left out. */
  public boolean deduplicates() {
    return corpus != null && corpus.deduplicate() != CorpusSection.Deduplicate.NONE;
  }

  /** Whether documents have segments, so that their ids have a loss mask. */
  public boolean hasSegments() {
    return corpus != null && corpus.segmentsField() != null;
  }

  /** Whether documents may have a group: by a field, or by their input. */
  public boolean hasGroups() {
    return shards.groupField() != null
        || (corpus != null
            && Stream.of(corpus.inputs(), corpus.validationInputs())
                .flatMap(List::stream)
                .anyMatch(input -> input.group() != null));
  }

  /** The same job with another section {@code shards}. */
  public Job with(ShardsSection other) {
    return with(other, folder);
  }

  private Job with(ShardsSection otherShards, String otherFolder) {
    return new Job(
        name, corpus, tokenizer, otherShards, embeddings, learn, report, output, otherFolder);
  }

  /**
   * The vocabulary: exactly one of {@code train} and {@code load} is set.
   *
   * @param train how it is learned; else null
   * @param load a tokenizer.json, or the output folder of a run that has one; else null
   * @param specialText what is done with the text of a special token in a document
   * @param fileVersion the version of tokenizer.json that is written
   */
  @JobKey.Roles(KeyRole.VOCABULARY)
  public record TokenizerChoice(
      @JobKey @Nullable TrainSection train,
      @JobKey(isLocation = true) @Nullable String load,
      @JobKey(
              decides = {KeyRole.COUNTED, KeyRole.ENCODED},
              byDefault = "text")
          SpecialText specialText,
      @JobKey(byDefault = "1", min = 1, max = 2) int fileVersion)
      implements Serializable {}

  /**
   * The join of ids and vectors: exactly one of {@code table} and {@code learn} is set.
   *
   * @param table an embedding table, or the output folder of a run that has one; else null
   * @param learn how the vectors are learned; else null
   * @param output what the join writes
   * @param dtype the number type of {@link EmbeddedOutput#SEQUENCE}
   * @param maxSequenceBytes the most bytes of the vectors of {@link EmbeddedOutput#SEQUENCE}
   */
  @JobKey.Roles(KeyRole.VECTORS)
  public record Embeddings(
      @JobKey(isLocation = true) @Nullable String table,
      @JobKey @Nullable LearnedVectors learn,
      @JobKey(decides = KeyRole.JOIN, grows = true, byDefault = "[rows, pooled]")
          List<EmbeddedOutput> output,
      @JobKey(decides = KeyRole.JOIN, byDefault = "f32") VectorType dtype,
      @JobKey(decides = KeyRole.RUN_END, byDefault = "1073741824", min = 0) long maxSequenceBytes)
      implements Serializable {}

  /**
   * Vectors learned from ids that occur near each other.
   *
   * @param dim the number of floats of a vector
   * @param window the largest distance of two ids that are counted as near
   */
  public record LearnedVectors(
      @JobKey(decides = KeyRole.VECTORS, byDefault = "256", min = 2, max = 4096) int dim,
      @JobKey(decides = KeyRole.PAIRS, byDefault = "5", min = 1, max = 50) int window)
      implements Serializable {}

  /**
   * What is learned from shards, besides vectors.
   *
   * @param ngrams the order of the n-gram model: the most ids of an n-gram
   */
  @JobKey.Roles(KeyRole.NGRAMS)
  public record Learn(@JobKey(byDefault = "3", min = 1, max = 5) int ngrams)
      implements Serializable {}

  /**
   * The page with figures, and what it measures.
   *
   * @param enabled whether statistics.json and report.html are written
   * @param granularities whether words, sentences and letters are counted for comparison
   * @param sampleBytes the most bytes of the texts on which these are counted
   * @param documents the number of documents that the page shows
   * @param reference tokenizers to compare with, each a tokenizer.json or an output folder; null
   *     for none
   */
  @JobKey.Roles(KeyRole.REPORT)
  public record Report(
      @JobKey(byDefault = "true") boolean enabled,
      @JobKey(byDefault = "true") boolean granularities,
      @JobKey(byDefault = "4194304", min = 1, max = 67108864) long sampleBytes,
      @JobKey(byDefault = "20", min = 0, max = 1000) int documents,
      @JobKey(isLocation = true, orOne = true) @Nullable List<String> reference)
      implements Serializable {}

  /** What the join writes. */
  public enum EmbeddedOutput {
    /** One row for each token of the vocabulary that occurs. */
    ROWS,
    /** One vector for each document, or part of a cut one: the mean of its tokens' vectors. */
    POOLED,
    /** The vector of every token in order: dim x 4 bytes a token, or dim x 2 as {@code f16}. */
    SEQUENCE
  }

  /** The number type of the vectors that the join writes. */
  public enum VectorType {
    F32,
    F16;

    /** The same type in files of vectors. */
    public FloatType floatType() {
      return switch (this) {
        case F32 -> FloatType.F32;
        case F16 -> FloatType.F16;
      };
    }
  }
}
