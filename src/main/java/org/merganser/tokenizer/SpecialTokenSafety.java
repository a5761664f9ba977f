package org.merganser.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PretokenSink;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.text.unicode.Utf8;

/**
 * Finds special tokens that ordinary text can become: both would share one id, and a corpus could
 * inject them (HF issues 985 and 1616).
 */
public final class SpecialTokenSafety {
  private final TrainingPretokenizer cutter;

  /** The check for a tokenizer with these components. */
  public SpecialTokenSafety(@Nullable NormalizerSpec normalizer, PreTokenizerSpec preTokenizer) {
    cutter = new TrainingPretokenizer(normalizer, preTokenizer, List.of());
  }

  /**
   * One sentence for each unsafe token.
   *
   * @param tokens the texts of special tokens
   * @param trained null before training: what merges would make is then unknown
   */
  public List<String> problems(List<String> tokens, @Nullable TrainedBpe trained) {
    List<String> problems = new ArrayList<>();
    for (String token : new LinkedHashSet<>(tokens)) {
      String reason = reason(token, trained);
      if (reason != null) {
        problems.add(
            "specialTokens: \"%s\" %s; choose one such as \"<|%s|>\", or set allowMergeableSpecialTokens"
                .formatted(token, reason, token));
      }
    }
    return problems;
  }

  /** Why a token is unsafe, as the end of a sentence; null if it is safe. */
  private @Nullable String reason(String token, @Nullable TrainedBpe trained) {
    byte[] bytes = ByteAlphabet.toBytes(token);
    if (bytes != null && bytes.length == 1) {
      return String.format(
          Locale.ROOT, "is how byte 0x%02X is written in the vocabulary", bytes[0] & 0xFF);
    }
    if (bytes != null && isOnePretoken(bytes)) {
      return "is a single pretoken in byte-level form, so merges could make it";
    }
    if (trained != null && isMerged(token, trained)) {
      return "is made by a merge of ordinary text";
    }
    return isOnePretoken(token.getBytes(StandardCharsets.UTF_8))
        ? "is a single pretoken, so merges could make a token of its text"
        : null;
  }

  /** Whether a merge produces a token. */
  private static boolean isMerged(String token, TrainedBpe trained) {
    List<String> tokens = trained.tokens();
    int[] merges = trained.merges();
    for (int i = 0; i < merges.length; i += 2) {
      String left = tokens.get(merges[i]);
      if (token.startsWith(left) && token.equals(left + tokens.get(merges[i + 1]))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the text is UTF-8 and becomes one pretoken. */
  private boolean isOnePretoken(byte[] text) {
    if (Utf8.firstIllFormed(text, 0, text.length) >= 0) {
      return false;
    }
    PretokenCounter pretokens = new PretokenCounter();
    cutter.split(text, 0, text.length, pretokens);
    return pretokens.count == 1;
  }

  /** Counts pretokens. */
  private static final class PretokenCounter implements PretokenSink {
    int count;

    @Override
    public void accept(byte[] text, int start, int[] ends, int more) {
      count += more;
    }
  }
}
