package org.merganser.tokenizer.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.tokenizer.parts.TokenizerException;

/** What is said of a file that was named in place of a tokenizer.json. */
final class OtherFileTest {
  private static void refused(String content, String what) {
    assertThatThrownBy(() -> TokenizerReader.read(content.getBytes(UTF_8), "t.json"))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContainingAll("t.json: " + what, "a tokenizer.json lies beside the weights");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "`  ` | is empty",
        "The low tide. | is text and no JSON object; is it a part of a corpus?",
        "{\"architectures\": [], \"model_type\": \"gpt2\"} | is the config.json of a model",
        "{\"tokenizer_class\": \"X\", \"eos_token\": \"e\"} | is a tokenizer_config.json",
        "{\"eos_token\": \"e\"} | is a special_tokens_map.json",
        "{\"a\": 0, \"b\": 1} | is a vocab.json",
        "{\"text\": \"a\"} | is a JSON object without $.model",
        "#version: 0.2 | is a merges.txt",
        "IQ== 0 | is a file of ranks of tiktoken",
        "<!DOCTYPE html> | is a web page",
        "<HTML><body> | is a web page",
        "version https://git-lfs.github.com/spec/v1 | is a pointer of Git LFS",
        "{\"normalizer\": {\"type\": \"Nmt\"}, \"model\": {\"vocab\" | is cut short"
      })
  void saysWhatTheFileIsBeforeAMemberIsJudged(String content, String what) {
    refused(content, what);
  }

  @Test
  void knowsJsonLines() {
    refused("{\"text\": \"a\"}\n{\"text\": \"b\"}\n", "has JSON lines, as a corpus has");
  }
}
