package org.merganser.tokenizer.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.ListedModel;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.scan.SplitPattern;
import org.merganser.text.unicode.ByteAlphabet;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;
import org.merganser.tokenizer.parts.FileVersion;
import org.merganser.tokenizer.parts.TokenizerParts;

/** Random tokenizers over an alphabet that is small enough to encode every short text. */
public final class TinyTokenizers {
  static final List<String> ALPHABET = List.of("a", "b", " ", "1");

  private static final PreTokenizerSpec BYTES = new PreTokenizerSpec.ByteLevel(false, true, false);

  private static final NormalizerSpec LONG_REPLACE =
      new NormalizerSpec.Replace(new TextPattern.Literal("ab"), "1");

  private static final List<String> REGEXES =
      List.of(
          SplitPattern.CL100K.regex(),
          SplitPattern.QWEN2.regex(),
          SplitPattern.O200K.regex(),
          "a+|[^a]",
          "ab|b|\\s",
          "1{1,2}",
          " ?a*b|.");

  private TinyTokenizers() {}

  static Tokenizer random(Random random) {
    boolean byteLevel = random.nextInt(3) > 0;
    Map<String, Integer> ids = new LinkedHashMap<>();
    if (byteLevel) {
      for (int b = 0; b < 256; b++) {
        ids.put(String.valueOf(ByteAlphabet.toChar(b)), ids.size());
      }
    } else {
      ids.put("<unk>", 0);
      if (random.nextBoolean()) {
        for (int b = 0; b < 256; b++) {
          ids.put(String.format("<0x%02X>", b), ids.size());
        }
      }
      ALPHABET.subList(0, 2 + random.nextInt(3)).forEach(c -> ids.put(c, ids.size()));
      ids.put("▁", ids.size());
    }
    List<String> symbols = new ArrayList<>(List.of("a", "b"));
    for (String symbol : byteLevel ? List.of("Ġ", "1") : List.of(" ", "1", "▁", "<0x31>")) {
      if (ids.containsKey(symbol)) {
        symbols.add(symbol);
      }
    }
    List<String> merges = new ArrayList<>();
    for (int i = random.nextInt(14); i > 0; i--) {
      String left = symbols.get(random.nextInt(symbols.size()));
      String right = symbols.get(random.nextInt(symbols.size()));
      if (left.length() + right.length() <= 12) {
        merges.addAll(List.of(left, right));
        ids.putIfAbsent(left + right, ids.size());
        symbols.add(left + right);
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) { // tokens that no merge makes
      ids.putIfAbsent(
          symbols.get(random.nextInt(symbols.size())) + symbols.get(random.nextInt(symbols.size())),
          ids.size());
    }
    List<ListedModel.Entry> entries = new ArrayList<>();
    ids.forEach((token, id) -> entries.add(new ListedModel.Entry(token, id)));
    boolean fallback = ids.containsKey("<0x00>");
    BpeModel.Options options =
        new BpeModel.Options(
            byteLevel ? null : "<unk>", null, null, false, fallback, random.nextInt(3) == 0);
    List<AddedToken> added = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      added.add(new AddedToken(9999, "ab1", false, false, false, false, random.nextBoolean()));
    }
    if (random.nextInt(4) == 0) {
      added.add(new AddedToken(9999, "b1", false, false, false, false, random.nextBoolean()));
    }
    BpeModel model = ListedModel.of(entries, merges, options);
    NormalizerSpec normalizer = normalizer(random);
    PreTokenizerSpec preTokenizer = byteLevel ? bytes(random) : characters(random);
    if (LONG_REPLACE.equals(normalizer) && isMetaspaceFirst(preTokenizer)) {
      normalizer = null; // such a pair is refused
    }
    return of(added, normalizer, preTokenizer, model);
  }

  /** Without post-processor and decoder, as a bare HF tokenizer is. */
  public static Tokenizer of(
      List<AddedToken> added,
      @Nullable NormalizerSpec normalizer,
      @Nullable PreTokenizerSpec preTokenizer,
      BpeModel model) {
    return new Tokenizer(
        new TokenizerParts(
            FileVersion.V1,
            added,
            normalizer,
            preTokenizer,
            model,
            null,
            null,
            null,
            null,
            false,
            List.of()),
        "bare");
  }

  private static @Nullable NormalizerSpec normalizer(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new NormalizerSpec.Nfc();
      case 1 -> new NormalizerSpec.Replace(new TextPattern.Literal("b"), "a");
      case 2 ->
          new NormalizerSpec.Sequence(
              List.of(
                  new NormalizerSpec.Prepend("▁"),
                  new NormalizerSpec.Replace(new TextPattern.Literal(" "), "▁")));
      case 3 -> LONG_REPLACE;
      default -> null;
    };
  }

  private static PreTokenizerSpec bytes(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new PreTokenizerSpec.ByteLevel(random.nextBoolean(), true, true);
      case 1 -> BYTES;
      default -> new PreTokenizerSpec.Sequence(List.of(cutting(random), BYTES));
    };
  }

  private static @Nullable PreTokenizerSpec characters(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 ->
          new PreTokenizerSpec.Metaspace(
              "▁",
              PreTokenizerSpec.PrependScheme.values()[random.nextInt(3)],
              random.nextBoolean());
      default -> cutting(random);
    };
  }

  private static boolean isMetaspaceFirst(@Nullable PreTokenizerSpec preTokenizer) {
    return preTokenizer instanceof PreTokenizerSpec.Metaspace metaspace
        && metaspace.prependScheme() == PreTokenizerSpec.PrependScheme.FIRST;
  }

  private static PreTokenizerSpec cutting(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new PreTokenizerSpec.Digits(random.nextBoolean());
      case 1 -> new PreTokenizerSpec.Whitespace();
      case 2 -> new PreTokenizerSpec.WhitespaceSplit();
      case 3 -> new PreTokenizerSpec.Punctuation(Behavior.values()[random.nextInt(5)]);
      default ->
          new PreTokenizerSpec.Split(
              new TextPattern.Regex(REGEXES.get(random.nextInt(REGEXES.size()))),
              Behavior.values()[random.nextInt(5)],
              random.nextInt(4) == 0);
    };
  }

  /** All texts of up to so many characters. */
  static void forEachText(int longest, Consumer<String> sink) {
    forEachText("", longest, sink);
  }

  private static void forEachText(String text, int left, Consumer<String> sink) {
    if (!text.isEmpty()) {
      sink.accept(text);
    }
    for (String character : left == 0 ? List.<String>of() : ALPHABET) {
      forEachText(text + character, left - 1, sink);
    }
  }
}
