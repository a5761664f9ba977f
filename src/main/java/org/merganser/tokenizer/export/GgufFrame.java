package org.merganser.tokenizer.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.PostProcessor;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * What llama.cpp must be told to cut and frame text as a tokenizer does, or why it cannot be told.
 * Its {@code tokenizer.ggml.pre} is one of a list of names, each with a pattern and flags of its
 * own (llama.cpp, src/llama-vocab.cpp).
 *
 * @param pre {@code tokenizer.ggml.pre}
 * @param architecture {@code general.architecture}: a model family that goes with it
 * @param bos id that is put before a text, or -1
 * @param eos id that is put behind a text, or -1
 */
record GgufFrame(String pre, String architecture, int bos, int eos) {

  /**
   * @throws TokenizerException saying what llama.cpp cannot express
   */
  static GgufFrame of(Tokenizer tokenizer, boolean normalizedText) {
    NormalizerSpec normalizer = tokenizer.normalizer();
    boolean normalizes =
        normalizer != null
            && !(normalizer instanceof NormalizerSpec.Sequence sequence
                && sequence.normalizers().isEmpty());
    if (normalizer != null && normalizes && !normalizedText) {
      throw new TokenizerException(
          "llama.cpp normalizes no text, this tokenizer does ("
              + normalizer.getClass().getSimpleName()
              + "): ids would be the same for normalized text alone; if that is all it will see,"
              + " export with --assume-normalized");
    }
    SplitPattern pattern = pattern(tokenizer.preTokenizer());
    boolean ignoreMerges = tokenizer.model().options().ignoreMerges();
    if (pattern == null) {
      throw new TokenizerException(
          "llama.cpp has no pre-tokenizer like this one; it can be told of the patterns gpt2,"
              + " cl100k (llama3), qwen2, qwen3.5 and deepseek3");
    }
    int[] around = around(tokenizer.parts().postProcessor());
    return switch (pattern) {
      case GPT2 -> plain("gpt-2", "gpt2", ignoreMerges, around);
      case CL100K ->
          // llama-bpe sets ignore_merges; dbrx has the same pattern and doesn't.
          new GgufFrame(ignoreMerges ? "llama-bpe" : "dbrx", "llama", around[0], around[1]);
      case QWEN2 -> plain("qwen2", "qwen2", ignoreMerges, around);
      case QWEN35 -> plain("qwen35", "qwen2", ignoreMerges, around);
      case DEEPSEEK3 -> plain("deepseek-v3", "deepseek2", ignoreMerges, around);
      case TEKKEN ->
          throw new TokenizerException(
              "llama.cpp's tekken is not the pattern tekken: it knows upper and lower case of ASCII"
                  + " letters alone and doesn't let marks go with letters");
      case O200K ->
          throw new TokenizerException(
              "llama.cpp's gpt-4o and llama4 are not the pattern o200k: they know upper and lower"
                  + " case of ASCII letters alone and don't let marks go with letters"
                  + (ignoreMerges ? ", and they don't set ignore_merges" : ""));
    };
  }

  private static GgufFrame plain(
      String pre, String architecture, boolean ignoreMerges, int[] around) {
    if (ignoreMerges) {
      throw new TokenizerException(
          "the model has ignore_merges, which llama.cpp sets with the pattern of llama3 alone, not"
              + " with "
              + pre);
    }
    return new GgufFrame(pre, architecture, around[0], around[1]);
  }

  /** The known pattern that a pre-tokenizer is, with nothing else around it. */
  private static @Nullable SplitPattern pattern(@Nullable PreTokenizerSpec spec) {
    if (spec instanceof PreTokenizerSpec.ByteLevel level) {
      return level.useRegex() && !level.addPrefixSpace() ? SplitPattern.GPT2 : null;
    }
    if (!(spec instanceof PreTokenizerSpec.Sequence sequence)) {
      return null;
    }
    List<PreTokenizerSpec> components = sequence.pretokenizers();
    int last = components.size() - 1;
    if (last < 0
        || !(components.get(last) instanceof PreTokenizerSpec.ByteLevel level)
        || level.addPrefixSpace()
        || level.useRegex() && last > 0) {
      return null;
    }
    if (last == 0) {
      return pattern(level);
    }
    List<String> regexes = new ArrayList<>();
    for (PreTokenizerSpec component : components.subList(0, last)) {
      if (component instanceof PreTokenizerSpec.Split split
          && split.behavior() == PreTokenizerSpec.Behavior.ISOLATED
          && !split.invert()
          && split.pattern() instanceof TextPattern.Regex regex) {
        regexes.add(regex.regex());
      } else {
        return null;
      }
    }
    Optional<SplitPattern> known = SplitPattern.of(regexes);
    return known.orElse(null);
  }

  /** The ids that a post-processor puts before and behind a text. */
  private static int[] around(@Nullable PostProcessor processor) {
    if (processor == null || processor instanceof PostProcessor.ByteLevel) {
      return new int[] {-1, -1};
    }
    if (processor instanceof PostProcessor.Framing framing) {
      return new int[] {framing.clsId(), framing.sepId()};
    }
    if (processor instanceof PostProcessor.Sequence sequence) {
      int[] around = {-1, -1};
      for (PostProcessor part : sequence.processors()) {
        if (part.adds()) {
          around = around(part);
        }
      }
      return around;
    }
    PostProcessor.Template template = (PostProcessor.Template) processor;
    int[] around = {-1, -1};
    int side = 0;
    for (PostProcessor.Piece piece : template.single()) {
      if (!piece.special()) {
        side = 1;
        continue;
      }
      List<Integer> ids = template.special(piece.id()).ids();
      if (ids.size() != 1 || around[side] >= 0) {
        throw new TokenizerException(
            "the post-processor puts several tokens before or behind a text; llama.cpp puts one");
      }
      around[side] = ids.get(0);
    }
    return around;
  }
}
