package org.merganser.text;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The two sets by which a form's quick check goes, derived from the table on first use (some 5 ms).
 *
 * @param inert characters that are normal wherever they stand and that nothing before them changes:
 *     class 0 and not unstable
 * @param unstable characters whose quick check property is No or Maybe: what alone isn't its own
 *     normalization, and what may compose with a character before it
 */
record NormalizationQuickCheck(CodePointSet inert, CodePointSet unstable) {
  private static final Map<NormalizationForm, NormalizationQuickCheck> KNOWN =
      new ConcurrentHashMap<>();

  static NormalizationQuickCheck of(NormalizationForm form) {
    return KNOWN.computeIfAbsent(form, f -> derive(f, NormalizationTable.get()));
  }

  private static NormalizationQuickCheck derive(NormalizationForm form, NormalizationTable table) {
    CodePointSet.Builder unstable = new CodePointSet.Builder();
    CodePointSet.Builder moving = new CodePointSet.Builder();
    int[] decomposed = new int[NormalizationTable.MAX_DECOMPOSITION];
    for (int c = 0; c < table.limit(); c++) {
      if (table.combiningClass(c) != 0) {
        moving.add(c);
      }
      int length = table.decompose(c, form.compatibility, decomposed, 0);
      if ((length > 1 || decomposed[0] != c)
          && !(form.composes && recomposed(table, decomposed, length) == c)) {
        unstable.add(c);
      }
    }
    if (form.composes) {
      unstable.addAll(table.composingSeconds());
    }
    CodePointSet set = unstable.build();
    return new NormalizationQuickCheck(set.union(moving.build()).complement(), set);
  }

  /** The one character that a decomposition composes to, or -1. */
  private static int recomposed(NormalizationTable table, int[] decomposed, int length) {
    int composite = decomposed[0];
    for (int i = 1; i < length && composite >= 0; i++) {
      composite = table.compose(composite, decomposed[i]);
    }
    return composite;
  }
}
