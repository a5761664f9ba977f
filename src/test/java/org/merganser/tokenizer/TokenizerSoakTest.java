package org.merganser.tokenizer;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The long forms of the conformance tests: a quarter of an hour on the shared corpus. */
@Tag("soak")
class TokenizerSoakTest {

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2_5_derived", "gptoss", "gpt35turbo", "mistral_7b_v01"})
  void idsEqualHfsOnTheWholeCorpus(String name) throws IOException {
    TokenizerConformanceTest.compareCorpus(name, TokenizerConformanceTest::forEachDocument);
  }
}
