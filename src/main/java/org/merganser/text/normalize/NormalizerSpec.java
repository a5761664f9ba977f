package org.merganser.text.normalize;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.TextPattern;

/**
 * A normalizer as tokenizer.json describes it (HF: {@code normalizers/*.rs}). {@link
 * NormalizerFactory} builds it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface NormalizerSpec {
  /** Canonical composition. */
  @JsonTypeName("NFC")
  record Nfc() implements NormalizerSpec {}

  /** Canonical decomposition. */
  @JsonTypeName("NFD")
  record Nfd() implements NormalizerSpec {}

  /** Compatibility composition. */
  @JsonTypeName("NFKC")
  record Nfkc() implements NormalizerSpec {}

  /** Compatibility decomposition. */
  @JsonTypeName("NFKD")
  record Nfkd() implements NormalizerSpec {}

  /** Lower case, each character alone. */
  record Lowercase() implements NormalizerSpec {}

  /** Removes white space from the ends of the text. */
  record Strip(@JsonProperty("strip_left") boolean left, @JsonProperty("strip_right") boolean right)
      implements NormalizerSpec {}

  /** Inserts a string before text that is not empty. */
  record Prepend(String prepend) implements NormalizerSpec {}

  /** Replaces every match of a pattern with a string. */
  record Replace(TextPattern pattern, String content) implements NormalizerSpec {
    /**
     * Whether this can insert text before the first character of a document without replacing
     * anything. HF drops the place of this text, so the normalizer is refused.
     */
    boolean insertsAtBeginning() {
      return !content.isEmpty() && pattern.mayMatchEmptyAtStart();
    }
  }

  /**
   * BERT's normalizer.
   *
   * @param cleanText whether controls are removed, and other white space becomes spaces
   * @param handleChineseChars whether each Chinese character is put between spaces
   * @param stripAccents whether nonspacing marks are removed after NFD; null: the value of {@code
   *     lowercase}
   */
  @JsonTypeName("BertNormalizer")
  record Bert(
      boolean cleanText,
      boolean handleChineseChars,
      @JsonProperty(isRequired = OptBoolean.FALSE) @Nullable Boolean stripAccents,
      boolean lowercase)
      implements NormalizerSpec {}

  /** Removes marks. */
  record StripAccents() implements NormalizerSpec {}

  /** Writes each byte as its character of the byte-level alphabet. */
  record ByteLevel() implements NormalizerSpec {}

  /** Each normalizer rewrites the text of the one before. */
  record Sequence(List<NormalizerSpec> normalizers) implements NormalizerSpec {}

  /** The normalizers of a Sequence in order, nested ones flattened; any other normalizer alone. */
  default List<NormalizerSpec> steps() {
    return this instanceof Sequence sequence
        ? sequence.normalizers().stream().flatMap(s -> s.steps().stream()).toList()
        : List.of(this);
  }

  /** Whether one of the steps is ByteLevel. */
  default boolean byteLevel() {
    return steps().stream().anyMatch(s -> s instanceof ByteLevel);
  }

  /**
   * Builds a normalizer for one thread.
   *
   * @throws IllegalArgumentException naming a regex construct that is not reproduced exactly
   */
  default Normalizer build() {
    return NormalizerFactory.build(this);
  }
}
