package org.merganser.text.unicode;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterEnums.ECharacterCategory;
import com.ibm.icu.util.VersionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes the resource of {@link UnicodeCategories} from ICU4J, whose version pins Unicode 16.
 *
 * <p>Run {@code mvn -q test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=org.merganser.text.unicode.UnicodeCategoriesGenerator} in the project's folder.
 */
public final class UnicodeCategoriesGenerator {
  private static final Map<Byte, String> NAMES =
      Map.ofEntries(
          Map.entry(ECharacterCategory.UPPERCASE_LETTER, "Lu"),
          Map.entry(ECharacterCategory.LOWERCASE_LETTER, "Ll"),
          Map.entry(ECharacterCategory.TITLECASE_LETTER, "Lt"),
          Map.entry(ECharacterCategory.MODIFIER_LETTER, "Lm"),
          Map.entry(ECharacterCategory.OTHER_LETTER, "Lo"),
          Map.entry(ECharacterCategory.NON_SPACING_MARK, "Mn"),
          Map.entry(ECharacterCategory.ENCLOSING_MARK, "Me"),
          Map.entry(ECharacterCategory.COMBINING_SPACING_MARK, "Mc"),
          Map.entry(ECharacterCategory.DECIMAL_DIGIT_NUMBER, "Nd"),
          Map.entry(ECharacterCategory.LETTER_NUMBER, "Nl"),
          Map.entry(ECharacterCategory.OTHER_NUMBER, "No"),
          Map.entry(ECharacterCategory.SPACE_SEPARATOR, "Zs"),
          Map.entry(ECharacterCategory.LINE_SEPARATOR, "Zl"),
          Map.entry(ECharacterCategory.PARAGRAPH_SEPARATOR, "Zp"),
          Map.entry(ECharacterCategory.CONTROL, "Cc"),
          Map.entry(ECharacterCategory.FORMAT, "Cf"),
          Map.entry(ECharacterCategory.PRIVATE_USE, "Co"),
          Map.entry(ECharacterCategory.SURROGATE, "Cs"),
          Map.entry(ECharacterCategory.UNASSIGNED, "Cn"),
          Map.entry(ECharacterCategory.DASH_PUNCTUATION, "Pd"),
          Map.entry(ECharacterCategory.START_PUNCTUATION, "Ps"),
          Map.entry(ECharacterCategory.END_PUNCTUATION, "Pe"),
          Map.entry(ECharacterCategory.CONNECTOR_PUNCTUATION, "Pc"),
          Map.entry(ECharacterCategory.OTHER_PUNCTUATION, "Po"),
          Map.entry(ECharacterCategory.INITIAL_PUNCTUATION, "Pi"),
          Map.entry(ECharacterCategory.FINAL_PUNCTUATION, "Pf"),
          Map.entry(ECharacterCategory.MATH_SYMBOL, "Sm"),
          Map.entry(ECharacterCategory.CURRENCY_SYMBOL, "Sc"),
          Map.entry(ECharacterCategory.MODIFIER_SYMBOL, "Sk"),
          Map.entry(ECharacterCategory.OTHER_SYMBOL, "So"));

  private UnicodeCategoriesGenerator() {}

  public static void main(String[] args) throws IOException {
    Files.writeString(
        Path.of("src/main/resources/org/merganser/text/unicode", UnicodeCategories.RESOURCE),
        generate());
  }

  /** The whole resource. */
  static String generate() {
    if (UCharacter.getUnicodeVersion().compareTo(VersionInfo.getInstance(16)) != 0) {
      throw new IllegalStateException(
          "ICU4J carries Unicode " + UCharacter.getUnicodeVersion() + ", needed is 16.0.0.0");
    }
    StringBuilder runs = new StringBuilder();
    int previous = -1;
    for (int c = 0; c < UnicodeCategories.CODE_POINTS; c++) {
      int category = UCharacter.getType(c);
      if (category != previous) {
        runs.append(Integer.toHexString(c)).append(' ').append(name(category)).append('\n');
      }
      previous = category;
    }
    return runs.toString();
  }

  /** The two-letter name of one of ICU's categories. */
  public static String name(int category) {
    return NAMES.get((byte) category);
  }
}
