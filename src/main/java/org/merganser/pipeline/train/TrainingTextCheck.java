package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.read.UnitReader;
import org.merganser.message.Plural;
import org.merganser.pipeline.count.BlockCodec;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.deadletter.CorpusLosses;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.StepComponents;

/** Checks that the text to learn from has a pretoken; if not, reads it again to say why. */
final class TrainingTextCheck {
  private TrainingTextCheck() {}

  /**
   * Checks a run that learns from text; the tables of counts that a job names need no check.
   *
   * @param combinedCounts locations of the combined counts of the text
   * @throws RunException naming the files, and the first dead letter if there is one
   */
  static void require(RunSpec spec, List<String> combinedCounts) throws IOException {
    if (spec.tokenizer() instanceof TokenizerSource.FromText text
        && combinedCounts.stream().allMatch(location -> BlockCodec.read(location).length == 0)) {
      throw nothingLearned(spec, text.plan());
    }
  }

  /** Reads the text again to find out why nothing was counted. */
  private static RunException nothingLearned(RunSpec spec, String plan) throws IOException {
    UnitReader reader = StepComponents.trainingReader(spec);
    Findings found = new Findings();
    List<String> files = PlanFile.firstFiles(plan);
    PlanFile.read(
        plan,
        unit -> {
          reader.readAgain(unit, found);
          found.hasMoreFiles |=
              unit.ranges().stream().anyMatch(range -> !files.contains(range.file().path()));
        });
    String named = String.join(", ", files) + (found.hasMoreFiles ? ", …" : "");
    String hold = files.size() == 1 && !found.hasMoreFiles ? "holds" : "hold";
    String documents = documents(found.documents);
    return new RunException(
        RunException.Kind.NOTHING_KEPT,
        "there is no text to train on: %s %s %s%s"
            .formatted(named, hold, documents, firstDeadLetter(found.firstDeadLetter)));
  }

  /** A phrase about how many documents there are, and why none is learned from. */
  private static String documents(long documents) {
    return documents == 0
        ? "no document"
        : Plural.of(documents, "document")
            + ", of which none is learned from: they are empty, excluded, kept for validation, or"
            + " of an input or group of weight 0";
  }

  /** A sentence about a dead letter; empty for null. */
  private static String firstDeadLetter(@Nullable DeadLetter letter) {
    return letter == null
        ? ""
        : ". The first dead letter is %s at %s: %s: %s%s"
            .formatted(
                letter.file(),
                letter.offset(),
                letter.reason().label(),
                letter.detail(),
                CorpusLosses.chatAdvice(letter.raw()));
  }

  /** What a text without pretokens has. */
  private static final class Findings implements DocumentHandler {
    long documents;

    /** Whether there are more files than those that the message names. */
    boolean hasMoreFiles;

    @Nullable DeadLetter firstDeadLetter;

    @Override
    public void document(Document document) {
      documents++;
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      if (firstDeadLetter == null) {
        firstDeadLetter = letter;
      }
    }
  }
}
