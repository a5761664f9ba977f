package org.merganser.text.pretokenize;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.merganser.json.InvalidValueException;
import org.merganser.text.normalize.Origins;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.PatternCutRule;
import org.merganser.text.scan.SplitPattern;

/**
 * A pre-tokenizer as tokenizer.json describes it (HF: {@code pre_tokenizers/*.rs}). {@link
 * PreTokenizerFactory} builds it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface PreTokenizerSpec {
  /** What happens to the text that a delimiter pattern matches. */
  enum Behavior {
    /** It is in no pretoken. */
    @JsonProperty("Removed")
    REMOVED,

    /** Each match is a pretoken. */
    @JsonProperty("Isolated")
    ISOLATED,

    /** It is joined to the text before it. */
    @JsonProperty("MergedWithPrevious")
    MERGED_WITH_PREVIOUS,

    /** It is joined to the text after it. */
    @JsonProperty("MergedWithNext")
    MERGED_WITH_NEXT,

    /** Adjacent matches together are a pretoken. */
    @JsonProperty("Contiguous")
    CONTIGUOUS
  }

  /** When Metaspace prepends its replacement character to text that does not begin with it. */
  enum PrependScheme {
    /** At the beginning of a document only. */
    @JsonProperty("first")
    FIRST,

    /** Nowhere. */
    @JsonProperty("never")
    NEVER,

    /** At the beginning of each piece of text that the Metaspace receives. */
    @JsonProperty("always")
    ALWAYS
  }

  /**
   * Cuts at the matches of a pattern.
   *
   * @param invert whether the text between the matches is treated as the matches, and they as text
   */
  record Split(TextPattern pattern, Behavior behavior, boolean invert)
      implements PreTokenizerSpec {}

  /**
   * Cuts text into pretokens of bytes.
   *
   * @param addPrefixSpace whether a space is prepended to text that does not begin with one
   * @param trimOffsets concerns only the offsets that HF reports
   * @param useRegex whether text is cut by {@link SplitPattern#GPT2}; else it stays whole
   */
  record ByteLevel(
      boolean addPrefixSpace,
      boolean trimOffsets,
      @JsonProperty(defaultValue = "true") boolean useRegex)
      implements PreTokenizerSpec {}

  /** Isolates each digit, or each run of digits. */
  record Digits(boolean individualDigits) implements PreTokenizerSpec {}

  /** Cuts at each punctuation character. */
  record Punctuation(@JsonProperty(defaultValue = "Isolated") Behavior behavior)
      implements PreTokenizerSpec {}

  /** The matches of {@code \w+|[^\w\s]+}. */
  record Whitespace() implements PreTokenizerSpec {}

  /** The text between white space. */
  record WhitespaceSplit() implements PreTokenizerSpec {}

  /**
   * SentencePiece's treatment of spaces.
   *
   * @param replacement the character that replaces a space
   * @param split whether each replacement begins a pretoken
   */
  record Metaspace(String replacement, PrependScheme prependScheme, boolean split)
      implements PreTokenizerSpec {
    public Metaspace {
      InvalidValueException.checkCharacter(replacement, "replacement");
    }

    /** Older files have {@code add_prefix_space}; false there means "never". */
    @JsonCreator
    static Metaspace of(
        @JsonProperty("replacement") String replacement,
        @JsonProperty(value = "prepend_scheme", isRequired = OptBoolean.FALSE)
            @Nullable PrependScheme prependScheme,
        @JsonProperty(value = "split", defaultValue = "true") boolean split,
        @JsonProperty(value = "add_prefix_space", isRequired = OptBoolean.FALSE)
            @Nullable Boolean addPrefixSpace) {
      if (Boolean.FALSE.equals(addPrefixSpace) && prependScheme != PrependScheme.NEVER) {
        throw InvalidValueException.because(
            "it contradicts prepend_scheme, which must be \"never\" then (as HF has it)",
            "add_prefix_space");
      }
      return new Metaspace(
          replacement, prependScheme == null ? PrependScheme.ALWAYS : prependScheme, split);
    }
  }

  /** WhitespaceSplit, then Punctuation (isolated). */
  @JsonTypeName("BertPreTokenizer")
  record Bert() implements PreTokenizerSpec {}

  /** Cuts at a character, which is removed. */
  record CharDelimiterSplit(String delimiter) implements PreTokenizerSpec {
    public CharDelimiterSplit {
      InvalidValueException.checkCharacter(delimiter, "delimiter");
    }
  }

  /** Cuts where the script changes. */
  record UnicodeScripts() implements PreTokenizerSpec {}

  /** Each pre-tokenizer cuts the pieces of the one before. */
  record Sequence(List<PreTokenizerSpec> pretokenizers) implements PreTokenizerSpec {}

  /** The components of a Sequence in order, nested ones flattened; any other component alone. */
  default List<PreTokenizerSpec> components() {
    return this instanceof Sequence sequence
        ? sequence.pretokenizers().stream().flatMap(s -> s.components().stream()).toList()
        : List.of(this);
  }

  /** Whether the result depends on the document's beginning: a Metaspace may prepend only there. */
  default boolean needsFirst() {
    return components().stream()
        .anyMatch(c -> c instanceof Metaspace m && m.prependScheme() == PrependScheme.FIRST);
  }

  /**
   * Whether a component is ByteLevel. The pretokens are then raw bytes, never the printable
   * characters that HF writes for them, and the model reads each byte as one character of the
   * byte-level alphabet. Components after ByteLevel see those characters.
   */
  default boolean byteLevel() {
    return components().stream().anyMatch(c -> c instanceof ByteLevel);
  }

  /**
   * Where a document may be cut before this pre-tokenizes it, with the same pretokens; empty if the
   * first components are not a known pattern.
   */
  default Optional<PatternCutRule> cutRule() {
    return KnownPatterns.cutRule(this);
  }

  /**
   * The regexes of a known pattern or of a variant of one, if this is nothing else ({@link
   * SplitPattern}); else empty.
   */
  default Optional<List<String>> knownPattern() {
    return KnownPatterns.knownPattern(this);
  }

  /**
   * Builds a pre-tokenizer for one thread. A Split or ByteLevel whose pattern is a {@link
   * SplitPattern}, or a variant of one, runs on a scanner.
   *
   * @throws IllegalArgumentException naming what is not reproduced exactly: a regex construct, a
   *     component after ByteLevel that writes other characters, or a component that depends on the
   *     document's beginning after one that rewrites text
   */
  default PreTokenizer build() {
    return build(() -> Origins.NONE);
  }

  /**
   * As {@link #build()}; {@code origins} makes one for each component that rewrites text, set for
   * each piece of text before its pretokens reach the sink.
   */
  default PreTokenizer build(Supplier<Origins> origins) {
    return PreTokenizerFactory.build(this, origins);
  }
}
