package org.merganser.text.pretokenize;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.normalize.Origins;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.PrependScheme;
import org.merganser.text.regex.LiteralMatcher;
import org.merganser.text.unicode.CodePoints;

/**
 * SentencePiece's treatment of spaces: U+0020 becomes the replacement character, and this character
 * is prepended where {@link PrependScheme} says so, unless the text then begins with it anyway.
 * With {@code split} each replacement character begins a pretoken, else the text is one pretoken.
 */
final class MetaspacePreTokenizer implements PreTokenizer {
  /** The replacement character as UTF-8. */
  private final byte[] replacement;

  private final PrependScheme scheme;

  /** Cuts the rewritten text. */
  private final PreTokenizer next;

  private final Origins origins;
  private final ByteBuilder rewritten = new ByteBuilder(64);

  /**
   * @param origins receives where each byte of the rewritten text comes from
   */
  MetaspacePreTokenizer(PreTokenizerSpec.Metaspace spec, Origins origins) {
    this.origins = origins;
    replacement = spec.replacement().getBytes(StandardCharsets.UTF_8);
    scheme = spec.prependScheme();
    next =
        spec.split()
            ? new DelimiterPreTokenizer(
                new LiteralMatcher(spec.replacement()), Behavior.MERGED_WITH_NEXT)
            : new WholePreTokenizer();
  }

  @Override
  public void split(byte[] text, int from, int to, boolean first, PretokenSink sink) {
    if (from == to) {
      return;
    }
    rewritten.clear();
    origins.clear();
    boolean prepend = scheme == PrependScheme.ALWAYS || (scheme == PrependScheme.FIRST && first);
    if (prepend && text[from] != ' ' && !startsWithReplacement(text, from, to)) {
      rewritten.append(replacement);
      origins.addRewritten(replacement.length, from, from + CodePoints.length(text[from]));
    }
    replaceSpaces(text, from, to);
    origins.setTexts(text, rewritten.bytes());
    next.split(rewritten.bytes(), 0, rewritten.length(), first, sink);
  }

  /** Appends the text with the replacement for each space. */
  private void replaceSpaces(byte[] text, int from, int to) {
    int copied = from;
    for (int at = from; at < to; at++) {
      if (text[at] == ' ') {
        rewritten.append(text, copied, at);
        rewritten.append(replacement);
        origins.addCopied(text, copied, at);
        origins.addRewritten(replacement.length, at, at + 1);
        copied = at + 1;
      }
    }
    rewritten.append(text, copied, to);
    origins.addCopied(text, copied, to);
  }

  private boolean startsWithReplacement(byte[] text, int from, int to) {
    int end = from + replacement.length;
    return end <= to && Arrays.equals(text, from, end, replacement, 0, replacement.length);
  }
}
