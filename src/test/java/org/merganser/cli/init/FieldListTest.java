package org.merganser.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.merganser.json.Json;

final class FieldListTest {
  private static FieldList list(String json) throws IOException {
    return new FieldList(Json.MAPPER.readTree(json));
  }

  @Test
  void aFieldWithoutListsHasNothing() {
    assertThat(FieldList.NONE.exists()).isFalse();
    assertThat(FieldList.NONE.mayHaveText()).isFalse();
    assertThat(FieldList.NONE.beginsWithSegment()).isFalse();
    assertThat(FieldList.NONE.areWords()).isFalse();
    assertThat(FieldList.NONE.characters()).isZero();
    assertThat(FieldList.NONE.nameOfLongestText()).isEmpty();
  }

  @Test
  void wordsAreSeveralShortStringsWithoutSpaces() throws IOException {
    assertThat(list("[\"one\", \"two\"]").areWords()).isTrue();
    assertThat(list("[\"one\"]").areWords()).isFalse();
    assertThat(list("[\"one\", \"two words\"]").areWords()).isFalse();
    assertThat(list("[\"one\", 2]").areWords()).isFalse();
    assertThat(list("[\"one\", \"" + "x".repeat(40) + "\"]").areWords()).isFalse();
  }

  @Test
  void findsTextInsideItsItems() throws IOException {
    FieldList list = list("[{\"id\": \"a1\", \"n\": 1234567, \"body\": \"abc def\"}, [\"g\"]]");
    assertThat(list.mayHaveText()).isTrue();
    assertThat(list.characters()).isEqualTo(2 + 7 + 1);
    assertThat(list.nameOfLongestText()).isEqualTo("body");
    assertThat(list("[1, \"a\"]").mayHaveText()).isFalse();
  }
}
