package org.merganser.text.normalize;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.NormalizationForm;
import org.merganser.text.unicode.NormalizationTable;
import org.merganser.text.unicode.UniformLeadBytes;

/**
 * The sets by which {@link UnicodeFormNormalizer} sees that text is normal already: the quick check
 * of UAX #15. They are derived from the {@link NormalizationTable} on first use (some 5 ms).
 *
 * @param inert characters that are always normal and that no preceding character changes: class 0
 *     and not unstable
 * @param unstable characters whose quick check property is No or Maybe: a character that is not its
 *     own normalization, or that may compose with a preceding one
 * @param calm first bytes that only inert characters have: 0xC3 to 0xCB (Latin), 0xD0 and 0xD1
 *     (Cyrillic) in NFC. Left out are 0xCF (Greek), and all of three bytes (0xE4 to 0xE9 among
 *     kana): their runs are too short to pay
 */
public record NormalizationQuickCheck(
    CodePointSet inert, CodePointSet unstable, UniformLeadBytes calm) {
  /** Code points below this take two bytes at most. */
  private static final int TWO_BYTES = 0x800;

  /**
   * Code points below this take three bytes at most: {@link UniformLeadBytes} reads all of them.
   */
  private static final int THREE_BYTES = 0x10000;

  /** The first byte of U+03C0 to U+03FF. */
  private static final int GREEK_LEAD = 0xCF;

  private static final Map<NormalizationForm, NormalizationQuickCheck> CACHE =
      new ConcurrentHashMap<>();

  /** The sets of a form, computed once. */
  public static NormalizationQuickCheck of(NormalizationForm form) {
    return CACHE.computeIfAbsent(form, each -> derive(each, NormalizationTable.get()));
  }

  /** Computes the sets of a form from all characters that normalization may change. */
  private static NormalizationQuickCheck derive(NormalizationForm form, NormalizationTable table) {
    CodePointSet.Builder unstable = new CodePointSet.Builder();
    CodePointSet.Builder marks = new CodePointSet.Builder(); // of a class above 0
    int[] decomposed = new int[NormalizationTable.MAX_DECOMPOSITION];
    for (int c = 0; c < table.limit(); c++) {
      if (table.combiningClass(c) != 0) {
        marks.add(c);
      }
      int length = table.decompose(c, form.compatibility, decomposed, 0);
      boolean decomposes = length > 1 || decomposed[0] != c;
      if (decomposes && !(form.composes && recomposed(table, decomposed, length) == c)) {
        unstable.add(c);
      }
    }
    if (form.composes) {
      unstable.addAll(table.composingSeconds());
    }
    CodePointSet unstableSet = unstable.build();
    CodePointSet inert = unstableSet.union(marks.build()).complement();
    return new NormalizationQuickCheck(inert, unstableSet, calmLeadBytes(inert));
  }

  /**
   * The first bytes of two-byte characters that only inert ones have, except {@link #GREEK_LEAD}.
   */
  private static UniformLeadBytes calmLeadBytes(CodePointSet inert) {
    byte[] classes = new byte[THREE_BYTES];
    for (int c = 0; c < TWO_BYTES; c++) {
      boolean calm = inert.contains(c) && CodePoints.lead(c) != GREEK_LEAD;
      classes[c] = (byte) (calm ? 1 : 0);
    }
    return new UniformLeadBytes(classes);
  }

  /** The character that a decomposition composes to, or -1. */
  private static int recomposed(NormalizationTable table, int[] decomposed, int length) {
    int composite = decomposed[0];
    for (int i = 1; i < length && composite >= 0; i++) {
      composite = table.compose(composite, decomposed[i]);
    }
    return composite;
  }
}
