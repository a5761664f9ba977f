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
     * Whether this can put text before the first character of a document without replacing
     * anything. HF loses the place of such text, so such a normalizer is refused.
     */
    boolean insertsAtBeginning() {
      return !content.isEmpty() && pattern.matchesNothingAtStart();
    }
  }

  /**
   * @param stripAccents null: as {@code lowercase}
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

  /** This, or the normalizers of a Sequence in order; a Sequence in it is its normalizers. */
  default List<NormalizerSpec> steps() {
    return this instanceof Sequence sequence
        ? sequence.normalizers().stream().flatMap(s -> s.steps().stream()).toList()
        : List.of(this);
  }

  /** Whether it spells bytes by the letters of the byte alphabet: one of its steps is ByteLevel. */
  default boolean byteLevel() {
    return steps().stream().anyMatch(s -> s instanceof ByteLevel);
  }

  /**
   * A new normalizer, for one thread.
   *
   * @throws IllegalArgumentException naming a construct of a regex that is not reproduced exactly
   */
  default Normalizer build() {
    return NormalizerFactory.build(this);
  }
}
