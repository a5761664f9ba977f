package org.merganser.text.unicode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.text.HfOracle;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.pretokenize.PreTokenizerSpec.Split;
import org.merganser.text.regex.TextPattern;

/** What {@code \p{...}} holds, by name, against HF's regex engine. */
final class RegexPropertiesOracleTest {
  /** Names of the code and not of the tables. */
  private static final List<String> CODED =
      List.of("any", "assigned", "unassigned", "surrogate", "newline", "posixpunct", "punct", "lc");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Emoji",
        "Extended_Pictographic",
        "Emoji_Presentation",
        "Emoji_Modifier",
        "Emoji_Component",
        "Any",
        "Assigned",
        "Punct",
        "PosixPunct",
        "Alphabetic",
        "White_Space",
        "xid start",
        "XIDC",
        "Other_ID_Continue",
        "In_Greek_and_Coptic",
        "In_No_Block",
        "LC",
        "Zzzz",
        "newline"
      })
  void namedPropertiesHoldWhatHfHas(String name) {
    compare(name, false);
  }

  /** The fixed seed takes the same forty names each time. */
  @Test
  void someNamesOfTheTablesHoldWhatHfHas() {
    List<String> names = names();
    Collections.shuffle(names, new Random(Seeds.next()));
    names.subList(0, 40).forEach(name -> compare(name, false));
  }

  @Test
  @Tag("soak")
  void everyNameHoldsEveryScalarValueThatHfHas() {
    names().forEach(name -> compare(name, true));
  }

  /** Oniguruma's table of it is out of order, so that what it finds there says nothing. */
  @Test
  void theBrokenPropertyIsUnknown() {
    assertThat(RegexProperties.property("incb")).isNull();
    assertThat(RegexProperties.property(RegexProperties.plainName("\u212Ahar"))).isNull();
  }

  private static List<String> names() {
    TreeSet<String> names = new TreeSet<>(CODED);
    for (String resource : List.of(RegexProperties.SCRIPTS, RegexProperties.PROPERTIES)) {
      for (String line : TableLines.read(resource)) {
        names.addAll(List.of(line.substring(0, line.indexOf(' ')).split(",", -1)));
      }
    }
    assertThat(names).hasSizeGreaterThan(800);
    return new ArrayList<>(names);
  }

  private static void compare(String name, boolean all) {
    CodePointSet ours = RegexProperties.property(RegexProperties.plainName(name));
    assertThat(ours).as(name).isNotNull();
    Split split = new Split(new TextPattern.Regex("\\p{" + name + "}"), Behavior.REMOVED, true);
    try (HfOracle hf = HfOracle.of(split)) {
      Consumer<String> texts =
          text -> {
            StringBuilder expected = new StringBuilder();
            hf.pretokens(text)
                .forEach(p -> expected.append(new String(p.getBytes(ISO_8859_1), UTF_8)));
            StringBuilder members = new StringBuilder();
            text.codePoints().filter(ours::contains).forEach(members::appendCodePoint);
            assertThat(members.toString())
                .as("%s from U+%04X", name, text.isEmpty() ? 0 : text.codePointAt(0))
                .isEqualTo(expected.toString());
          };
      Scalars.texts(all, "", "", c -> true, texts);
    }
  }
}
