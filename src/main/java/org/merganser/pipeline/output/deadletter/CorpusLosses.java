package org.merganser.pipeline.output.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetterFile;
import org.merganser.corpus.plan.ChatAdvice;
import org.merganser.job.CorpusSection;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;
import org.merganser.output.ListedFolders;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.Totals;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.RunException;

/**
 * Says in sentences how much of its corpus a run has kept and lost. {@link DeadLetterLimits}
 * decides whether that is too much.
 */
public final class CorpusLosses {
  private CorpusLosses() {}

  /**
   * The error of a run that kept no document for training. It names the files, the records by
   * outcome, and the first dead letter.
   *
   * @param totals the sums over all files
   * @param firstFiles the names of the first files that were read
   * @param letters the path of a file of dead letters of the run; null if there is none
   */
  public static RunException nothingKept(
      Totals totals, List<String> firstFiles, FileLocations paths, @Nullable String letters)
      throws IOException {
    String first =
        letters == null
            ? ""
            : firstLetter(paths.at(letters))
                + "\n  all of them: "
                + ProgramCommand.line("cat", paths.root(), "--dead-letters");
    return new RunException(
        RunException.Kind.NOTHING_KEPT,
        "%s: no document was kept: %s (%s%s) %s%s%s"
            .formatted(
                paths.root(),
                Plural.of(totals.files(), "file"),
                String.join(", ", firstFiles),
                totals.files() > firstFiles.size() ? ", …" : "",
                recordsByOutcome(totals.sums()),
                reasons(totals.sums(), paths),
                first));
  }

  /**
   * Advice for a record of JSON lines that is a chat, on how to convert it to text: a phrase that
   * begins with a semicolon; "" for another record.
   */
  public static String chatAdvice(byte[] record) {
    String next = ProgramCommand.line("init", "segments.jsonl", "--output", "segments.yaml");
    return ChatAdvice.advice(record, next);
  }

  /**
   * A sentence that says whether the complete corpus was kept, and if not, whether the job allows
   * it.
   *
   * @param totals the sums over all files
   */
  public static String wholeness(RecordSums totals, CorpusSection corpus) {
    if (totals.dead() == 0) {
      return "whole: no record was lost";
    }
    return lost(totals) + judgement(totals, corpus);
  }

  /**
   * The sentence of {@link #wholeness} for an output that grows: the limits hold for what one run
   * added.
   *
   * @param totals the sums over all files of the version
   * @param underLimits the sums over the files that the run added, without accepted ones
   */
  public static String wholenessOfAdded(
      RecordSums totals, RecordSums underLimits, CorpusSection corpus) {
    return totals.dead() == 0 || underLimits.dead() > 0
        ? wholeness(underLimits, corpus)
        : Phrase.of(
            "%,d of %,d records are dead letters, of files that were accepted or encoded before",
            totals.dead(), DeadLetterLimits.countNonBlank(totals));
  }

  /** A phrase with the number of records and what was done with them. */
  private static String recordsByOutcome(RecordSums sums) {
    return sums.records() == 0
        ? "without a record; check corpus.inputs"
        : "with %s: %s".formatted(Plural.of(sums.records(), "record"), outcomes(sums));
  }

  /** A phrase with the reasons of the dead letters and their folder; "" without dead letters. */
  private static String reasons(RecordSums sums, FileLocations paths) {
    return sums.deadLetters().isEmpty()
        ? ""
        : " (%s), which are in %s"
            .formatted(
                DeadLetterLimits.counted(sums.deadLetters()), paths.at(ListedFolders.DEAD_LETTERS));
  }

  /** Counts the records by what was done with them. */
  private static String outcomes(RecordSums sums) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("blank", sums.blank());
    counts.put("duplicates", sums.duplicates());
    counts.put("excluded by id", sums.leftOutById());
    counts.put("of a test split", sums.leftOutAsTest());
    counts.put("kept for validation", sums.validation().documents());
    counts.put("dead letters", sums.dead());
    counts.values().removeIf(count -> count == 0);
    return DeadLetterLimits.counted(counts);
  }

  /** A sentence about the first dead letter of a file; "" if it has none. */
  private static String firstLetter(String letters) throws IOException {
    try (var in = DeadLetterFile.read(letters)) {
      if (!in.hasNextValue()) {
        return "";
      }
      JsonNode letter = in.nextValue();
      return ". The first is %s at %s: %s: %s%s"
          .formatted(
              letter.path("file").asText(),
              letter.path("offset").asText(),
              letter.path("reason").asText(),
              letter.path("detail").asText(),
              chatAdvice(letter.path("raw").binaryValue())); // each letter has it
    }
  }

  /** How many records were lost, as the beginning of a sentence. */
  private static String lost(RecordSums totals) {
    long dead = totals.dead();
    String lost =
        Phrase.of(
            "NOT WHOLE: %,d of %,d records are dead letters (%s %%)",
            dead,
            DeadLetterLimits.countNonBlank(totals),
            percent((double) dead / DeadLetterLimits.countNonBlank(totals)));
    return DeadLetterLimits.hasUnknownLoss(totals.deadLetters())
        ? lost
            + ", and files that are cut, damaged or not supported lost an unknown number of records"
        : lost;
  }

  /** Whether the job allows the dead letters, as the end of a sentence. */
  private static String judgement(RecordSums totals, CorpusSection corpus) {
    if (!DeadLetterLimits.exceededBy(totals, corpus)) {
      return "; the job allows it (corpus.maxDeadLetterRate)";
    }
    if (corpus.failOnDeadLetters()) {
      return "; corpus.failOnDeadLetters allows none";
    }
    double rate = corpus.maxDeadLetterRate();
    String judgement = "";
    if (DeadLetterLimits.isDamaged(totals.deadLetters())) {
      judgement += "; damaged files and rows are allowed only by corpus.maxDeadLetterRate: 1";
    }
    if (totals.dead() > rate * DeadLetterLimits.countNonBlank(totals)) {
      judgement += "; more than corpus.maxDeadLetterRate " + rate + " allows";
    }
    return judgement;
  }

  /** A share as a percentage, with more digits if it is small. */
  private static String percent(double share) {
    return Phrase.of(share < 0.001 ? "%.4f" : "%.2f", 100 * share);
  }
}
