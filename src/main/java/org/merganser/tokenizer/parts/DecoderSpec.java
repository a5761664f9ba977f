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

  record Sequence(List<DecoderSpec> decoders) implements DecoderSpec {}
}
