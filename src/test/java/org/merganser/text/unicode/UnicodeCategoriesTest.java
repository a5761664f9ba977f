package org.merganser.text.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnicodeCategoriesTest {

  @Test
  void everyCodePointHasTheCategoryOfUnicode16() {
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      String expected = UnicodeCategoriesGenerator.name(UCharacter.getType(c));
      if (!UnicodeCategories.name(c).equals(expected)) {
        assertThat(UnicodeCategories.name(c)).as("U+%04X", c).isEqualTo(expected);
      }
    }
  }

  @Test
  void theGroupsHaveTheSizesOfHfsRegexEngine() {
    assertThat(count(UnicodeCategories::isLetter)).isEqualTo(141_028);
    assertThat(count(UnicodeCategories::isMark)).isEqualTo(2_501);
    assertThat(count(UnicodeCategories::isNumber)).isEqualTo(1_911);
    assertThat(count(UnicodeCategories::isPunctuation)).isEqualTo(855);
    assertThat(count(UnicodeCategories::isSymbol)).isEqualTo(8_514);
    assertThat(count(UnicodeCategories::isWhiteSpace)).isEqualTo(25);
  }

  @Test
  void theGroupsAreThoseOfTheNames() {
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      boolean same =
          UnicodeCategories.isLetter(c) == UnicodeCategories.name(c).startsWith("L")
              && UnicodeCategories.isMark(c) == UnicodeCategories.name(c).startsWith("M")
              && UnicodeCategories.isNumber(c) == UnicodeCategories.name(c).startsWith("N")
              && UnicodeCategories.isPunctuation(c) == UnicodeCategories.name(c).startsWith("P")
              && UnicodeCategories.isSymbol(c) == UnicodeCategories.name(c).startsWith("S")
              && UnicodeCategories.isLowerCase(c) == UnicodeCategories.name(c).startsWith("Ll")
              && UnicodeCategories.isUpperOrTitleCase(c)
                  == (UnicodeCategories.name(c).startsWith("Lu")
                      || UnicodeCategories.name(c).startsWith("Lt"))
              && UnicodeCategories.isWhiteSpace(c)
                  == UCharacter.hasBinaryProperty(c, UProperty.WHITE_SPACE);
      assertThat(same).as("U+%04X", c).isTrue();
    }
  }

  private static long count(IntPredicate group) {
    return IntStream.range(0, UnicodeCategories.CODE_POINTS).filter(group).count();
  }
}
