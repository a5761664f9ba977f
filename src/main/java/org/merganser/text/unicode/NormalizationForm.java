package org.merganser.text.unicode;

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
