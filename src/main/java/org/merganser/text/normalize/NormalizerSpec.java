package org.merganser.text.normalize;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.TextPattern;

/** A normalizer as tokenizer.json describes it (HF: {@code normalizers/*.rs}). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface NormalizerSpec {
  @JsonTypeName("NFC")
  record Nfc() implements NormalizerSpec {}

  @JsonTypeName("NFD")
  record Nfd() implements NormalizerSpec {}

  @JsonTypeName("NFKC")
  record Nfkc() implements NormalizerSpec {}

  @JsonTypeName("NFKD")
  record Nfkd() implements NormalizerSpec {}

  record Lowercase() implements NormalizerSpec {}

  record Strip(@JsonProperty("strip_left") boolean left, @JsonProperty("strip_right") boolean right)
      implements NormalizerSpec {}

  record Prepend(String prepend) implements NormalizerSpec {}

  record Replace(TextPattern pattern, String content) implements NormalizerSpec {
    /**
     * Whether this can insert text before the first character of a document without replacing
     * anything. HF drops the place of this text, so the normalizer is refused.
     */
    boolean insertsAtBeginning() {
      return !content.isEmpty() && pattern.matchesNothingAtStart();
    }
  }

  /**
   * @param stripAccents null: the value of {@code lowercase}
   */
  @JsonTypeName("BertNormalizer")
  record Bert(
      boolean cleanText,
      boolean handleChineseChars,
      @JsonProperty(isRequired = OptBoolean.FALSE) @Nullable Boolean stripAccents,
      boolean lowercase)
      implements NormalizerSpec {}

  record StripAccents() implements NormalizerSpec {}

  record ByteLevel() implements NormalizerSpec {}

  record Sequence(List<NormalizerSpec> normalizers) implements NormalizerSpec {}

  /** The normalizers of a Sequence in order, nested ones flattened; any other normalizer alone. */
  default List<NormalizerSpec> steps() {
    return this instanceof Sequence sequence
        ? sequence.normalizers().stream().flatMap(s -> s.steps().stream()).toList()
        : List.of(this);
  }

  /** Whether one of the steps is ByteLevel, which writes bytes as {@link ByteAlphabet}. */
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
