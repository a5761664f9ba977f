package org.merganser.tokenizer;

import java.util.List;
import java.util.Random;

/** Random documents from a grammar of pieces at which tokenizers go wrong (see messy/README.md). */
public final class NastyText {
  private static final List<String> PIECES =
      List.of(
          "the",
          " the",
          "The",
          " hello",
          "world",
          "don't",
          " I'll",
          "we'RE",
          "it'ſ",
          "'S",
          "'",
          "''",
          "O'Reilly",
          "isn’t",
          " ",
          "  ",
          "   ",
          "\t",
          "\n",
          "\n\n",
          "\r\n",
          "\r",
          " \n",
          "\n ",
          "\u00a0",
          "\u3000",
          "\u2028",
          "\u0085",
          "\u200b",
          "\u2003",
          "\u000b",
          "\u001f",
          "\u0000",
          "\u007f",
          "0",
          "7",
          "12",
          "123",
          "1234",
          "12345678",
          "٣",
          "४२",
          "Ⅷ",
          "½",
          "²",
          "㊿",
          "é",
          "e\u0301",
          "\u0301",
          "\u0301\u0316",
          "q\u0323\u0307",
          "ñ",
          "Å",
          "\u212b",
          "ﬁ",
          "ẞ",
          "İ",
          "ı",
          "K",
          "ǆ",
          "ᾳ",
          "Σ",
          "ς",
          "ß",
          "中",
          "中文字",
          "日本語",
          "カタカナ",
          "ｶﾞ",
          "한국어",
          "\u1112\u1161\u11ab",
          "ไทย",
          "हिन्दी",
          "العربية",
          "עברית",
          "\u202e",
          "\u200d",
          "👩‍👩‍👧",
          "🙂",
          "🇩🇪",
          "👍🏽",
          "😀😀",
          "\ufe0f",
          "\ufeff",
          "\ufffd",
          "\ufffe",
          "\ue000",
          "\udbff\udfff",
          "<|endoftext|>",
          "<|endoftext",
          "|>",
          "<|im_start|>",
          "<|",
          "<",
          ">",
          "<s>",
          "</s>",
          "<s",
          "<unk>",
          "<mask>",
          " <mask> ",
          "[SEP]",
          "foo",
          "foobar",
          "foo_",
          "café",
          "▁",
          "Ġ",
          "Ċ",
          "_",
          "-",
          "--",
          "...",
          "!!!",
          "?",
          ",",
          ".",
          "://",
          "/",
          "\\",
          "\"",
          "#",
          "$",
          "€",
          "`",
          "~",
          "{}",
          "();",
          "a",
          "aa",
          "aaaa",
          "aaaaaaaaaaaaaaaa",
          "ab",
          "abab",
          "A",
          "aA",
          "camelCase",
          "ABC",
          "x",
          "=",
          "==",
          "+",
          "<0x41>",
          "<0xE2>",
          "\u0e01\u0e33",
          "Ａ",
          "１",
          "ª",
          "ʰ",
          "𝒜",
          "𐐀",
          "𠀀");

  private NastyText() {}

  /** A document of up to {@code pieces} pieces, sometimes with any assigned character between. */
  public static String document(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(pieces + 1); i > 0; i--) {
      if (random.nextInt(12) == 0) {
        text.appendCodePoint(anyCharacter(random));
      } else {
        String piece = PIECES.get(random.nextInt(PIECES.size()));
        for (int k = random.nextInt(8) == 0 ? 1 + random.nextInt(4) : 1; k > 0; k--) {
          text.append(piece);
        }
      }
    }
    return text.toString();
  }

  /** Assigned in the JDK's Unicode, which is older than every HF's: all agree about these. */
  private static int anyCharacter(Random random) {
    while (true) {
      int c = random.nextInt(random.nextBoolean() ? 0x3000 : 0x20000);
      if (Character.isDefined(c) && Character.getType(c) != Character.SURROGATE) {
        return c;
      }
    }
  }

  /** All pieces in a row: text for small vocabularies. */
  static String all() {
    return String.join(" ", PIECES);
  }
}
