package org.merganser.text.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RegexTablesTest {

  @Test
  void foldsKToTheKelvinSignAndSToTheLongS() {
    CaseFolding folding = CaseFolding.get();
    assertThat(folding.close('k'))
        .isEqualTo(CodePointSet.ofRanges('K', 'K', 'k', 'k', 0x212A, 0x212A));
    assertThat(folding.close('S'))
        .isEqualTo(CodePointSet.ofRanges('S', 'S', 's', 's', 0x17F, 0x17F));
    assertThat(folding.close('1').size()).isEqualTo(1);
    assertThat(folding.fold(0x212A)).isEqualTo('k');
    assertThat(folding.severalOf(0x1E9E)).containsExactly((int) 's', (int) 's');
    assertThat(folding.foldingTo(List.of((int) 's', (int) 's'))).containsExactly(0xDF, 0x1E9E);
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
