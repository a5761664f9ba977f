package org.merganser.pipeline.finish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DatasetCardTest {
  @Test
  void groupsOfALanguageFieldAreListedAsFarAsTheyAreLanguages() {
    assertThat(
            DatasetCard.languages("lang", List.of("zh-Hant", "zh_Hans", "no", "code", "EN", "mul")))
        .containsExactly("en", "no", "zh");
    assertThat(DatasetCard.languages("Locale", List.of("pt-BR", "(other)", "(none)")))
        .containsExactly("pt");
    assertThat(DatasetCard.languages("language", List.of())).isEmpty();
  }

  @Test
  void groupsOfAnotherFieldAreLanguagesIfAllAre() {
    assertThat(DatasetCard.languages("source", List.of("de", "fil", "(none)")))
        .containsExactly("de", "fil");
    assertThat(DatasetCard.languages("source", List.of("it", "hr", "sales"))).isEmpty();
    assertThat(DatasetCard.languages(null, List.of())).isEmpty();
  }
}
