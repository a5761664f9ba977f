package org.merganser.tokenizer.audit;

import java.util.Locale;

/** What an audit finds of tokens; a token can be of several kinds. */
public enum TokenKind {
  UNREACHABLE("no text gives it, which is proved"),
  UNKNOWN("no text was found that gives it, and nothing is proved"),
  IN_CONTEXT("its own text is encoded otherwise, but it stands in the ids of a longer text"),
  RESIDUE("never in the ids, only a step on the way to other tokens"),
  UNUSED("in no text of the input, and no step on the way to a token that is"),
  ONCE("once in the input"),
  RARE("more than once in the input, but less often than --rare says"),
  ONE_GROUP("in one group of the input alone; without --group-by, in one file"),
  PARTIAL_UTF8("its bytes are no whole characters"),
  DUPLICATE("another token is the same text after normalization"),
  SPACE_COPY("another token is the same text without the space at its beginning"),
  CASE_COPY("another token differs only in upper and lower case"),
  DIGITS("digits in irregular groups, or together with other characters"),
  WHITE_SPACE("white space that is mixed, or inside or at the end of other text"),
  LONG("more than 32 characters"),
  CONTROL("control or format characters"),
  PRIVATE_USE("private-use or unassigned characters, or U+FFFD"),
  SHADOWED("an added token is found in its text first, or is made by merges as well"),
  UNDER_TRAINED("its vector is nearer to the mean than those of 98 % of the tokens");

  private final String meaning;

  TokenKind(String meaning) {
    this.meaning = meaning;
  }

  /** As options and JSON spell it, such as {@code partial-utf8}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it is, as an end of the sentence "a token is of this kind: …". */
  public String meaning() {
    return meaning;
  }
}
