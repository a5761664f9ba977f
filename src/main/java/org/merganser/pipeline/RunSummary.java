package org.merganser.pipeline;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.Manifest.ExcludedIdCounts;
import org.merganser.pipeline.step.RunTimes;
import org.merganser.pipeline.train.TrainingAccount;
import org.merganser.report.statistics.Statistics.Check;
import org.merganser.shard.PackFigures;

/**
 * The headline figures of a finished run, from its manifest.
 *
 * @param output the output folder
 * @param parts what lies where, by relative path, in order
 * @param opened what trainers open, by the folder of the layout
 * @param documents encoded for training, documents in dead letters not among them
 * @param textBytes of the documents
 * @param lossTokens ids that have a 1 in their loss mask; null where documents have none
 * @param validationDocuments kept from training, not among the documents
 * @param validationTokens their ids, not among the tokens
 * @param duplicates documents left out because an earlier one has the same text
 * @param excluded documents left out because the job names their ids
 * @param excludedIds what the job names; null for a job that names none
 * @param deadLetters by reason
 * @param tooManyDeadLetters whether there are more than the job allows
 * @param corpus whether the corpus is whole, in a sentence; null where none was read
 * @param leftOut how many files and folders of the inputs are not read, by reason
 * @param lookAt sentences about the files that are cut or damaged, and those that gave dead letters
 *     and no document, and about a field of groups that no document has
 * @param vocabularyChange whether the ids mean what they meant in the folder before, in a sentence;
 *     null where nothing was before
 * @param training what the vocabulary was learned from; null where it was not learned
 * @param packing what packing made of the ids; null where nothing was packed
 * @param times of the last run that worked here; null where they are lost
 * @param unitsEncoded by the last run, as far as this JVM knows
 * @param unitsKept as they were made before
 * @param verdict of the report; empty where there is none
 * @param page location of the report; null where there is none
 */
public record RunSummary(
    String output,
    Map<String, Part> parts,
    Map<String, Opened> opened,
    long documents,
    long textBytes,
    long tokens,
    @Nullable Long lossTokens,
    long validationDocuments,
    long validationTokens,
    long duplicates,
    long excluded,
    @Nullable ExcludedIdCounts excludedIds,
    SortedMap<String, Long> deadLetters,
    boolean tooManyDeadLetters,
    @Nullable String corpus,
    SortedMap<String, Integer> leftOut,
    List<String> lookAt,
    long vocabularySize,
    @Nullable String vocabularyChange,
    @Nullable TrainingAccount training,
    @Nullable PackFigures packing,
    @Nullable RunTimes times,
    long unitsEncoded,
    long unitsKept,
    List<Check> verdict,
    @Nullable String page) {

  /** A file, or the files of a folder, and their bytes. */
  public record Part(long files, long bytes) {
    Part and(Part other) {
      return new Part(files + other.files, bytes + other.bytes);
    }
  }

  /**
   * What trainers open of a layout.
   *
   * @param names prefixes of Megatron, folders, a file, or a pattern of files
   * @param python a line that opens one and prints the first ids; null where its library only reads
   *     local files and these are elsewhere
   */
  public record Opened(List<String> names, @Nullable String python) {}
}
