package org.merganser.pipeline.output.loss;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetterFile;
import org.merganser.corpus.plan.ChatAdvice;
import org.merganser.job.Job;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Totals;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.FinishedOutput;

/**
 * Says in sentences how much of its corpus a run has kept and lost. {@link DeadLetterLimits}
 * decides whether that is too much.
 */
public final class CorpusLosses {
  private static final int NAMED = 10;

  private CorpusLosses() {}

  /**
   * The failure of a run that kept no document for training. It names the files, the records by
   * outcome, and the first dead letter.
   *
   * @param read the names of the first files
   * @param letters a file of dead letters of the run, or null
   */
  public static RunException nothingKept(
      Totals totals, List<String> read, FileLocations paths, @Nullable String letters)
      throws IOException {
    Map<String, Long> fates = new LinkedHashMap<>();
    fates.put("blank", totals.sums().blank());
    fates.put("duplicates", totals.sums().duplicates());
    fates.put("excluded by id", totals.sums().leftOutById());
    fates.put("of a test split", totals.sums().leftOutAsTest());
    fates.put("kept for validation", totals.sums().validation().documents());
    fates.put("dead letters", totals.sums().dead());
    fates.values().removeIf(count -> count == 0);
    return new RunException(
        RunException.Kind.NOTHING_KEPT,
        "%s: no document was kept: %s (%s%s) %s%s%s"
            .formatted(
                paths.root(),
                Plural.of(totals.files(), "file"),
                String.join(", ", read),
                totals.files() > read.size() ? ", …" : "",
                totals.sums().records() == 0
                    ? "without a record; check corpus.inputs"
                    : "with "
                        + Plural.of(totals.sums().records(), "record")
                        + ": "
                        + DeadLetterLimits.counted(fates),
                totals.sums().deadLetters().isEmpty()
                    ? ""
                    : " (%s), which are in %s"
                        .formatted(
                            DeadLetterLimits.counted(totals.sums().deadLetters()),
                            paths.at(Manifest.DEAD_LETTERS)),
                letters == null
                    ? ""
                    : first(paths.at(letters))
                        + "\n  all of them: "
                        + ProgramCommand.line("cat", paths.root(), "--dead-letters")));
  }

  private static String first(String letters) throws IOException {
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
              chats(letter.path("raw").binaryValue()));
    }
  }

  /** How a record of JSON lines that is a chat becomes text, after a semicolon, or "". */
  public static String chats(byte[] record) {
    String next = ProgramCommand.line("init", "segments.jsonl", "--output", "segments.yaml");
    return ChatAdvice.advice(record, next);
  }

  /**
   * Files that are truncated or damaged, or have dead letters and no document: their number, and
   * the first of them.
   */
  public record Lost(int files, List<InputLine> first) {
    public static final Lost NONE = new Lost(0, List.of());

    public static Lost of(List<InputLine> files) {
      return new Lost(files.size(), List.copyOf(files.subList(0, Math.min(NAMED, files.size()))));
    }

    public List<String> sentences() {
      List<String> sentences = new ArrayList<>();
      for (InputLine file : first) {
        String what = kept(file) > 0 ? "is cut or damaged" : "gave no document";
        sentences.add(
            "%s %s (%s)"
                .formatted(file.path(), what, DeadLetterLimits.counted(file.sums().deadLetters())));
      }
      if (files > NAMED) {
        sentences.add(
            "and " + (files - NAMED) + " more files that are damaged or gave no document");
      }
      return sentences;
    }
  }

  public static Lost lost(OutputPaths paths) throws IOException {
    List<InputLine> lost = new ArrayList<>();
    FinishedOutput.at(paths)
        .forEachInput(
            file -> {
              if (isLost(file)) {
                lost.add(file);
              }
            });
    return Lost.of(lost);
  }

  /** Whether a file is truncated or damaged, or has dead letters and no document. */
  public static boolean isLost(InputLine file) {
    return !file.sums().deadLetters().isEmpty()
        && (kept(file) == 0 || DeadLetterLimits.lostUnknown(file.sums().deadLetters()));
  }

  private static long kept(InputLine file) {
    return file.sums().records() - file.sums().blank() - file.sums().dead();
  }

  /**
   * As {@link #wholeness}, for an output that grows: the limits hold for what a night added.
   *
   * @param judged of the files that the run added, without accepted ones
   */
  public static String wholenessOfAdded(RecordSums totals, RecordSums judged, Job.Corpus corpus) {
    return totals.dead() == 0 || judged.dead() > 0
        ? wholeness(judged, corpus)
        : Phrase.of(
            "%,d of %,d records are dead letters, of files that were accepted or encoded before",
            totals.dead(), DeadLetterLimits.filled(totals));
  }

  /** A sentence that says whether the complete corpus was kept. */
  public static String wholeness(RecordSums totals, Job.Corpus corpus) {
    long dead = totals.dead();
    if (dead == 0) {
      return "whole: no record was lost";
    }
    String lost =
        Phrase.of(
            "NOT WHOLE: %,d of %,d records are dead letters (%s %%)",
            dead,
            DeadLetterLimits.filled(totals),
            percent((double) dead / DeadLetterLimits.filled(totals)));
    if (DeadLetterLimits.lostUnknown(totals.deadLetters())) {
      lost +=
          ", and files that are cut, damaged or not supported lost an unknown number of records";
    }
    if (!DeadLetterLimits.exceededBy(totals, corpus)) {
      return lost + "; the job allows it (corpus.maxDeadLetterRate)";
    }
    if (corpus.failOnDeadLetters()) {
      return lost + "; corpus.failOnDeadLetters allows none";
    }
    double rate = corpus.maxDeadLetterRate();
    if (DeadLetterLimits.isDamaged(totals.deadLetters())) {
      lost += "; damaged files and rows are allowed only by corpus.maxDeadLetterRate: 1";
    }
    if (dead > rate * DeadLetterLimits.filled(totals)) {
      lost += "; more than corpus.maxDeadLetterRate " + rate + " allows";
    }
    return lost;
  }

  private static String percent(double share) {
    return Phrase.of(share < 0.001 ? "%.4f" : "%.2f", 100 * share);
  }
}
