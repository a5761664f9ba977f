package org.merganser.pipeline.output.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.DeadLetterFile;
import org.merganser.job.CorpusSection;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.RecordSums;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.version.OutputVersions;

/** Decides whether a corpus, or a new file of it, has more dead letters than the job allows. */
public final class DeadLetterLimits {
  /** The reasons for which the number of lost records is unknown. */
  private static final List<Reason> UNKNOWN =
      List.of(Reason.TRUNCATED, Reason.CORRUPT, Reason.UNSUPPORTED);

  private DeadLetterLimits() {}

  /**
   * Whether more records are dead letters than {@code corpus.failOnDeadLetters} and {@code
   * corpus.maxDeadLetterRate} allow. A damaged file or row exceeds every rate below 1.
   */
  public static boolean exceededBy(RecordSums totals, CorpusSection corpus) {
    long dead = totals.dead();
    double rate = corpus.maxDeadLetterRate();
    return dead > 0
        && (corpus.failOnDeadLetters()
            || (rate < 1 && isDamaged(totals.deadLetters()))
            || dead > rate * countNonBlank(totals));
  }

  /**
   * The new files of a run with {@code corpus.append} of which each has more dead letters than the
   * job allows, by path, with the reason and the first dead letters. Accepted files do not wait.
   *
   * @param paths of the run, whose list of inputs is published in its stage
   * @param base the sha256 of the manifest of the version that the run adds to; null for none
   * @param letters the files of dead letters of the run
   */
  public static SortedMap<String, WaitingFile> waiting(
      RunPaths paths, @Nullable String base, CorpusSection corpus, List<WrittenFile> letters)
      throws IOException {
    Set<String> known = new OutputVersions(paths.output()).inputPaths(base);
    AcceptedFiles accepted = AcceptedFiles.of(paths.output(), base);
    SortedMap<String, String> reasons = new TreeMap<>();
    Map<String, List<JsonNode>> firstLetters = new HashMap<>();
    FinishedOutput.at(paths)
        .forEachInput(
            file -> {
              boolean isUnderLimits = !known.contains(file.path()) && !accepted.contains(file);
              if (isUnderLimits && exceededBy(file.sums(), corpus)) {
                reasons.put(file.path(), whyItWaits(file.sums().deadLetters()));
                firstLetters.put(file.path(), new ArrayList<>());
              }
            });
    if (!reasons.isEmpty()) {
      for (WrittenFile file : letters) {
        addLetters(Receipts.locate(paths, file), firstLetters);
      }
    }
    SortedMap<String, WaitingFile> waiting = new TreeMap<>();
    reasons.forEach(
        (file, reason) ->
            waiting.put(
                file,
                new WaitingFile(reason, Objects.requireNonNull(firstLetters.get(file), file))));
    return waiting;
  }

  /** The number of records that are not blank, of which the rate is a share. */
  public static long countNonBlank(RecordSums totals) {
    return totals.records() - totals.blank();
  }

  /** A phrase that continues the name of a file. */
  private static String whyItWaits(SortedMap<String, Long> deadLetters) {
    String what = isDamaged(deadLetters) ? "is cut or damaged" : "has too many dead letters";
    return what + " (" + counted(deadLetters) + ")";
  }

  /**
   * Adds the first dead letters of each waiting file, with the first {@link WaitingFile#KEPT_BYTES}
   * of their records.
   *
   * @param letters the location of a file of dead letters
   * @param firstLetters the dead letters so far of each waiting file, by its path
   */
  private static void addLetters(String letters, Map<String, List<JsonNode>> firstLetters)
      throws IOException {
    try (var in = DeadLetterFile.read(letters)) {
      while (in.hasNextValue()) {
        ObjectNode letter = in.nextValue();
        List<JsonNode> ofFile = firstLetters.get(letter.path("file").asText());
        if (ofFile != null && ofFile.size() < WaitingFile.KEPT_LETTERS) {
          byte[] raw = letter.path("raw").binaryValue(); // each letter has it, maybe empty
          int kept = Math.min(raw.length, WaitingFile.KEPT_BYTES);
          ofFile.add(letter.put("raw", Arrays.copyOf(raw, kept)));
        }
      }
    }
  }

  /** Whether there is a damaged file or row among the reasons of dead letters. */
  static boolean isDamaged(SortedMap<String, Long> deadLetters) {
    return hasUnknownLoss(deadLetters) || deadLetters.containsKey(Reason.UNDECODABLE.label());
  }

  /** Whether the number of lost records is unknown, since a file could not be read to its end. */
  static boolean hasUnknownLoss(SortedMap<String, Long> deadLetters) {
    return UNKNOWN.stream().anyMatch(reason -> deadLetters.containsKey(reason.label()));
  }

  /** Counts with their names, such as {@code badJson 3, truncated 1}. */
  static String counted(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }
}
