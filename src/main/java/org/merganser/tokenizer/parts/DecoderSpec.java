package org.merganser.tokenizer.parts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.merganser.json.InvalidValueException;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;

/**
 * The {@code decoder} of a tokenizer.json (HF: {@code decoders/*.rs}). {@link TextDecoder} applies
 * it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type", visible = true)
public sealed interface DecoderSpec {
  /** Turns characters of the byte alphabet into bytes, and joins the tokens. */
  record ByteLevel(@JsonUnwrapped PreTokenizerSpec.ByteLevel options) implements DecoderSpec {}

  /** Replaces matches in each token. */
  record Replace(TextPattern pattern, String content) implements DecoderSpec {}

  /** Turns tokens such as {@code <0xC3>} into bytes. */
  record ByteFallback() implements DecoderSpec {}

  /** Joins the tokens. */
  record Fuse() implements DecoderSpec {}

  /**
   * Removes up to {@code start} occurrences of a character from the beginning of each token, and up
   * to {@code stop} from its end.
   *
   * @param content the character
   */
  record Strip(String content, int start, int stop) implements DecoderSpec {
    public Strip {
      InvalidValueException.checkCharacter(content, "content");
    }
  }

  /** Turns the mark of a Metaspace pre-tokenizer into spaces. */
  record Metaspace(@JsonUnwrapped PreTokenizerSpec.Metaspace options) implements DecoderSpec {}

  /** Turns the suffix of a word's end into a space, except in the last token. */
  @JsonTypeName("BPEDecoder")
  record Bpe(String suffix) implements DecoderSpec {
    public Bpe {
      if (suffix.isEmpty()) {
        throw InvalidValueException.mustBe("a string that is not empty", "suffix");
      }
    }
  }

  /** Decoders that are applied in order. */
  record Sequence(List<DecoderSpec> decoders) implements DecoderSpec {}

  /** The decoders of a Sequence in order, nested ones flattened; any other decoder alone. */
  default List<DecoderSpec> stages() {
    return this instanceof Sequence sequence
        ? sequence.decoders().stream().flatMap(s -> s.stages().stream()).toList()
        : List.of(this);
  }
}
