package org.merganser.tokenizer.audit;

import java.util.Locale;

/**
 * The kinds of tokens that {@link VocabularyAudit} finds; a token can be of several kinds. Each has
 * its meaning as the end of a sentence.
 */
public enum TokenKind {
  UNREACHABLE("no text can produce it: its own text is merged, cut or normalized otherwise"),
  UNUSED("in no text of the input"),
  RESIDUE("unused, but merged into other tokens"),
  RARE("less often in the input than --rare"),
  PARTIAL_UTF8("its bytes are not complete characters"),
  CONTROL("control or format characters"),
  ODD_WHITE_SPACE("white space that is mixed, or inside or at the end of other text");

  private final String meaning;

  TokenKind(String meaning) {
    this.meaning = meaning;
  }

  /** The spelling in options and JSON, such as {@code partial-utf8}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The meaning of the kind for the output of {@code audit}. */
  public String meaning() {
    return meaning;
  }

  /** Whether tokens of this kind can only be found by counting tokens in texts. */
  public boolean needsTexts() {
    return this == UNUSED || this == RESIDUE || this == RARE;
  }
}
