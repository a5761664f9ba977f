package org.merganser.text.unicode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.TestResources;
import org.merganser.text.normalize.LowercaseNormalizer;

/** Each committed table is what its generator writes. */
final class GeneratedTablesTest {

  @Test
  @Tag("long")
  void everyCommittedTableIsWhatItsGeneratorWrites() {
    Map.of(
            ComponentClasses.RESOURCE, ComponentTablesGenerator.classes(),
            LowercaseNormalizer.RESOURCE, ComponentTablesGenerator.lowercase(),
            RegexProperties.PROPERTIES, RegexTablesGenerator.properties(),
            RegexProperties.SCRIPTS, RegexTablesGenerator.scripts(),
            CaseFolding.RESOURCE, RegexTablesGenerator.caseFolding(),
            UnicodeCategories.RESOURCE, UnicodeCategoriesGenerator.generate(),
            NormalizationTable.RESOURCE, NormalizationTableGenerator.generate())
        .forEach(
            (resource, generated) ->
                assertThat(TestResources.text("text/unicode/" + resource).equals(generated))
                    .as("regenerate %s with the generator of its class", resource)
                    .isTrue());
  }
}
