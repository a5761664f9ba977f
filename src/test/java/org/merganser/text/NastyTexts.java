package org.merganser.text;

import java.util.Random;

/** Random documents from a grammar of pieces that tokenizers trip over. */
public final class NastyTexts {
  private static final String[] PIECES = {
    " ",
    "  ",
    "   ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u000B",
    "\f",
    "\u0085",
    "\u00A0",
    "\u2028",
    "\u3000",
    "\u200B",
    "\u200D",
    "\uFEFF",
    "\u0000",
    "\u001B[31m",
    "\u2581",
    "\u0120",
    "'s",
    "'S",
    "'\u017F",
    "'re",
    "'LL",
    "\u2019ve",
    "don't",
    "I'M",
    "\u212A",
    "\u0130",
    "\u0131",
    "\u03A3\u03C2",
    "hello",
    "World",
    "HELLO",
    "camelCase",
    "\u00DF",
    "\uFB01",
    "\u01C5",
    "\u1E9E",
    "na\u00EFve",
    "e\u0301",
    "\u0301",
    "a\u0323\u0302",
    "Z\u0351\u036B\u0343",
    "\uD55C\uAE00",
    "\u1112\u1161\u11AB",
    "\u0915\u094D\u0937\u093F",
    "\u0E44\u0E17\u0E22\u0E01\u0E47",
    "\u1780\u17D2\u1798",
    "\u0645\u064E\u0631",
    "\u05E9\u05C1",
    "\u4E2D\u6587",
    "\u3072\u3089",
    "\u30AB\u30BF\u30AB\u30CA\u30FC",
    "\uFF76\uFF9E",
    "1",
    "42",
    "123",
    "1234567",
    "\u00BD",
    "\u00B2",
    "\u2167",
    "\u0663\u0664",
    "\u09EA",
    "\u4E00",
    "3.14",
    "1,000",
    "0x1F",
    ".",
    ",",
    "!?",
    "...",
    "\u2026",
    "--",
    "_",
    "__x__",
    "@",
    "#",
    "$",
    "\u20AC",
    "+=",
    "<|endoftext|>",
    "</s>",
    "{\"k\":",
    "[]",
    "()",
    "\u00AB",
    "\u3001",
    "\u3002",
    "\uFF01",
    "\u166D",
    "\uD83C\uDF32",
    "\uD83D\uDC69\u200D\uD83D\uDCBB",
    "\uD83C\uDDE9\uD83C\uDDEA",
    "\u2764\uFE0F",
    "\uD835\uDC00",
    "\uD83A\uDD00",
    "\uE000",
    "\uFFFD",
    "\uFFFF",
    "\uD87F\uDFFF",
    "https://a.b/c?d=e",
    "\\",
    "/",
    "\"",
    "`",
    "~",
    "^",
    "|",
    "aaaa",
    "AAAAbbbb",
    "\n\n\n",
    " \n ",
    "\t\t",
    "x\ny"
  };

  private final Random random;

  public NastyTexts(Random random) {
    this.random = random;
  }

  public String next(int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(pieces); i >= 0; i--) {
      switch (random.nextInt(12)) {
        case 0 -> text.appendCodePoint(scalar(random.nextInt(0x110000)));
        case 1 -> text.appendCodePoint(scalar(random.nextInt(0x3000)));
        case 2 -> text.append((char) random.nextInt(0x80));
        case 3 -> text.append(PIECES[random.nextInt(PIECES.length)].repeat(1 + random.nextInt(4)));
        default -> text.append(PIECES[random.nextInt(PIECES.length)]);
      }
    }
    return text.toString();
  }

  private static int scalar(int codePoint) {
    return codePoint >= 0xD800 && codePoint <= 0xDFFF ? 'x' : codePoint;
  }
}
