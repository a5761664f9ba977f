package org.merganser.output.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.output.OtherSchemaException;
import org.merganser.output.OutputFile;
import org.merganser.store.UnusableFileException;

/**
 * {@code manifest.json}: its presence makes the output a dataset, so it is written last. It is
 * small for every corpus, because the two lists have the details. {@link InputSums} adds up its
 * figures, and {@link ManifestWriter} writes the lists.
 *
 * @param schema the version of this format, {@link #SCHEMA_VERSION}
 * @param job the job without output path and runner flags
 * @param tokenizerSha256 the sha256 of tokenizer/tokenizer.json
 * @param idBound one more than the largest id of the vocabulary, in JSON {@code vocabulary}
 * @param embeddingsSha256 the sha256 of the embedding table; null without a join
 * @param totals the sums over all inputs
 * @param excludedIds the counts of ids that the job leaves out; null, which is not written, for
 *     none
 * @param inputs the list of what was read
 * @param outputs the list of what was written
 * @param training the counts that the vocabulary was learned from; null, and not written, for a
 *     loaded one
 * @param parent the sha256 of the manifest that a run with {@code corpus.append} added to; null,
 *     and not written, without one
 * @param request what the run was asked for
 * @param data the name of the data, as in {@link ManifestWriter#data}
 */
public record Manifest(
    int schema,
    JsonNode job,
    String tokenizerSha256,
    @JsonProperty("vocabulary") int idBound,
    @Nullable String embeddingsSha256,
    Totals totals,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ExcludedIdCounts excludedIds,
    ListFile inputs,
    ListFile outputs,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode training,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String parent,
    Request request,
    String data) {
  /** Raised when other versions cannot continue the output of this one. */
  public static final int SCHEMA_VERSION = 2;

  /** The path of the manifest, relative to the output like those of all files here. */
  public static final String FILE = OutputFile.MANIFEST.path();

  /** The list of what was read. */
  public static final String INPUTS = OutputFile.INPUTS.path();

  /** The list of what was written. */
  public static final String OUTPUTS = OutputFile.OUTPUTS.path();

  /** The figures of the report. */
  public static final String STATISTICS = OutputFile.STATISTICS.path();

  /** The lengths of documents of a run without {@link #STATISTICS}, which has them otherwise. */
  public static final String LENGTHS = OutputFile.LENGTHS.path();

  /** The dataset card. */
  public static final String CARD = OutputFile.CARD.path();

  /** The counts by group of a run that only counts tokens. */
  public static final String GROUPS = OutputFile.GROUPS.path();

  /**
   * A list that belongs to the manifest.
   *
   * @param path the path of the list, relative to the output
   * @param lines the number of its lines
   * @param size its size in bytes
   * @param sha256 its checksum, lower-case hex
   */
  public record ListFile(String path, long lines, long size, String sha256) {}

  /**
   * The counts of the ids that the job leaves out.
   *
   * @param ids the number of distinct ids
   * @param withoutDocument how many of them no document has
   */
  public record ExcludedIdCounts(long ids, long withoutDocument) {}

  /** The bytes of the file. */
  public byte[] toJson() {
    return Json.file(this);
  }

  /** The same manifest with another parent. */
  public Manifest withParent(@Nullable String newParent) {
    return new Manifest(
        schema,
        job,
        tokenizerSha256,
        idBound,
        embeddingsSha256,
        totals,
        excludedIds,
        inputs,
        outputs,
        training,
        newParent,
        request,
        data);
  }

  /**
   * Reads a manifest.
   *
   * @param json the bytes of the file
   * @param name the name of the file in errors
   * @throws OtherSchemaException if another version of the program wrote it
   * @throws UnusableFileException if the bytes are not a manifest
   */
  public static Manifest read(byte[] json, String name) {
    OtherSchemaException.check(json, SCHEMA_VERSION, name);
    return Json.read(json, Manifest.class, name, UnusableFileException::new);
  }
}
