package org.merganser.pipeline.finish;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Manifest.ExcludedIdCounts;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.deadletter.LostFiles;
import org.merganser.pipeline.progress.RunTimes;
import org.merganser.pipeline.train.TrainingFigures;
import org.merganser.report.statistics.Statistics.Check;

/**
 * The headline figures of a finished run, which {@link RunSummaryMaker} reads from its output. In
 * JSON, the members of the parts follow each other in one object, in the order of this file.
 *
 * @param version where the published version is, and its files
 * @param encoded the documents with ids
 * @param omitted the documents that were left out
 * @param losses what was lost of the records
 * @param inputs what the run did not read, and what it added
 * @param remarks what a person may have to change
 * @param vocabulary the vocabulary
 * @param work what the stages of the run did
 * @param report the report and its checks
 */
public record RunSummary(
    @JsonUnwrapped Version version,
    @JsonUnwrapped Encoded encoded,
    @JsonUnwrapped Omitted omitted,
    @JsonUnwrapped Losses losses,
    @JsonUnwrapped Inputs inputs,
    @JsonUnwrapped Remarks remarks,
    @JsonUnwrapped Vocabulary vocabulary,
    @JsonUnwrapped Work work,
    @JsonUnwrapped Report report) {

  /**
   * Where the published version is, and its files.
   *
   * @param output the location of the output folder
   * @param request the name of the request
   * @param data the name of the data
   * @param parts the published files and their bytes, as {@link Part#of} divides them
   * @param opened what trainers open, by the folder of the layout
   */
  public record Version(
      String output,
      String request,
      String data,
      Map<String, Part> parts,
      Map<String, Opened> opened) {}

  /**
   * The documents with ids.
   *
   * @param documents the documents for training
   * @param textBytes the bytes of their text
   * @param tokens the number of their ids
   * @param lossTokens those of {@code tokens} with a 1 in their loss mask; null if documents have
   *     none
   * @param validationDocuments the documents for validation, which {@code documents} does not count
   * @param validationTokens the number of their ids, which {@code tokens} does not count
   */
  public record Encoded(
      long documents,
      long textBytes,
      long tokens,
      @Nullable Long lossTokens,
      long validationDocuments,
      long validationTokens) {
    /** The documents of sums over records. */
    static Encoded of(RecordSums sums) {
      return new Encoded(
          sums.documents(),
          sums.textBytes(),
          sums.tokens(),
          sums.lossTokens(),
          sums.validation().documents(),
          sums.validation().tokens());
    }
  }

  /**
   * The documents that were left out.
   *
   * @param duplicates those of which an earlier document has the same text
   * @param excluded those whose ids the job names
   * @param excludedIds the ids that the job names; null if it names none
   * @param testSplit those whose records name a test split
   */
  public record Omitted(
      long duplicates, long excluded, @Nullable ExcludedIdCounts excludedIds, long testSplit) {}

  /**
   * What was lost of the records.
   *
   * @param deadLetters the dead letters by reason
   * @param tooManyDeadLetters whether there are more than the job allows
   * @param records the records that were read and are not blank; null if no corpus was read
   * @param corpus whether the corpus is complete, in a sentence; null if none was read; not in JSON
   */
  public record Losses(
      SortedMap<String, Long> deadLetters,
      boolean tooManyDeadLetters,
      @Nullable Long records,
      @JsonIgnore @Nullable String corpus) {}

  /**
   * What the run did not read of its inputs, and what it added.
   *
   * @param leftOut the number of unread files and folders, by reason
   * @param waiting new files that lost more than the job allows, and wait for the next run: paths
   *     with reasons
   * @param appended what the run added to an output that grows, in JSON {@code night}; null for any
   *     other output
   * @param warnings sentences for a person about the inputs and the lengths of documents
   */
  public record Inputs(
      SortedMap<String, Integer> leftOut,
      SortedMap<String, String> waiting,
      @JsonProperty("night") @Nullable AppendSummary appended,
      List<String> warnings) {}

  /**
   * What a person may have to change.
   *
   * @param foreign files in the run's folders that no run wrote, which are kept, and folders of
   *     other runs
   * @param keptCard whether README.md is a file of the user, which is kept
   * @param lost the files that lost an unknown number of records, or all of them
   * @param fieldWithoutGroups the group field of the job if no document has a group; null otherwise
   */
  public record Remarks(
      List<String> foreign,
      boolean keptCard,
      LostFiles lost,
      @Nullable String fieldWithoutGroups) {}

  /**
   * The vocabulary.
   *
   * @param size one more than its largest id
   * @param change whether it changed; null if the folder had none before, or if the run only reads
   *     the shards of others
   */
  public record Vocabulary(
      @JsonProperty("vocabularySize") long size,
      @JsonProperty("vocabularyChange") @Nullable VocabularyChange change) {}

  /**
   * What the stages of the run did.
   *
   * @param published what the commit of the last run changed in the published files; null without a
   *     record of it
   * @param training the counts that the vocabulary was learned from; null if it was not learned
   * @param packing the counts of packing; null if nothing was packed
   * @param times the times of the last run; null if they are lost
   * @param unitsEncoded the units that the run that finished last has encoded; 0 if it did not
   *     encode
   * @param unitsKept the units that it kept from earlier attempts and runs
   */
  public record Work(
      @Nullable PublishedChanges published,
      @Nullable TrainingFigures training,
      @Nullable PackFigures packing,
      @Nullable RunTimes times,
      long unitsEncoded,
      long unitsKept) {}

  /**
   * The report and its checks.
   *
   * @param verdict the checks; empty without statistics
   * @param page the location of the report; null if there is none
   * @param pageDocuments the number of documents in the page
   */
  public record Report(
      @JsonIgnoreProperties({"found", "wanted", "advice"}) List<Check> verdict,
      @Nullable String page,
      long pageDocuments) {}

  /** Sentences about what a person should check. */
  public List<String> lookAt() {
    List<String> sentences = remarks.lost.sentences();
    inputs.waiting.forEach(
        (file, reason) -> sentences.add(file + " waits for the next run: it " + reason));
    sentences.addAll(inputs.warnings);
    if (remarks.fieldWithoutGroups != null) {
      sentences.add(
          "no document has a group: no record has a value in the field of groups, "
              + remarks.fieldWithoutGroups);
    }
    return sentences;
  }

  /**
   * Whether the ids have the same meaning as before.
   *
   * @param before the sha256 of the tokenizer.json that the folder had before the run
   * @param after the sha256 of the tokenizer.json of the run
   * @param shards the number of shards with documents for training; all were encoded again if the
   *     vocabulary changed
   */
  public record VocabularyChange(String before, String after, long shards) {
    @Override
    public String toString() {
      if (before.equals(after)) {
        return "vocabulary kept";
      }
      String change = String.format("vocabulary changed (sha %.12s → %.12s)", before, after);
      return shards == 0
          ? change
          : change + Phrase.of(": all %,d shards were encoded again", shards);
    }
  }

  /** A file, or the files of a folder, and their bytes. */
  public record Part(long files, long bytes) {
    /**
     * The files of an output by folder, in the order of their list. A file in the root, the table
     * of rows and the n-gram model each have an entry of their own.
     */
    static Map<String, Part> of(List<WrittenFile> outputs) {
      Map<String, Part> parts = new LinkedHashMap<>();
      for (WrittenFile file : outputs) {
        String path = file.path();
        int slash = path.lastIndexOf('/');
        boolean isAlone = path.equals(OutputPaths.ROWS) || path.equals(OutputPaths.NGRAMS);
        String part = slash < 0 || isAlone ? path : path.substring(0, slash + 1);
        parts.merge(part, new Part(1, file.size()), Part::plus);
      }
      return parts;
    }

    /** Both together. */
    Part plus(Part other) {
      return new Part(files + other.files, bytes + other.bytes);
    }
  }

  /**
   * What trainers open of a layout.
   *
   * @param names prefixes of Megatron, folders, a file, or a pattern of files
   * @param python a line that opens one and prints the first ids; null if its library only reads
   *     local files and these are remote
   */
  public record Opened(List<String> names, @Nullable String python) {}
}
