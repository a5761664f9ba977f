package org.merganser.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.dataset.DeadLetterReader;
import org.merganser.dataset.InputLine;
import org.merganser.dataset.InputRange;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.Totals;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.Job;
import org.merganser.json.Json;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.FileStore;

/** What a run has kept of its corpus, and what it has lost, said plainly. */
final class CorpusAccounts {
  /** Files that are named; the others are counted. */
  private static final int NAMED = 10;

  /** Lines of dead letters that are looked through for what is wrong with a file. */
  private static final int LOOKED_AT = 100_000;

  /** With these nobody knows how many records were lost. */
  private static final List<Reason> UNKNOWN =
      List.of(Reason.TRUNCATED, Reason.CORRUPT, Reason.UNSUPPORTED);

  private CorpusAccounts() {}

  /**
   * Checks that a run that has read records has kept one.
   *
   * @param letters a file of dead letters of the run, or null
   * @throws RunException naming the first dead letter
   */
  static void requireDocuments(Totals totals, OutputLayout layout, @Nullable String letters)
      throws IOException {
    long dead = InputRange.sum(totals.deadLetters());
    long kept =
        totals.documents()
            + totals.validation().documents()
            + totals.duplicates()
            + InputRange.orNone(totals.excluded());
    if (kept > 0 || dead == 0) {
      return;
    }
    List<String> first = new ArrayList<>();
    if (letters != null) {
      forEachLetter(
          layout,
          letters,
          letter -> {
            first.add(described(letter));
            return false;
          });
    }
    throw new RunException(
        ("%s: no document was kept: all %s records are dead letters (%s)%s. All of"
                + " them are in %s")
            .formatted(
                layout.root(),
                dead,
                byReason(totals.deadLetters()),
                first.isEmpty() ? "" : ". The first is " + first.get(0),
                layout.at(Manifest.DEAD_LETTERS)));
  }

  private static String byReason(SortedMap<String, Long> deadLetters) {
    return deadLetters.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String described(JsonNode letter) {
    return "%s at %s: %s: %s"
        .formatted(
            letter.path("file").asText(),
            letter.path("offset").asText(),
            letter.path("reason").asText(),
            letter.path("detail").asText());
  }

  /**
   * The files that gave no document though they have records, in sentences, where other files gave
   * some.
   */
  static List<String> withoutDocuments(OutputLayout layout) throws IOException {
    Map<String, String> named = new LinkedHashMap<>();
    long more = 0;
    String inputs = layout.at(Manifest.INPUTS);
    try (BufferedReader lines = FileStore.lines(inputs)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        InputLine file = Json.MAPPER.readValue(line, InputLine.class);
        long kept =
            file.documents()
                + file.validation().documents()
                + file.duplicates()
                + InputRange.orNone(file.excluded());
        if (kept > 0 || file.deadLetters().isEmpty()) {
          continue;
        }
        if (named.size() < NAMED) {
          named.put(file.path(), byReason(file.deadLetters()));
        } else {
          more++;
        }
      }
    }
    Map<String, String> details = details(layout, named);
    List<String> sentences = new ArrayList<>();
    named.forEach(
        (path, reasons) ->
            sentences.add(
                "%s gave no document (%s)%s"
                    .formatted(
                        path, reasons, details.containsKey(path) ? ": " + details.get(path) : "")));
    if (more > 0) {
      sentences.add("and " + more + " more files gave no document (inputs.jsonl)");
    }
    return sentences;
  }

  /** The detail of the first dead letter of each of these files. */
  private static Map<String, String> details(OutputLayout layout, Map<String, String> files)
      throws IOException {
    Map<String, String> details = new LinkedHashMap<>();
    int[] left = {LOOKED_AT};
    for (WrittenFile written : FinishedOutput.outputs(layout)) {
      if (written.path().startsWith(Manifest.DEAD_LETTERS + "/") && details.size() < files.size()) {
        forEachLetter(
            layout,
            written.path(),
            letter -> {
              String file = letter.path("file").asText();
              if (files.containsKey(file)) {
                details.putIfAbsent(file, letter.path("detail").asText());
              }
              return details.size() < files.size() && left[0]-- > 0;
            });
      }
    }
    return details;
  }

  /** Looks at a dead letter; whether the next one is wanted. */
  @FunctionalInterface
  private interface Look {
    boolean at(JsonNode letter);
  }

  private static void forEachLetter(OutputLayout layout, String path, Look look)
      throws IOException {
    try (DeadLetterReader letters = new DeadLetterReader(layout.at(path))) {
      JsonNode letter = letters.next();
      while (letter != null && look.at(letter)) {
        letter = letters.next();
      }
    }
  }

  /** Whether a run has lost more than its job allows. */
  static boolean tooManyDeadLetters(Totals totals, Job.Corpus corpus) {
    long dead = InputRange.sum(totals.deadLetters());
    double rate = corpus.faults().maxDeadLetterRate();
    return dead > 0
        && (corpus.faults().failOnDeadLetters()
            || (rate < 1 && lostUnknown(totals))
            || dead > rate * filled(totals));
  }

  private static boolean lostUnknown(Totals totals) {
    return UNKNOWN.stream().anyMatch(reason -> totals.deadLetters().containsKey(reason.label()));
  }

  private static long filled(Totals totals) {
    return totals.records() - totals.blank();
  }

  /** Whether the corpus is whole, in a sentence. */
  static String wholeness(Totals totals, Job.Corpus corpus) {
    long dead = InputRange.sum(totals.deadLetters());
    if (dead == 0) {
      return "whole: no record was lost";
    }
    String lost =
        String.format(
            Locale.ROOT,
            "NOT WHOLE: %,d of %,d records are dead letters (%s %%)",
            dead,
            filled(totals),
            percent((double) dead / filled(totals)));
    if (lostUnknown(totals)) {
      lost += ", and files that are cut, damaged or not supported hold more that nobody counted";
    }
    if (!tooManyDeadLetters(totals, corpus)) {
      return lost + "; the job allows it (corpus.maxDeadLetterRate)";
    }
    return lost
        + (corpus.faults().failOnDeadLetters()
            ? "; corpus.failOnDeadLetters allows none"
            : "; more than corpus.maxDeadLetterRate "
                + corpus.faults().maxDeadLetterRate()
                + " allows");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.001 ? "%.4f" : "%.2f", 100 * share);
  }
}
