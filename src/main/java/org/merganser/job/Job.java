package org.merganser.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.embedding.FloatType;
import org.merganser.json.Decides;
import org.merganser.json.Field;
import org.merganser.tokenizer.SpecialText;

/**
 * A run as its user wants it, complete except for the runner's own flags. {@link JobReader} builds
 * and validates it; each component except {@code folder} is a key of the job file. Its locations
 * are unresolved; {@link #at} resolves them.
 *
 * @param folder from which relative locations are resolved: that of the job file; empty for the
 *     current folder
 */
public record Job(
    @Field(decides = Decides.PLACE) @Nullable String name,
    @Field(decides = Decides.TEXT) @Nullable Corpus corpus,
    @Field(decides = Decides.VOCABULARY) @Nullable TokenizerChoice tokenizer,
    @Field ShardsSection shards,
    @Field(decides = Decides.VECTORS, grows = true) @Nullable Embeddings embeddings,
    @Field(decides = Decides.NGRAMS, grows = true) @Nullable Learn learn,
    @Field Report report,
    @Field(decides = Decides.PLACE, isLocation = true) String output,
    @JsonIgnore String folder)
    implements Serializable {

  public JobKind kind() {
    if (!shards.formats().isEmpty()) {
      return shards.from() == null ? JobKind.ENCODE : JobKind.FROM_SHARDS;
    }
    return tokenizer != null && tokenizer.train() != null ? JobKind.TRAIN : JobKind.COUNT;
  }

  /** A location of the job, resolved from the current folder. */
  public String at(String location) {
    return Locations.below(folder, location);
  }

  /** The unresolved locations that the job names, by the paths of their keys. */
  public SortedMap<String, String> locations() {
    SortedMap<String, String> locations = new TreeMap<>();
    Locations.change(
        JobWriter.tree(this),
        (key, location) -> {
          locations.put(key, location);
          return location;
        });
    return locations;
  }

  /** The same job with locations that are valid in processes with other current folders. */
  public Job anywhere() {
    return with(shards, Locations.absolute(folder));
  }

  public Corpus requireCorpus() {
    return Objects.requireNonNull(corpus, "a run that reads text has a corpus");
  }

  public TokenizerChoice requireTokenizer() {
    return Objects.requireNonNull(tokenizer, "a run that reads text has a tokenizer");
  }

  public TrainSection requireTraining() {
    return Objects.requireNonNull(requireTokenizer().train(), "a run that counts trains");
  }

  public Embeddings requireEmbeddings() {
    return Objects.requireNonNull(embeddings, "a run that joins has embeddings");
  }

  public LearnedVectors requireLearnedVectors() {
    return Objects.requireNonNull(
        requireEmbeddings().learn(), "a run that learns vectors says how");
  }

  public boolean deduplicates() {
    return corpus != null && corpus.deduplicate() != Deduplicate.NONE;
  }

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

  public Job with(ShardsSection other) {
    return with(other, folder);
  }

  private Job with(ShardsSection other, String from) {
    return new Job(name, corpus, tokenizer, other, embeddings, learn, report, output, from);
  }

  /** The text to read, and which of it. */
  @Field.Keys(Decides.TEXT)
  public record Corpus(
      @Field(decides = Decides.FILES, orFirstKey = true) List<CorpusInput> inputs,
      @Field(decides = Decides.FILES, byDefault = "[]", orOne = true) List<String> exclude,
      @Field(decides = Decides.FILES, byDefault = "false") boolean includeAll,
      @Field(decides = Decides.FILES, byDefault = "auto") InputFormat format,
      @Field @Nullable String separator,
      @Field(byDefault = "text") String textField,
      @Field @Nullable String segmentsField,
      @Field(byDefault = "id") String idField,
      @Field @Nullable String splitField,
      @Field(byDefault = "67108864", min = 1024, max = CorpusSettings.MAX_DOCUMENT_BYTES)
          long maxDocumentBytes,
      @Field(min = 1024, max = CorpusSettings.MAX_DOCUMENT_BYTES)
          @Nullable Long maxWholeDocumentBytes,
      @Field(byDefault = "deadLetter") InvalidUtf8 invalidUtf8,
      @Field(decides = Decides.NOTHING, byDefault = "false") boolean failOnDeadLetters,
      @Field(decides = Decides.NOTHING, byDefault = "0.001", least = 0, most = 1)
          double maxDeadLetterRate,
      @Field(decides = Decides.SPLIT, byDefault = "0", least = 0, most = 0.5) double validation,
      @Field(decides = Decides.FILES, byDefault = "[]", orFirstKey = true)
          List<CorpusInput> validationInputs,
      @Field(decides = Decides.DUPLICATES, byDefault = "none") Deduplicate deduplicate,
      @Field(
              decides = Decides.SPLIT,
              byDefault = "[]",
              orOne = true,
              isLocation = true,
              isGlob = true)
          List<String> excludeIds,
      @Field(decides = Decides.FILES, grows = true, byDefault = "false") boolean append,
      @Field(decides = Decides.NOTHING) @Nullable String minAge,
      @Field(decides = Decides.NOTHING, byDefault = "fail") ChangedFiles changedFiles)
      implements Serializable {
    private static final Pattern AGE = Pattern.compile("([0-9]{1,9}) ?(s|min|h|d)");

    public boolean hasValidation() {
      return validation > 0 || !validationInputs.isEmpty() || splitField != null;
    }

    /** The limit for documents that cannot be cut; it depends only on the job. */
    public long wholeDocumentLimit() {
      return maxWholeDocumentBytes == null
          ? Math.min(CorpusSettings.MAX_DOCUMENT_BYTES, 2 * maxDocumentBytes)
          : maxWholeDocumentBytes;
    }

    /**
     * The value of {@code minAge}; zero without one.
     *
     * @throws IllegalArgumentException for a text that is not an age
     */
    public Duration leastAge() {
      Matcher age = AGE.matcher(minAge == null ? "0s" : minAge);
      if (!age.matches()) {
        throw new IllegalArgumentException(
            "\"" + minAge + "\" is no age such as 30s, 10min, 2h or 1d");
      }
      long number = Long.parseLong(age.group(1));
      return switch (age.group(2)) {
        case "s" -> Duration.ofSeconds(number);
        case "min" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }

  public enum ChangedFiles {
    FAIL,
    KEEP
  }

  public enum Deduplicate {
    NONE,
    EXACT
  }

  /** Exactly one of train and load. */
  @Field.Keys(Decides.VOCABULARY)
  public record TokenizerChoice(
      @Field @Nullable TrainSection train,
      @Field(isLocation = true) @Nullable String load,
      @Field(
              decides = {Decides.COUNTED, Decides.ENCODED},
              byDefault = "text")
          SpecialText specialText,
      @Field(byDefault = "1", min = 1, max = 2) int fileVersion)
      implements Serializable {}

  @Field.Keys(Decides.VECTORS)
  public record Embeddings(
      @Field(isLocation = true) @Nullable String table,
      @Field @Nullable LearnedVectors learn,
      @Field(decides = Decides.JOIN, grows = true, byDefault = "[rows, pooled]")
          List<EmbeddedOutput> output,
      @Field(decides = Decides.JOIN, byDefault = "f32") VectorType dtype,
      @Field(decides = Decides.NOTHING, byDefault = "1073741824", min = 0) long maxSequenceBytes)
      implements Serializable {}

  /** Vectors learned from ids that occur near each other. */
  public record LearnedVectors(
      @Field(decides = Decides.VECTORS, byDefault = "256", min = 2, max = 4096) int dim,
      @Field(decides = Decides.PAIRS, byDefault = "5", min = 1, max = 50) int window)
      implements Serializable {}

  @Field.Keys(Decides.NGRAMS)
  public record Learn(@Field(byDefault = "3", min = 1, max = 5) int ngrams)
      implements Serializable {}

  @Field.Keys(Decides.REPORT)
  public record Report(
      @Field(byDefault = "true") boolean enabled,
      @Field(byDefault = "true") boolean granularities,
      @Field(byDefault = "4194304", min = 1, max = 67108864) long sampleBytes,
      @Field(byDefault = "20", min = 0, max = 1000) int documents,
      @Field(isLocation = true, orOne = true) @Nullable List<String> reference)
      implements Serializable {}

  public enum EmbeddedOutput {
    /** One row for each token of the vocabulary that occurs. */
    ROWS,
    /** One vector for each document, or part of a cut one: the mean of its tokens' vectors. */
    POOLED,
    /** The vector of every token in order: dim x 4 bytes a token. */
    SEQUENCE
  }

  public enum VectorType {
    F32,
    F16;

    public FloatType floatType() {
      return this == F16 ? FloatType.F16 : FloatType.F32;
    }
  }
}
