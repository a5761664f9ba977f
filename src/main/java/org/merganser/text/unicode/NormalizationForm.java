package org.merganser.text.unicode;

/**
 * The normalization forms of Unicode: whether compatibility characters are replaced, and whether
 * the result is composed.
 */
public enum NormalizationForm {
  // Each with the values of compatibility and composes.
  NFC(false, true),
  NFD(false, false),
  NFKC(true, true),
  NFKD(true, false);

  /** Whether compatibility characters are replaced, such as a ligature by its letters. */
  public final boolean compatibility;

  /** Whether the result is composed. */
  public final boolean composes;

  NormalizationForm(boolean compatibility, boolean composes) {
    this.compatibility = compatibility;
    this.composes = composes;
  }
}
