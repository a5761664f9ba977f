package org.merganser.pipeline.output.loss;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.DeadLetterFile;
import org.merganser.corpus.plan.ChatAdvice;
import org.merganser.job.Job;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Totals;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.version.OutputVersions;

/** Reports how much of its corpus a run has kept and lost, in sentences. */
public final class CorpusLosses {
  private static final int NAMED = 10;

  /** For these reasons the number of lost records is unknown. */
  private static final List<Reason> UNKNOWN =
      List.of(Reason.TRUNCATED, Reason.CORRUPT, Reason.UNSUPPORTED);

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
                        + counted(fates),
                totals.sums().deadLetters().isEmpty()
                    ? ""
                    : " (%s), which are in %s"
                        .formatted(
                            counted(totals.sums().deadLetters()), paths.at(Manifest.DEAD_LETTERS)),
                letters == null
                    ? ""
                    : first(paths.at(letters))
                        + "\n  all of them: "
                        + ProgramCommand.line("cat", paths.root(), "--dead-letters")));
  }

  private static String counted(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
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
            "%s %s (%s)".formatted(file.path(), what, counted(file.sums().deadLetters())));
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
        && (kept(file) == 0 || lostUnknown(file.sums().deadLetters()));
  }

  private static long kept(InputLine file) {
    return file.sums().records() - file.sums().blank() - file.sums().dead();
  }

  public static boolean tooManyDeadLetters(RecordSums totals, Job.Corpus corpus) {
    long dead = totals.dead();
    double rate = corpus.maxDeadLetterRate();
    return dead > 0
        && (corpus.failOnDeadLetters()
            || (rate < 1 && isDamaged(totals.deadLetters()))
            || dead > rate * filled(totals));
  }

  /**
   * The new files of a run with {@code corpus.append} that alone lost more than the job allows, by
   * path, each with the reason.
   *
   * @param base the version that the run adds to; null for none
   * @param letters the files of dead letters of the run
   */
  public static SortedMap<String, WaitingFile> waiting(
      RunPaths paths, @Nullable String base, Job.Corpus corpus, List<WrittenFile> letters)
      throws IOException {
    Set<String> known = new OutputVersions(paths.output()).files(base);
    AcceptedFiles accepted = AcceptedFiles.of(paths.output(), base);
    SortedMap<String, WaitingFile> waiting = new TreeMap<>();
    FinishedOutput.at(paths)
        .forEachInput(
            file -> {
              SortedMap<String, Long> dead = file.sums().deadLetters();
              if (!known.contains(file.path())
                  && !accepted.contains(file)
                  && tooManyDeadLetters(file.sums(), corpus)) {
                String what = isDamaged(dead) ? "is cut or damaged" : "has too many dead letters";
                waiting.put(
                    file.path(),
                    new WaitingFile(what + " (" + counted(dead) + ")", new ArrayList<>()));
              }
            });
    if (!waiting.isEmpty()) {
      for (WrittenFile file : letters) {
        keepLetters(Receipts.locate(paths, file), waiting);
      }
    }
    return waiting;
  }

  private static void keepLetters(String letters, SortedMap<String, WaitingFile> waiting)
      throws IOException {
    try (var in = DeadLetterFile.read(letters)) {
      while (in.hasNextValue()) {
        ObjectNode letter = in.nextValue();
        WaitingFile file = waiting.get(letter.path("file").asText());
        if (file != null && file.letters().size() < WaitingFile.KEPT_LETTERS) {
          byte[] raw = letter.path("raw").binaryValue();
          int kept = Math.min(raw.length, WaitingFile.KEPT_BYTES);
          file.letters().add(letter.put("raw", Arrays.copyOf(raw, kept)));
        }
      }
    }
  }

  private static boolean isDamaged(SortedMap<String, Long> deadLetters) {
    return lostUnknown(deadLetters) || deadLetters.containsKey(Reason.UNDECODABLE.label());
  }

  private static boolean lostUnknown(SortedMap<String, Long> deadLetters) {
    return UNKNOWN.stream().anyMatch(reason -> deadLetters.containsKey(reason.label()));
  }

  public static long filled(RecordSums totals) {
    return totals.records() - totals.blank();
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
            totals.dead(), filled(totals));
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
            dead, filled(totals), percent((double) dead / filled(totals)));
    if (lostUnknown(totals.deadLetters())) {
      lost +=
          ", and files that are cut, damaged or not supported lost an unknown number of records";
    }
    if (!tooManyDeadLetters(totals, corpus)) {
      return lost + "; the job allows it (corpus.maxDeadLetterRate)";
    }
    if (corpus.failOnDeadLetters()) {
      return lost + "; corpus.failOnDeadLetters allows none";
    }
    double rate = corpus.maxDeadLetterRate();
    if (isDamaged(totals.deadLetters())) {
      lost += "; damaged files and rows are allowed only by corpus.maxDeadLetterRate: 1";
    }
    if (dead > rate * filled(totals)) {
      lost += "; more than corpus.maxDeadLetterRate " + rate + " allows";
    }
    return lost;
  }

  private static String percent(double share) {
    return Phrase.of(share < 0.001 ? "%.4f" : "%.2f", 100 * share);
  }
}
