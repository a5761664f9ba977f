package org.merganser.text.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.TestResources;

final class RegexTablesTest {

  @Test
  void theCommittedPropertiesAreWhatTheirGeneratorWrites() throws IOException {
    assertThat(
            TestResources.text("text/unicode/" + RegexProperties.PROPERTIES)
                .equals(RegexTablesGenerator.properties()))
        .as("regenerate %s with RegexTablesGenerator", RegexProperties.PROPERTIES)
        .isTrue();
  }

  @Test
  void theCommittedScriptsAreWhatTheirGeneratorWrites() throws IOException {
    assertThat(
            TestResources.text("text/unicode/" + RegexProperties.SCRIPTS)
                .equals(RegexTablesGenerator.scripts()))
        .as("regenerate %s with RegexTablesGenerator", RegexProperties.SCRIPTS)
        .isTrue();
  }

  @Test
  void theCommittedCaseFoldingIsWhatItsGeneratorWrites() throws IOException {
    assertThat(
            TestResources.text("text/unicode/" + CaseFolding.RESOURCE)
                .equals(RegexTablesGenerator.caseFolding()))
        .as("regenerate %s with RegexTablesGenerator", CaseFolding.RESOURCE)
        .isTrue();
  }

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
