package org.merganser.text.unicode;

/**
 * The normalization forms of Unicode: whether compatibility characters are replaced, and whether
 * the result is composed.
 */
public enum NormalizationForm {
  NFC(false, true),
  NFD(false, false),
  NFKC(true, true),
  NFKD(true, false);

  public final boolean compatibility;
  public final boolean composes;

  NormalizationForm(boolean compatibility, boolean composes) {
    this.compatibility = compatibility;
    this.composes = composes;
  }
}
