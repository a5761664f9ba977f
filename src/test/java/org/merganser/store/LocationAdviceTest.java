package org.merganser.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LocationAdviceTest {
  @ParameterizedTest
  @CsvSource({
    "$HOME/corpus, a job file has no variables",
    "jobs/${X}/a, \"${X}\" is a part of the name",
    "%DATA%/a, a job file has no variables",
    "C:\\data\\a.txt, a path of Windows",
    "jobs/c:/data, a path of Windows",
    "jobs/~/corpus, only at the beginning",
    "https://example.org/a.jsonl, nothing is downloaded",
    "hf://datasets/x, nothing is downloaded"
  })
  void saysWhatToWriteInPlaceOfWhatIsNoPathHere(String location, String advice) {
    assertThat(LocationAdvice.of(location)).startsWith("; ").contains(advice);
  }

  @ParameterizedTest
  @ValueSource(strings = {"corpus", "/data/a b.txt", "100%/a", "cost$", "s3://b/x", "x~/y", "a:b"})
  void hasNothingToSayAboutAPath(String location) {
    assertThat(LocationAdvice.of(location)).isEmpty();
  }
}
