package org.merganser.pipeline.spec;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.KeptField;
import org.merganser.job.Job;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * Says that what counting keeps of a unit may stand for its text in encoding, and what is kept.
 * Both passes have this one value, which is made from the whole job before the run.
 *
 * @param groupField the field with the group of a document in its shard; null for none
 * @param kept the kept fields of a document in its shard
 * @param readsAlike whether these fields are the ones that counting reads anyway. If not, reading
 *     them may refuse a record that counting accepts
 * @param fingerprint of everything that decides what is kept, besides the unit and the selection of
 *     its documents
 */
public record PretokenReuse(
    @Nullable String groupField, List<KeptField> kept, boolean readsAlike, String fingerprint)
    implements Serializable {

  /**
   * How a pass makes pretokens of text. Encoding reads kept pretokens in place of the text if both
   * passes do it in the same way.
   *
   * @param inputs that are read in place of the corpus
   * @param complete whether every document is kept, and not a choice of them
   * @param found the added tokens that are searched for in the text and kept
   * @param byBytes whether the bytes of ill-formed text are pretokens
   * @param inOneTable whether the pretokens of a unit have one numbering
   */
  private record Cut(
      List<CorpusInput> inputs,
      boolean complete,
      TrainSection.Feed feed,
      @Nullable NormalizerSpec normalizer,
      PreTokenizerSpec preTokenizer,
      boolean acrossWords,
      List<AddedToken> found,
      boolean byBytes,
      boolean inOneTable) {

    static Cut ofCounting(Job job, TrainSection train) {
      TrainingSettings training = TrainingSettings.of(job);
      return new Cut(
          train.inputs(),
          train.maxBytes() == null,
          train.feed(),
          training.normalizer(),
          training.preTokenizer(),
          false,
          List.of(),
          false,
          !train.countsByGroup());
    }

    static Cut ofEncoding(Job job, TrainSection train) {
      TrainingSettings tokenizer = TrainingSettings.ofTokenizer(job);
      boolean parses = job.requireTokenizer().specialText() == SpecialText.PARSE;
      List<AddedToken> special =
          tokenizer.specialTokens().stream().map(token -> AddedToken.special(-1, token)).toList();
      return new Cut(
          List.of(),
          true,
          TrainSection.Feed.DOCUMENT,
          tokenizer.normalizer(),
          tokenizer.preTokenizer(),
          train.superwords() != null,
          parses ? special : tokenizer.addedTokens(),
          job.requireCorpus().invalidUtf8() == InvalidUtf8.BYTES,
          true);
    }
  }

  /**
   * The plan of a run that encodes text.
   *
   * @return null if encoding reads the text again, since the job learns no tokenizer from it, or
   *     the passes make other pretokens
   */
  public static @Nullable PretokenReuse of(Job job) {
    TrainSection train = job.requireTokenizer().train();
    if (train == null || !train.counts().isEmpty()) {
      return null;
    }
    Cut counting = Cut.ofCounting(job, train);
    if (!counting.equals(Cut.ofEncoding(job, train))) {
      return null;
    }
    CorpusSettings settings = ReadingSettings.encodingSettings(job);
    return new PretokenReuse(
        settings.groupField(),
        settings.kept(),
        settings.equals(ReadingSettings.trainingSettings(job)),
        Stage.ENCODE.fingerprint(
            job,
            "sequence, form 5",
            String.valueOf(counting.normalizer()),
            counting.preTokenizer()));
  }

  /** The settings by which counting reads documents with all that their shards have. */
  public CorpusSettings reading(Job job) {
    Job.Corpus corpus = job.requireCorpus();
    return ReadingSettings.settings(
        job, corpus.splitField(), groupField, kept, corpus.validationInputs(), corpus.inputs());
  }
}
