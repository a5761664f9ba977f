package org.merganser.report.statistics;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.dataset.BoundedGroups;
import org.merganser.learn.SplitMix64;
import org.merganser.learn.ngram.ByteContextEntropy;
import org.merganser.learn.ngram.NgramLearner;
import org.merganser.learn.ngram.NgramModel;
import org.merganser.report.RoundedFractions;
import org.merganser.report.measure.Sentences;
import org.merganser.report.measure.TokenBytes;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;

/**
 * How much text there is, and a sample of it on which n-gram models are learned and tested, and
 * encoding is timed: stretches of at least 4 KiB that end with a sentence, chosen by a generator
 * over their numbers, one in ten of them to be predicted. Texts that are not UTF-8 are not in the
 * sample. Each vocabulary gets the same sample. For one thread.
 */
public final class HeldOutSample {
  /** What a model knows of the text before a token: two or three tokens of most vocabularies. */
  static final int CONTEXT_BYTES = 12;

  private static final int MOST_ORDER = 4;
  private static final long SAMPLE_BYTES = 2L << 20;
  private static final int STRETCH = 4096;
  private static final int PREDICTED_OF = 10;

  private final long mostBytes;
  private final TextCounts all = new TextCounts();
  private final BoundedGroups<TextCounts> byGroup =
      new BoundedGroups<>(TextCounts::new, TextCounts::plus);
  private final List<byte[]> learned = new ArrayList<>();
  private final List<byte[]> predicted = new ArrayList<>();
  private final long textBytes;
  private long documents;
  private long stretches;

  /**
   * @param textBytes of all texts that will be added
   */
  public HeldOutSample(long textBytes) {
    this(textBytes, SAMPLE_BYTES);
  }

  HeldOutSample(long textBytes, long mostBytes) {
    this.textBytes = textBytes;
    this.mostBytes = mostBytes;
  }

  /**
   * @param begins whether the text is the first of its document
   * @param group null without groups
   */
  public void add(boolean begins, @Nullable String group, byte[] text) {
    documents += begins ? 1 : 0;
    all.add(text, 0);
    if (group != null) {
      byGroup.of(group).add(text, 0);
    }
    if (Utf8.firstIllFormed(text, 0, text.length) >= 0) {
      return;
    }
    Sentences.stretches(
        text,
        0,
        text.length,
        STRETCH,
        (from, to) -> {
          SplitMix64 random = new SplitMix64(stretches++);
          boolean isChosen =
              textBytes <= mostBytes
                  || Long.remainderUnsigned(random.nextLong(), textBytes) < mostBytes;
          if (isChosen) {
            boolean isPredicted = Long.remainderUnsigned(random.nextLong(), PREDICTED_OF) == 0;
            (isPredicted ? predicted : learned).add(Arrays.copyOfRange(text, from, to));
          }
        });
  }

  /** What was added. */
  public VocabularyComparison.Texts texts() {
    List<VocabularyComparison.GroupOfTexts> groups = new ArrayList<>();
    byGroup
        .toMap()
        .forEach(
            (group, counts) ->
                groups.add(
                    new VocabularyComparison.GroupOfTexts(group, counts.bytes, counts.words)));
    return new VocabularyComparison.Texts(
        documents, all.bytes, all.words, bytes(learned), bytes(predicted), CONTEXT_BYTES, groups);
  }

  private static long bytes(List<byte[]> texts) {
    return texts.stream().mapToLong(text -> text.length).sum();
  }

  /**
   * How many bits the n-gram models of a vocabulary need for a byte of text that they did not learn
   * from, with at most {@value #CONTEXT_BYTES} bytes of the text before each token; null where the
   * sample has nothing to learn from or to predict, or the vocabulary cannot encode it.
   */
  public @Nullable BigDecimal bitsPerByte(Tokenizer tokenizer) {
    try {
      return learned.isEmpty() || predicted.isEmpty() ? null : predict(tokenizer);
    } catch (UnencodableException | RegexLimitException refused) {
      return null;
    }
  }

  private @Nullable BigDecimal predict(Tokenizer tokenizer) {
    TokenBytes tokens = new TokenBytes(tokenizer);
    List<int[]> documents = encoded(tokenizer, learned);
    List<NgramModel> models = new ArrayList<>();
    for (int order = 1; order <= MOST_ORDER; order++) {
      models.add(NgramLearner.ofDocuments(documents, order, tokenizer.idBound()));
    }
    ByteContextEntropy entropy = new ByteContextEntropy(models, CONTEXT_BYTES, tokens::length);
    double bits = 0;
    for (int[] document : encoded(tokenizer, predicted)) {
      bits += entropy.bits(document);
    }
    return RoundedFractions.of(bits / bytes(predicted));
  }

  private static List<int[]> encoded(Tokenizer tokenizer, List<byte[]> texts) {
    Encoder encoder = tokenizer.newEncoder(SpecialText.TEXT);
    List<int[]> all = new ArrayList<>();
    for (byte[] text : texts) {
      IdBuffer ids = new IdBuffer(1024);
      encoder.encode(text, 0, text.length, ids);
      all.add(ids.toArray());
    }
    return all;
  }

  /**
   * How many megabytes (10^6) of text a new encoder encodes in a second of its thread's CPU time:
   * the second half of the sample, once it has encoded the first. A measurement, which is another
   * each time; NaN without text, or where the vocabulary cannot encode it.
   */
  public double megabytesPerSecond(Tokenizer tokenizer) {
    try {
      return time(tokenizer);
    } catch (UnencodableException | RegexLimitException refused) {
      return Double.NaN;
    }
  }

  private double time(Tokenizer tokenizer) {
    Encoder encoder = tokenizer.newEncoder(SpecialText.TEXT);
    IdBuffer ids = new IdBuffer(1024);
    int half = learned.size() / 2;
    encode(encoder, learned.subList(0, half), ids);
    List<byte[]> rest = learned.subList(half, learned.size());
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long start = thread.getCurrentThreadCpuTime();
    encode(encoder, rest, ids);
    double seconds = (thread.getCurrentThreadCpuTime() - start) / 1e9;
    return rest.isEmpty() ? Double.NaN : bytes(rest) / 1e6 / seconds;
  }

  private static void encode(Encoder encoder, List<byte[]> texts, IdBuffer ids) {
    for (byte[] text : texts) {
      ids.clear();
      encoder.encode(text, 0, text.length, ids);
    }
  }
}
