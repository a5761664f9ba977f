package org.merganser.text.pretokenize;

import java.util.List;
import java.util.Optional;
import org.merganser.text.normalize.Origins;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.PatternCutRule;
import org.merganser.text.scan.SplitPattern;

/** A pre-tokenizer as tokenizer.json describes it; {@link #build()} makes one to run. */
public sealed interface PreTokenizerSpec {
  /** What becomes of the text that a delimiter pattern matches. */
  enum Behavior {
    REMOVED,
    ISOLATED,
    MERGED_WITH_PREVIOUS,
    MERGED_WITH_NEXT,
    CONTIGUOUS
  }

  enum PrependScheme {
    FIRST,
    NEVER,
    ALWAYS
  }

  record Split(TextPattern pattern, Behavior behavior, boolean invert)
      implements PreTokenizerSpec {}

  record ByteLevel(boolean addPrefixSpace, boolean trimOffsets, boolean useRegex)
      implements PreTokenizerSpec {}

  record Digits(boolean individualDigits) implements PreTokenizerSpec {}

  record Punctuation(Behavior behavior) implements PreTokenizerSpec {}

  record Whitespace() implements PreTokenizerSpec {}

  record WhitespaceSplit() implements PreTokenizerSpec {}

  record Metaspace(String replacement, PrependScheme prependScheme, boolean split)
      implements PreTokenizerSpec {}

  record Bert() implements PreTokenizerSpec {}

  record CharDelimiterSplit(String delimiter) implements PreTokenizerSpec {}

  /**
   * @param length in characters, 1 or more
   */
  record FixedLength(int length) implements PreTokenizerSpec {}

  record UnicodeScripts() implements PreTokenizerSpec {}

  record Sequence(List<PreTokenizerSpec> pretokenizers) implements PreTokenizerSpec {}

  /**
   * Whether the model sees bytes: a component is ByteLevel. The pretokens are the raw bytes then
   * (never the printable characters that HF writes for them), and the model reads each byte as one
   * character of the byte-level alphabet. Components behind ByteLevel see those characters and cut
   * at the bytes.
   */
  default boolean byteLevel() {
    return PreTokenizerFactory.byteLevel(this);
  }

  /**
   * Where a document may be cut when this alone pre-tokenizes it (law 10): the rule of a known
   * pattern; nothing where the first components are none.
   */
  default Optional<PatternCutRule> cutRule() {
    return PreTokenizerFactory.cutRule(this);
  }

  /**
   * The regexes of a known pattern, isolated in sequence, if this cuts as they do and hands on
   * bytes; nothing for any other pre-tokenizer.
   */
  default Optional<List<String>> knownPattern() {
    return PreTokenizerFactory.knownPattern(this);
  }

  /**
   * A new pre-tokenizer, for one thread. A Split or ByteLevel whose pattern is a {@link
   * SplitPattern}, or one like it, runs on a scanner.
   *
   * @throws IllegalArgumentException naming what is not reproduced exactly: a regex construct, a
   *     component behind ByteLevel that writes other characters
   */
  default PreTokenizer build() {
    return PreTokenizerFactory.build(this, null);
  }

  /**
   * As {@link #build()}, for a caller that asks where rewritten text comes from.
   *
   * @param rewritings receives one for each component that rewrites text; they are set anew for
   *     each piece of text before its pretokens are handed on
   */
  default PreTokenizer build(List<Origins> rewritings) {
    return PreTokenizerFactory.build(this, rewritings);
  }
}
