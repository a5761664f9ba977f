package org.merganser.text.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.Normalizer2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.text.normalize.NormalizationQuickCheck;

final class NormalizationTableTest {

  @Test
  void hangulIsComputedAsIcuHasIt() {
    NormalizationTable table = NormalizationTable.get();
    Normalizer2 nfc = Normalizer2.getNFCInstance();
    int[] decomposed = new int[18];
    for (int c = 0xABF0; c < 0xD7B0; c++) {
      String raw = nfc.getDecomposition(c);
      String expected = raw == null ? Character.toString(c) : raw;
      int length = table.decompose(c, false, decomposed, 0);
      assertThat(new String(decomposed, 0, length)).as("U+%04X", c).isEqualTo(expected);
    }
    assertThat(table.compose(0x1100, 0x1161)).isEqualTo(0xAC00);
    assertThat(table.compose(0x1113, 0x1161)).isEqualTo(-1);
    assertThat(table.compose(0xC8E0, 0x11A7)).isEqualTo(-1);
    assertThat(table.compose(0xC8E0, 0x11A8)).isEqualTo(0xC8E1);
    assertThat(table.compose(0xC8E0, 0x11C2)).isEqualTo(0xC8FB);
    assertThat(table.compose(0xC8E0, 0x11C3)).isEqualTo(-1);
    assertThat(table.compose(0xC8E1, 0x11A8)).isEqualTo(-1);
  }

  @Test
  void whatCameAfterUnicode9IsNotInTheTable() {
    NormalizationTable table = NormalizationTable.get();
    // U+1DFA (Unicode 14) has class 218 in its own time, U+11938 (13) a decomposition.
    assertThat(table.combiningClass(0x1DFA)).isZero();
    assertThat(table.decompose(0x11938, false, new int[18], 0)).isEqualTo(1);
    assertThat(table.compose(0x11935, 0x11930)).isEqualTo(-1);
    // U+1DFB (Unicode 9) is the last of its block.
    assertThat(table.combiningClass(0x1DFB)).isEqualTo(230);
  }

  @Test
  void fromTheLimitOnEverythingStaysAsItIs() {
    NormalizationTable table = NormalizationTable.get();
    CodePointSet seconds = table.composingSeconds();
    int[] decomposed = new int[NormalizationTable.MAX_DECOMPOSITION];
    for (int c = table.limit(); c < CodePointSet.LIMIT; c++) {
      assertThat(table.combiningClass(c)).as("class, U+%04X", c).isZero();
      assertThat(table.decompose(c, true, decomposed, 0)).as("U+%04X", c).isEqualTo(1);
      assertThat(seconds.contains(c)).as("composes, U+%04X", c).isFalse();
    }
    assertThat(table.decompose(table.limit() - 1, true, decomposed, 0)).isEqualTo(1);
    assertThat(decomposed[0]).isNotEqualTo(table.limit() - 1);
  }

  /** The normalizer starts a span at an inert character: nothing before may change it. */
  @ParameterizedTest
  @EnumSource
  void anInertCharacterBeginsWithAStarterThatComposesWithNothingBeforeIt(NormalizationForm form) {
    NormalizationTable table = NormalizationTable.get();
    CodePointSet seconds = table.composingSeconds();
    CodePointSet inert = NormalizationQuickCheck.of(form).inert();
    int[] decomposed = new int[18];
    for (int c = inert.next(0); c >= 0; c = inert.next(c + 1)) {
      table.decompose(c, form.compatibility, decomposed, 0);
      assertThat(table.combiningClass(decomposed[0])).as("class, U+%04X", c).isZero();
      if (form.composes) {
        assertThat(seconds.contains(decomposed[0])).as("composes, U+%04X", c).isFalse();
      }
    }
    assertThat(inert.contains('a')).isTrue();
    assertThat(inert.size()).isGreaterThan(1_000_000);
  }
}
