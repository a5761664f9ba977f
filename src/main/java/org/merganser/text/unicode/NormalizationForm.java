package org.merganser.text.unicode;

/**
 * The normalization forms of Unicode: whether compatibility characters are replaced, and whether
 * the result is composed.
 */
public enum NormalizationForm {
  NFC(/* compatibility= */ false, /* composes= */ true),
  NFD(/* compatibility= */ false, /* composes= */ false),
  NFKC(/* compatibility= */ true, /* composes= */ true),
  NFKD(/* compatibility= */ true, /* composes= */ false);

  /** Whether compatibility characters are replaced, such as a ligature by its letters. */
  public final boolean compatibility;

  /** Whether the result is composed. */
  public final boolean composes;

  NormalizationForm(boolean compatibility, boolean composes) {
    this.compatibility = compatibility;
    this.composes = composes;
  }
}
