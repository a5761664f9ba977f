package org.merganser.pipeline.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.output.figures.GroupCounts;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.report.measure.Excerpt;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.report.statistics.VocabularyMeter;
import org.merganser.store.FileStore;
import org.merganser.text.normalize.NormalizerLimitException;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;

/**
 * Compares the vocabulary of the run with the job's reference tokenizers, on the sampled excerpts
 * of training documents. {@link VocabularyMeter} measures the vocabularies.
 */
final class ReferenceComparison {
  private final Tokenizer tokenizer;
  private final VocabularyMeter vocabularies;

  /** Whether the job names a group field. */
  private final boolean isGrouped;

  private ReferenceComparison(
      Tokenizer tokenizer, VocabularyMeter vocabularies, boolean isGrouped) {
    this.tokenizer = tokenizer;
    this.vocabularies = vocabularies;
    this.isGrouped = isGrouped;
  }

  /**
   * Reads the job's reference tokenizers; returns null if it names none.
   *
   * @param tokenizerRef the file of {@code tokenizer}, the one of the run
   */
  static @Nullable ReferenceComparison read(RunSpec spec, FileRef tokenizerRef, Tokenizer tokenizer)
      throws IOException {
    List<String> references = spec.job().report().reference();
    if (references == null || references.isEmpty()) {
      return null;
    }
    List<NamedTokenizer> all = new ArrayList<>();
    all.add(new NamedTokenizer("this run", tokenizerRef.sha256(), tokenizer));
    for (String reference : references) {
      String location = TokenizerLocation.of(spec.job().at(reference), "report.reference");
      all.add(NamedTokenizer.read(FileStore.readNamed(location), reference));
    }
    return new ReferenceComparison(tokenizer, new VocabularyMeter(all), spec.job().hasGroups());
  }

  /**
   * Measures all vocabularies on the text of an excerpt. The text is left out if it is not
   * well-formed UTF-8, or if a reference tokenizer cannot encode it.
   */
  void add(Excerpt excerpt) {
    if (excerpt.validation()) {
      return;
    }
    byte[] text = decode(excerpt);
    if (Utf8.firstIllFormed(text, 0, text.length) >= 0) {
      vocabularies.leaveOut(1);
      return;
    }
    String group = excerpt.group() == null && isGrouped ? GroupCounts.NONE : excerpt.group();
    try {
      vocabularies.add(excerpt.document(), group, text, 0, text.length);
    } catch (UnencodableException | RegexLimitException | NormalizerLimitException e) {
      vocabularies.leaveOut(1);
    }
  }

  /** The text of an excerpt, without special tokens. */
  private byte[] decode(Excerpt excerpt) {
    int[] sampled = excerpt.ids();
    IdBuffer ids = new IdBuffer(sampled.length);
    for (int id : sampled) {
      ids.add(id);
    }
    return tokenizer.decode(ids, /* skipSpecialTokens= */ true);
  }

  /** The figures of all vocabularies on the excerpts so far. */
  VocabularyComparison result() {
    return vocabularies.result(null);
  }
}
