package org.merganser.text;

/** The four normalization forms of UAX #15. */
enum NormalizationForm {
  NFC(false, true),
  NFD(false, false),
  NFKC(true, true),
  NFKD(true, false);

  final boolean compatibility;
  final boolean composes;

  NormalizationForm(boolean compatibility, boolean composes) {
    this.compatibility = compatibility;
    this.composes = composes;
  }
}
