package org.merganser.text.normalize;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.TextPattern;

/** A normalizer as tokenizer.json describes it; {@link #build()} makes one to run. */
public sealed interface NormalizerSpec {
  record Nfc() implements NormalizerSpec {}

  record Nfd() implements NormalizerSpec {}

  record Nfkc() implements NormalizerSpec {}

  record Nfkd() implements NormalizerSpec {}

  record Lowercase() implements NormalizerSpec {}

  record Strip(boolean left, boolean right) implements NormalizerSpec {}

  record Prepend(String prepend) implements NormalizerSpec {}

  record Replace(TextPattern pattern, String content) implements NormalizerSpec {
    /**
     * Whether this can put text before the first character of a document without replacing
     * anything. HF loses the place of such text, so that such a normalizer is refused.
     */
    boolean insertsAtBeginning() {
      return !content.isEmpty() && pattern.matchesNothingAtStart();
    }
  }

  /**
   * @param stripAccents null: as {@code lowercase} says
   */
  record Bert(
      boolean cleanText,
      boolean handleChineseChars,
      @Nullable Boolean stripAccents,
      boolean lowercase)
      implements NormalizerSpec {}

  record StripAccents() implements NormalizerSpec {}

  record Nmt() implements NormalizerSpec {}

  record ByteLevel() implements NormalizerSpec {}

  /**
   * @param charsmap SentencePiece's, in Base64
   */
  record Precompiled(String charsmap) implements NormalizerSpec {}

  record Sequence(List<NormalizerSpec> normalizers) implements NormalizerSpec {}

  /**
   * A new normalizer, for one thread.
   *
   * @throws IllegalArgumentException naming a construct of a regex that is not reproduced exactly
   */
  default Normalizer build() {
    return NormalizerFactory.build(this);
  }
}
