package org.merganser.beam;

import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.job.JobException;
import org.merganser.job.JobRules;
import org.merganser.job.TrainSection;
import org.merganser.pipeline.step.TrainingSettings;
import org.merganser.store.FileStore;

/**
 * Learns a byte-level BPE tokenizer from texts and writes its tokenizer.json: the same bytes as
 * {@code merganser train} writes for the same documents, with the merges of HF's Rust library.
 * Gives the location of the file.
 *
 * <pre>{@code
 * texts.apply(
 *     TrainTokenizer.to("gs://bucket/tokenizer.json")
 *         .withVocabSize(32_000)
 *         .withFamily("qwen2")
 *         .withSpecialTokens(List.of("<|endoftext|>")));
 * }</pre>
 *
 * <p>Each text is a training sequence; special tokens in it are text. The order of the texts,
 * bundles and retries change nothing, and the file appears whole or not at all. All texts make one
 * tokenizer whatever their windows, so the input must be bounded.
 *
 * <p>Each bundle is counted into a table of at most 64 MB; packed tables of distinct pretokens are
 * what travels, in 32 partitions, and one worker learns from them. It needs about 50 to 100 bytes
 * of heap for each distinct pretoken (1.3 million in 1 GB of text), and fails before it begins
 * where it does not have them.
 *
 * <p>Metrics, in the namespace of this class: {@code texts} and {@code bytes} (UTF-8) counted.
 */
public final class TrainTokenizer extends PTransform<PCollection<String>, PCollection<String>> {
  private final String location;
  private int vocabSize = 32_000;
  private @Nullable String family;
  private @Nullable String pattern;
  private TrainSection.@Nullable Normalizer normalizer;
  private long minFrequency = 2;
  private long minPretokenCount = 1;
  private List<String> specialTokens = List.of();

  private TrainTokenizer(String location) {
    this.location = location;
  }

  private TrainTokenizer copy() {
    TrainTokenizer copy = new TrainTokenizer(location);
    copy.vocabSize = vocabSize;
    copy.family = family;
    copy.pattern = pattern;
    copy.normalizer = normalizer;
    copy.minFrequency = minFrequency;
    copy.minPretokenCount = minPretokenCount;
    copy.specialTokens = specialTokens;
    return copy;
  }

  /**
   * Learns 32,000 ids; the family or the pattern is still to be named.
   *
   * @param location of the file to write; one that is there is replaced
   */
  public static TrainTokenizer to(String location) {
    return new TrainTokenizer(FileStore.located(location));
  }

  /** How many ids there are at most, the 256 bytes and special tokens included. */
  public TrainTokenizer withVocabSize(int ids) {
    TrainTokenizer changed = copy();
    changed.vocabSize = ids;
    return changed;
  }

  /**
   * Frames it as this model family does: {@code gpt2}, {@code llama3}, {@code qwen2}, and others.
   */
  public TrainTokenizer withFamily(String name) {
    TrainTokenizer changed = copy();
    changed.family = name;
    return changed;
  }

  /** Splits by the pattern of this family, such as {@code cl100k}, or by a regular expression. */
  public TrainTokenizer withPattern(String nameOrRegex) {
    TrainTokenizer changed = copy();
    changed.pattern = nameOrRegex;
    return changed;
  }

  /** Normalizes text so, and not as the family does. */
  public TrainTokenizer withNormalizer(TrainSection.Normalizer form) {
    TrainTokenizer changed = copy();
    changed.normalizer = form;
    return changed;
  }

  /** A pair that occurs less often is not merged; 2 unless it is given. */
  public TrainTokenizer withMinFrequency(long occurrences) {
    TrainTokenizer changed = copy();
    changed.minFrequency = occurrences;
    return changed;
  }

  /** Leaves out pretokens that occur less often, for a corpus that no worker's heap takes. */
  public TrainTokenizer withMinPretokenCount(long occurrences) {
    if (occurrences < 1) {
      throw new IllegalArgumentException(
          "minPretokenCount is " + occurrences + "; it must be 1 or more");
    }
    TrainTokenizer changed = copy();
    changed.minPretokenCount = occurrences;
    return changed;
  }

  /** They get the first ids, in this order. */
  public TrainTokenizer withSpecialTokens(List<String> tokens) {
    TrainTokenizer changed = copy();
    changed.specialTokens = List.copyOf(tokens);
    return changed;
  }

  @Override
  public PCollection<String> expand(PCollection<String> texts) {
    if (texts.isBounded() == PCollection.IsBounded.UNBOUNDED) {
      throw new IllegalArgumentException(
          ("TrainTokenizer learns from all texts together, and \"%s\" is unbounded; give it a"
                  + " bounded collection")
              .formatted(texts.getName()));
    }
    TrainSection train = train();
    List<String> problems = JobRules.problems(train);
    if (!problems.isEmpty()) {
      throw new JobException("TrainTokenizer", problems);
    }
    TrainingSettings.of(train).requireSafe(train);
    PCollection<byte[]> tables =
        texts
            .apply("AllTogether", Window.into(new GlobalWindows()))
            .apply("CountPretokens", new CountTexts(train));
    // The table of no pretokens, so that there is something to learn from where there is no text.
    PCollection<byte[]> empty =
        texts
            .getPipeline()
            .apply("NoCounts", Create.of(new byte[0]).withCoder(ByteArrayCoder.of()));
    return PCollectionList.of(tables)
        .and(empty)
        .apply("AllCounts", Flatten.pCollections())
        .apply("OneKey", WithKeys.of(0))
        .apply("ToOneWorker", GroupByKey.create())
        .apply("LearnMerges", ParDo.of(new LearnFn(train, location)))
        .setCoder(StringUtf8Coder.of());
  }

  /** What a job file would say. */
  private TrainSection train() {
    return new TrainSection(
        vocabSize,
        family,
        pattern,
        normalizer,
        minFrequency,
        minPretokenCount,
        specialTokens,
        List.of(),
        null,
        null,
        null,
        List.of(),
        TrainSection.Feed.DOCUMENT,
        TrainerSettings.Alphabet.BYTES,
        List.of(),
        null,
        null,
        List.of(),
        List.of(),
        null,
        null,
        1,
        0,
        1,
        List.of(),
        List.of(),
        null,
        false,
        null,
        false);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder
        .add(DisplayData.item("tokenizer", location).withLabel("File written"))
        .add(DisplayData.item("vocabSize", vocabSize).withLabel("Ids"))
        .addIfNotNull(DisplayData.item("family", family).withLabel("Model family"))
        .addIfNotNull(DisplayData.item("pattern", pattern).withLabel("Split pattern"))
        .addIfNotNull(
            DisplayData.item("normalizer", normalizer == null ? null : normalizer.name())
                .withLabel("Normalizer"))
        .add(DisplayData.item("minFrequency", minFrequency).withLabel("Least count of a pair"))
        .add(
            DisplayData.item("minPretokenCount", minPretokenCount)
                .withLabel("Least count of a pretoken"))
        .add(
            DisplayData.item("specialTokens", String.join(" ", specialTokens))
                .withLabel("Special tokens"));
  }
}
