package org.merganser.pipeline.finish;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.output.OutputFile;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.manifest.Manifest.ExcludedIdCounts;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.deadletter.LostFiles;
import org.merganser.pipeline.progress.RunTimes;
import org.merganser.pipeline.train.TrainingFigures;
import org.merganser.report.statistics.Statistics.Check;

/**
 * The headline figures of a finished run, which {@link RunSummaryMaker} reads from its output. The
 * components are the members of the summary in JSON, in this order.
 *
 * @param output the location of the output folder
 * @param request the name of the request
 * @param data the name of the data
 * @param parts the published files and their bytes, as {@link #parts(List)} divides them
 * @param opened what trainers open, by the folder of the layout
 * @param documents the documents for training
 * @param textBytes the bytes of their text
 * @param tokens the number of their ids
 * @param lossTokens those of {@code tokens} with a 1 in their loss mask; null if documents have
 *     none
 * @param validationDocuments the documents for validation, which {@code documents} does not count
 * @param validationTokens the number of their ids, which {@code tokens} does not count
 * @param duplicates the documents that are left out because an earlier one has the same text
 * @param excluded the documents that are left out because the job names their ids
 * @param excludedIds the ids that the job names; null if it names none
 * @param testSplit the documents that are left out because their records name a test split
 * @param deadLetters the dead letters by reason
 * @param tooManyDeadLetters whether there are more than the job allows
 * @param records the records that were read and are not blank; null if no corpus was read
 * @param corpus whether the corpus is complete, in a sentence; null if none was read; not in JSON
 * @param leftOut the number of unread files and folders of the inputs, by reason
 * @param waiting new files that lost more than the job allows, and wait for the next run: paths
 *     with reasons
 * @param appended what the run added to an output that grows, in JSON {@code night}; null for any
 *     other output
 * @param warnings sentences for a person about the inputs and the lengths of documents
 * @param foreign files in the run's folders that no run wrote, which are kept, and folders of other
 *     runs
 * @param keptCard whether README.md is a file of the user, which is kept
 * @param lost files that are truncated or damaged, or have dead letters and no document
 * @param fieldWithoutGroups the group field of the job if no document has a group; null otherwise
 * @param vocabularySize the number of ids of the tokenizer
 * @param vocabularyChange whether the vocabulary changed; null if the folder had none before, or if
 *     the run only reads the shards of others
 * @param published what the commit of the last run changed in the published files; null without a
 *     record of it
 * @param training the counts that the vocabulary was learned from; null if it was not learned
 * @param packing the counts of packing; null if nothing was packed
 * @param times the times of the last run; null if they are lost
 * @param unitsEncoded the units that the run that finished last has encoded; 0 if it did not encode
 * @param unitsKept the units that it kept from earlier attempts and runs
 * @param verdict the checks of the report; empty without statistics
 * @param page the location of the report; null if there is none
 * @param pageDocuments the number of documents in the page
 */
public record RunSummary(
    String output,
    String request,
    String data,
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
    long testSplit,
    SortedMap<String, Long> deadLetters,
    boolean tooManyDeadLetters,
    @Nullable Long records,
    @JsonIgnore @Nullable String corpus,
    SortedMap<String, Integer> leftOut,
    SortedMap<String, String> waiting,
    @JsonProperty("night") @Nullable AppendSummary appended,
    List<String> warnings,
    List<String> foreign,
    boolean keptCard,
    LostFiles lost,
    @Nullable String fieldWithoutGroups,
    long vocabularySize,
    @Nullable VocabularyChange vocabularyChange,
    @Nullable Published published,
    @Nullable TrainingFigures training,
    @Nullable PackFigures packing,
    @Nullable RunTimes times,
    long unitsEncoded,
    long unitsKept,
    @JsonIgnoreProperties({"found", "wanted", "advice"}) List<Check> verdict,
    @Nullable String page,
    long pageDocuments) {

  /** Sentences about what a person should check. */
  public List<String> lookAt() {
    List<String> sentences = lost.sentences();
    waiting.forEach(
        (file, reason) -> sentences.add(file + " waits for the next run: it " + reason));
    sentences.addAll(warnings);
    if (fieldWithoutGroups != null) {
      sentences.add(
          "no document has a group: no record has a value in the field of groups, "
              + fieldWithoutGroups);
    }
    return sentences;
  }

  /**
   * The files of an output by folder, in the order of their list. A file in the root, the table of
   * rows and the n-gram model each have an entry of their own.
   */
  static Map<String, Part> parts(List<WrittenFile> outputs) {
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

  /**
   * What a commit changed in the published files, without those of the report.
   *
   * @param added the number of files with new paths
   * @param replaced the number of files with other bytes than before
   * @param deleted the number of files that the new version does not list
   * @param before the number of files of the version before
   */
  public record Published(long added, long replaced, long deleted, long before) {
    /**
     * Compares the files of two versions.
     *
     * @param earlier the files of the version before; empty for none
     */
    static Published of(List<WrittenFile> earlier, List<WrittenFile> now) {
      Map<String, String> sums = new HashMap<>();
      earlier.stream()
          .filter(file -> !isFigures(file))
          .forEach(file -> sums.put(file.path(), file.sha256()));
      long before = sums.size();
      long added = 0;
      long replaced = 0;
      for (WrittenFile file : now) {
        if (!isFigures(file)) {
          String sha256 = sums.remove(file.path());
          if (sha256 == null) {
            added++;
          } else if (!sha256.equals(file.sha256())) {
            replaced++;
          }
        }
      }
      return new Published(added, replaced, sums.size(), before);
    }

    /** Whether the file has figures of the report. */
    private static boolean isFigures(WrittenFile file) {
      OutputFile row = OutputFile.of(file.path());
      return row != null && row.kind() == OutputFile.Kind.FIGURES;
    }

    @Override
    public String toString() {
      return Phrase.of(
          "published: %s added, %,d replaced, %,d deleted",
          Plural.of(added, "file"), replaced, deleted);
    }
  }

  /** A file, or the files of a folder, and their bytes. */
  public record Part(long files, long bytes) {
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
