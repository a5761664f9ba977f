package org.merganser.text.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RegexTablesTest {

  @Test
  void foldsKToTheKelvinSignAndSToTheLongS() {
    CaseFolding folding = CaseFolding.get();
    assertThat(folding.closure('k'))
        .isEqualTo(CodePointSet.ofRanges('K', 'K', 'k', 'k', 0x212A, 0x212A));
    assertThat(folding.closure('S'))
        .isEqualTo(CodePointSet.ofRanges('S', 'S', 's', 's', 0x17F, 0x17F));
    assertThat(folding.closure('1').size()).isEqualTo(1);
    assertThat(folding.fold(0x212A)).isEqualTo('k');
    assertThat(folding.closure(CodePointSet.ofRanges(0xDF, 0xDF)))
        .isEqualTo(CodePointSet.ofRanges(0xDF, 0xDF, 0x1E9E, 0x1E9E));
    assertThat(folding.hasFoldingToSeveral(CodePointSet.ofRanges(0x1E9E, 0x1E9E))).isTrue();
    assertThat(folding.hasFoldingToSeveral(CodePointSet.ofRanges(0, 0x7F))).isFalse();
    assertThat(folding.beginsFoldingToSeveral('s', 0x17F)).isTrue();
    assertThat(folding.beginsFoldingToSeveral('s', 'a')).isFalse();
  }

  @Test
  void setsSayWhatTheyHold() {
    CodePointSet set = CodePointSet.ofRanges('a', 'c', 'x', 'x', 0x10FFFE, 0x10FFFF);
    assertThat(set).hasToString("0061-0063 0078 10FFFE-10FFFF");
    assertThat(set.size()).isEqualTo(6);
    assertThat(set.next('d')).isEqualTo('x');
    assertThat(set.next(0x110000)).isEqualTo(-1);
    assertThat(set.complement().contains('b')).isFalse();
    assertThat(set.intersection(set.complement()).size()).isZero();
    assertThat(CodePointSet.all().size()).isEqualTo(0x110000);
  }
}
