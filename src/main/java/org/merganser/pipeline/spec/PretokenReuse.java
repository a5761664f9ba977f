package org.merganser.pipeline.spec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.KeptField;
import org.merganser.job.CorpusSection;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * The description of what counting keeps of each unit, so that encoding need not read its text.
 * Both passes have this one value, which is made from the complete job before the run.
 *
 * @param groupField the field with the group of a document in its shard; null for none
 * @param kept the kept fields of a document in its shard
 * @param readsAlike whether counting reads documents by the same settings as encoding anyway. If
 *     not, reading the fields of shards may refuse a record that counting accepts
 * @param fingerprint of everything that decides what is kept, besides the unit and the selection of
 *     its documents
 */
public record PretokenReuse(
    @Nullable String groupField, List<KeptField> kept, boolean readsAlike, String fingerprint)
    implements Serializable {
  /** The version of what is kept, in the fingerprint; raise it if something else is kept. */
  private static final String VERSION = "sequence, form 5";

  /**
   * How a pass makes pretokens of text. Encoding reads kept pretokens in place of the text if both
   * passes do it in the same way.
   *
   * @param inputs those that are read in place of the corpus; empty if the corpus is read
   * @param complete whether the pretokens of all documents are made; false for a choice of
   *     documents
   * @param feed how the text of a document is passed to the pre-tokenizer
   * @param normalizer null for none
   * @param acrossWords whether the text is cut for tokens that span words
   * @param found the tokens that are searched for in the text, and cut out of it
   * @param byBytes whether the bytes of ill-formed text are pretokens
   * @param inOneTable whether all pretokens of a unit are numbered in one table, not by group
   */
  private record Pretokenization(
      List<CorpusInput> inputs,
      boolean complete,
      TrainSection.Feed feed,
      @Nullable NormalizerSpec normalizer,
      PreTokenizerSpec preTokenizer,
      boolean acrossWords,
      List<AddedToken> found,
      boolean byBytes,
      boolean inOneTable) {

    /** How counting makes pretokens of the text that the job learns from. */
    static Pretokenization ofCounting(Job job, TrainSection train) {
      TrainingSettings training = TrainingSettings.of(job);
      boolean complete = train.maxBytes() == null;
      boolean acrossWords = false;
      List<AddedToken> found = List.of();
      boolean byBytes = false;
      boolean inOneTable = !train.countsByGroup();
      return new Pretokenization(
          train.inputs(),
          complete,
          train.feed(),
          training.normalizer(),
          training.preTokenizer(),
          acrossWords,
          found,
          byBytes,
          inOneTable);
    }

    /** How encoding makes pretokens of the corpus. */
    static Pretokenization ofEncoding(Job job, TrainSection train) {
      TrainingSettings tokenizer = TrainingSettings.ofTokenizer(job);
      List<CorpusInput> inputs = List.of();
      boolean complete = true;
      boolean acrossWords = train.superwords() != null;
      boolean byBytes = job.requireCorpus().invalidUtf8() == InvalidUtf8.BYTES;
      boolean inOneTable = true;
      return new Pretokenization(
          inputs,
          complete,
          TrainSection.Feed.DOCUMENT,
          tokenizer.normalizer(),
          tokenizer.preTokenizer(),
          acrossWords,
          tokensFound(job, tokenizer),
          byBytes,
          inOneTable);
    }

    /** The tokens that encoding searches for: added ones, and special ones if it parses them. */
    private static List<AddedToken> tokensFound(Job job, TrainingSettings tokenizer) {
      List<AddedToken> found = new ArrayList<>(tokenizer.addedTokens());
      if (job.requireTokenizer().specialText() == SpecialText.PARSE) {
        tokenizer
            .specialTokens()
            .forEach(token -> found.add(AddedToken.special(TrainingSettings.NO_ID, token)));
      }
      return found;
    }
  }

  /**
   * What counting keeps in a run that encodes text.
   *
   * @return null if encoding reads the text again, since the job learns no tokenizer from it, or
   *     the passes make other pretokens
   */
  public static @Nullable PretokenReuse of(Job job) {
    TrainSection train = job.requireTokenizer().train();
    if (train == null || !train.counts().isEmpty()) {
      return null;
    }
    Pretokenization counting = Pretokenization.ofCounting(job, train);
    if (!counting.equals(Pretokenization.ofEncoding(job, train))) {
      return null;
    }
    CorpusSettings settings = ReadingSettings.encodingSettings(job);
    return new PretokenReuse(
        settings.groupField(),
        settings.kept(),
        settings.equals(ReadingSettings.trainingSettings(job)),
        Stage.ENCODE.fingerprint(
            job, VERSION, String.valueOf(counting.normalizer()), counting.preTokenizer()));
  }

  /** The settings by which counting reads documents with all fields of their shards. */
  public CorpusSettings readingSettings(Job job) {
    CorpusSection corpus = job.requireCorpus();
    return ReadingSettings.settings(
        job, corpus.splitField(), groupField, kept, corpus.validationInputs(), corpus.inputs());
  }
}
