package org.merganser.pipeline;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.Manifest.ExcludedIdCounts;
import org.merganser.dataset.PackFigures;
import org.merganser.dataset.WrittenFile;
import org.merganser.pipeline.output.CorpusAccounts.Lost;
import org.merganser.pipeline.step.RunTimes;
import org.merganser.pipeline.train.TrainingAccount;
import org.merganser.report.Plural;
import org.merganser.report.statistics.Statistics.Check;

/**
 * The headline figures of a finished run, from its manifest.
 *
 * @param output the output folder
 * @param request the name of what was asked for
 * @param data the name of the data
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
 * @param records that were read and are not blank; null where no corpus was read
 * @param corpus whether the corpus is whole, in a sentence; null where none was read
 * @param leftOut how many files and folders of the inputs are not read, by reason
 * @param warnings what a person should know of the files that are read, in sentences
 * @param foreign files in the run's folders that no run wrote, which stay there, and folders of
 *     other runs
 * @param waiting new files that lost more than the job allows, and wait for the next run: paths
 *     with reasons
 * @param lost files that are cut or damaged, or gave dead letters and no document
 * @param fieldWithoutGroups the field of groups; null where a document has it
 * @param vocabularyChange null where nothing was in the folder before
 * @param replaced what the last run that worked here made of the files of the run before it; null
 *     where none had finished
 * @param training what the vocabulary was learned from; null where it was not learned
 * @param packing what packing made of the ids; null where nothing was packed
 * @param times of the last run that worked here; null where they are lost
 * @param unitsEncoded by the last run, as far as this JVM knows
 * @param unitsKept as they were made before
 * @param verdict of the report; empty where there is none
 * @param page location of the report; null where there is none
 * @param pageDocuments how many documents the page shows
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
    SortedMap<String, Long> deadLetters,
    boolean tooManyDeadLetters,
    @Nullable Long records,
    @JsonIgnore @Nullable String corpus,
    SortedMap<String, Integer> leftOut,
    SortedMap<String, String> waiting,
    List<String> warnings,
    List<String> foreign,
    Lost lost,
    @Nullable String fieldWithoutGroups,
    long vocabularySize,
    @Nullable VocabularyChange vocabularyChange,
    @Nullable Replaced replaced,
    @Nullable TrainingAccount training,
    @Nullable PackFigures packing,
    @Nullable RunTimes times,
    long unitsEncoded,
    long unitsKept,
    @JsonIgnoreProperties({"found", "wanted", "advice"}) List<Check> verdict,
    @Nullable String page,
    long pageDocuments) {

  /** What a person should look at, in sentences. */
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
   * Whether the ids mean what they meant in the folder before; the sums are of tokenizer.json.
   *
   * @param shards of the run with documents; encoded again where the vocabulary changed
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
          : change + String.format(Locale.ROOT, ": all %,d shards were encoded again", shards);
    }
  }

  /**
   * What a run has made of the files of an earlier run, those of the report left out.
   *
   * @param files with other bytes than before
   */
  public record Replaced(long files, long deleted, long before) {
    /** Null for no files before. */
    static @Nullable Replaced of(List<WrittenFile> earlier, List<WrittenFile> now) {
      Map<String, String> sums = new HashMap<>();
      now.forEach(file -> sums.put(file.path(), file.sha256()));
      long files = 0;
      long deleted = 0;
      long before = 0;
      for (WrittenFile file : earlier) {
        if (!Manifest.FIGURES.contains(file.path())) {
          String sha256 = sums.get(file.path());
          before++;
          deleted += sha256 == null ? 1 : 0;
          files += sha256 == null || sha256.equals(file.sha256()) ? 0 : 1;
        }
      }
      return before == 0 ? null : new Replaced(files, deleted, before);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "replaced %,d and deleted %,d of %s of the earlier run",
          files,
          deleted,
          Plural.of(before, "file"));
    }
  }

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
