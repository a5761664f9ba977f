package org.merganser.tokenizer.parts;

import java.util.List;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;

/** The {@code decoder} of a tokenizer.json (HF: {@code decoders/*.rs}). */
public sealed interface DecoderSpec {
  record ByteLevel(PreTokenizerSpec.ByteLevel options) implements DecoderSpec {}

  record Replace(TextPattern pattern, String content) implements DecoderSpec {}

  record ByteFallback() implements DecoderSpec {}

  record Fuse() implements DecoderSpec {}

  /** Cuts up to {@code start} and {@code stop} times the character from the ends of each token. */
  record Strip(String content, int start, int stop) implements DecoderSpec {}

  record Metaspace(PreTokenizerSpec.Metaspace options) implements DecoderSpec {}

  record Bpe(String suffix) implements DecoderSpec {}

  /** Puts a space before each token but the first, unless it begins with the prefix. */
  record WordPiece(String prefix, boolean cleanup) implements DecoderSpec {}

  /** Takes a token that is there several times in a row once, and the pad token not at all. */
  record Ctc(String padToken, String wordDelimiterToken, boolean cleanup) implements DecoderSpec {}

  record Sequence(List<DecoderSpec> decoders) implements DecoderSpec {}
}
