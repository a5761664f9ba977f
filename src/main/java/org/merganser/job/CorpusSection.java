package org.merganser.job;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.job.key.JobKey;
import org.merganser.job.key.KeyRole;

/**
 * The key {@code corpus}: the text to read, and which of it. The resource {@code keys.yaml} says in
 * full what each key means, and {@link CorpusRules} has the rules between them.
 *
 * @param inputs the files, folders and globs to read
 * @param exclude globs of files and folders to leave out
 * @param includeAll whether all files of a folder are read, also those left out by default
 * @param format of the files whose input names none
 * @param separator the line that ends a document of a text; null: a text is one document
 * @param textField the field path or template of a record's text
 * @param segmentsField the field with a list of segments in place of a text; null for texts
 * @param idField the field path or template of a document's id
 * @param splitField the field path or template of a record's split; null for none
 * @param maxDocumentBytes a larger document is cut where that does not change its ids
 * @param maxWholeDocumentBytes see {@link #wholeDocumentLimit}, which has the default for null
 * @param invalidUtf8 what is done with text that is not UTF-8
 * @param failOnDeadLetters whether any dead letter ends the run with an exit code of its own
 * @param maxDeadLetterRate the share of dead records above which the run ends with that code
 * @param validation the share of documents that are for validation
 * @param validationInputs inputs whose documents are all for validation
 * @param deduplicate which documents with equal texts are left out
 * @param excludeIds files with the ids of documents to leave out
 * @param append whether the run adds new files to the current version of the output
 * @param minAge how long ago a file must have been modified, as text; null for no limit
 * @param changedFiles what is done if a file changed after it was encoded
 */
@JobKey.Roles(KeyRole.TEXT)
public record CorpusSection(
    @JobKey(decides = KeyRole.FILES, orFirstKey = true) List<CorpusInput> inputs,
    @JobKey(decides = KeyRole.FILES, byDefault = "[]", orOne = true) List<String> exclude,
    @JobKey(decides = KeyRole.FILES, byDefault = "false") boolean includeAll,
    @JobKey(decides = KeyRole.FILES, byDefault = "auto") InputFormat format,
    @JobKey @Nullable String separator,
    @JobKey(byDefault = CorpusSettings.DEFAULT_TEXT_FIELD) String textField,
    @JobKey @Nullable String segmentsField,
    @JobKey(byDefault = CorpusSettings.DEFAULT_ID_FIELD) String idField,
    @JobKey @Nullable String splitField,
    @JobKey(
            byDefault = "" + CorpusSettings.DEFAULT_DOCUMENT_BYTES,
            min = 1024,
            max = CorpusSettings.MAX_DOCUMENT_BYTES)
        long maxDocumentBytes,
    @JobKey(min = 1024, max = CorpusSettings.MAX_DOCUMENT_BYTES)
        @Nullable Long maxWholeDocumentBytes,
    @JobKey(byDefault = "deadLetter") InvalidUtf8 invalidUtf8,
    @JobKey(decides = KeyRole.RUN_END, byDefault = "false") boolean failOnDeadLetters,
    @JobKey(decides = KeyRole.RUN_END, byDefault = "0.001", minReal = 0, maxReal = 1)
        double maxDeadLetterRate,
    @JobKey(decides = KeyRole.SPLIT, byDefault = "0", minReal = 0, maxReal = 0.5) double validation,
    @JobKey(decides = KeyRole.FILES, byDefault = "[]", orFirstKey = true)
        List<CorpusInput> validationInputs,
    @JobKey(decides = KeyRole.DUPLICATES, byDefault = "none") Deduplicate deduplicate,
    @JobKey(
            decides = KeyRole.SPLIT,
            byDefault = "[]",
            orOne = true,
            isLocation = true,
            isGlob = true)
        List<String> excludeIds,
    @JobKey(decides = KeyRole.FILES, grows = true, byDefault = "false") boolean append,
    @JobKey(decides = KeyRole.RUN_END) @Nullable String minAge,
    @JobKey(decides = KeyRole.RUN_END, byDefault = "fail") ChangedFiles changedFiles)
    implements Serializable {
  /** A number and its unit. */
  private static final Pattern AGE = Pattern.compile("([0-9]{1,9}) ?(s|min|h|d)");

  /** Whether a document may be for validation. */
  public boolean hasValidation() {
    return validation > 0 || !validationInputs.isEmpty() || splitField != null;
  }

  /**
   * The most bytes of a document, or part of one, that has no place for a cut: {@code
   * maxWholeDocumentBytes}, or by default twice the bytes of any other document.
   */
  public long wholeDocumentLimit() {
    return maxWholeDocumentBytes == null
        ? Math.min(CorpusSettings.MAX_DOCUMENT_BYTES, 2 * maxDocumentBytes)
        : maxWholeDocumentBytes;
  }

  /**
   * How old a new file must be to be read: {@code minAge}, or zero if the job has none.
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

  /** What a run does if a file changed after it was encoded. */
  public enum ChangedFiles {
    /** Ends with an error. */
    FAIL,
    /** Keeps the documents that were read of the earlier file. */
    KEEP
  }

  /** Which documents with equal texts are left out. */
  public enum Deduplicate {
    /** No document. */
    NONE,
    /** All but the first of the documents whose texts have the same bytes. */
    EXACT
  }
}
