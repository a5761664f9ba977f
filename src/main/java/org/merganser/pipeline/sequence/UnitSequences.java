package org.merganser.pipeline.sequence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.select.DocumentSelection;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/**
 * The locations of the sequences of a run's units, and the choice of units that get one. No output
 * depends on this choice: a unit without a sequence is read again.
 *
 * <p>A run has sequences if both passes read, cut and normalize the same text. So it trains on its
 * corpus, document by document; its tokens are byte-level and span no words; only special tokens
 * are searched for in the text, and their text is encoded as text. Sequences are written only on a
 * local disk, in the output folder.
 *
 * @param reading the settings for counting, which give documents the same groups as encoding does
 */
public record UnitSequences(RunSpec spec, TrainingSettings training, CorpusSettings reading) {
  /** A unit is at least a 64th of a corpus, so the whole text would fit on the disk. */
  private static final int FREE_FOR_A_BYTE = 64;

  /** The sequences of a run; null where it has none. */
  public static @Nullable UnitSequences of(RunSpec spec) {
    boolean bothPasses =
        spec.kind() instanceof RunKind.Encode run
            && run.tokenizer() instanceof TokenizerSource.FromText text
            && text.plan().equals(run.plan());
    return bothPasses && FileStore.isLocal(spec.layout().root()) && readsAlike(spec.job())
        ? new UnitSequences(
            spec, TrainingSettings.of(spec.job()), JobComponents.encodingSettings(spec.job()))
        : null;
  }

  /** Whether both passes of a job read the same text of the same records. */
  private static boolean readsAlike(Job job) {
    TrainSection train = JobComponents.train(job);
    Job.Corpus corpus = JobComponents.corpus(job);
    return train.sample().inputs().isEmpty()
        && train.sample().feed() == TrainSection.Feed.DOCUMENT
        && train.superwords() == null
        && !train.countsByGroup()
        && TrainingSettings.of(job).addedTokens().isEmpty()
        && JobComponents.tokenizer(job).specialText() == SpecialText.TEXT
        && corpus.faults().invalidUtf8() != CorpusSettings.InvalidUtf8.BYTES
        && !JobComponents.hasSegments(job)
        && job.shards().row().keep().isEmpty();
  }

  /**
   * Begins the sequence of a unit that is counted next. Null where the unit gets none, because its
   * groups could be read in another way or because little disk space is free.
   */
  public @Nullable SequenceWriter begin(WorkUnit unit, DocumentSelection selection)
      throws IOException {
    String location = location(unit, selection);
    Path folder = FileStore.localPath(spec.layout().root());
    long free = Files.getFileStore(folder).getUsableSpace();
    boolean hasSpace = free / FREE_FOR_A_BYTE >= unit.textBytes();
    return hasSpace && groupsAreHarmless(unit)
        ? new SequenceWriter(FileStore.of(location).draft(location))
        : null;
  }

  /** Whether reading the group field cannot change which records are documents. */
  private boolean groupsAreHarmless(WorkUnit unit) {
    return reading.groupField() == null
        || unit.ranges().stream().allMatch(range -> range.file().format() == InputFormat.JSONL);
  }

  /**
   * The sequence of a counted unit. Null where it is missing or damaged, or where the tokenizer
   * cuts or normalizes text in another way than counting did.
   */
  public @Nullable SequenceReader find(
      WorkUnit unit, DocumentSelection selection, Tokenizer tokenizer) throws IOException {
    boolean takesTextAlike =
        tokenizer.byteLevel()
            && tokenizer.missingBytes().length == 0
            && training.preTokenizer().equals(tokenizer.preTokenizer())
            && Objects.equals(training.normalizer(), tokenizer.normalizer());
    String location = location(unit, selection);
    if (!takesTextAlike || !FileStore.of(location).exists(location)) {
      return null;
    }
    try {
      return SequenceReader.open(location);
    } catch (IOException unreadable) {
      return null; // as good as none; or another worker has encoded the unit just now
    }
  }

  /** Deletes the sequence of a unit, if it has one. */
  public void delete(WorkUnit unit, DocumentSelection selection) throws IOException {
    String location = location(unit, selection);
    FileStore.of(location).delete(location);
  }

  /** The location, whose name depends on everything that decides the content. */
  private String location(WorkUnit unit, DocumentSelection selection) {
    String fingerprint =
        Fingerprint.of(
            "sequence, form 2",
            Fingerprint.of(unit),
            selection.fingerprint(),
            JobComponents.reading(reading),
            String.valueOf(training.normalizer()),
            training.preTokenizer());
    return spec.layout().at(spec.layout().sequence(fingerprint));
  }
}
