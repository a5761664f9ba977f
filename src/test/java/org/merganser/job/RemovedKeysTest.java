package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said of keys that an earlier build had. */
class RemovedKeysTest {
  @Test
  void namesWhatIsDoneInstead() {
    assertThat(RemovedKeys.message("tokenizer.train.mustHave"))
        .isEqualTo(
            "tokenizer.train.mustHave: this key was removed; instead: list the texts in"
                + " tokenizer.train.addedTokens");
    assertThat(RemovedKeys.message("tokenizer.train.vocabSize")).isNull();
  }

  @Test
  void namesAKeyOfAListWithItsIndex() {
    assertThat(RemovedKeys.message("shards.formats[1].mds")).isNull();
    assertThat(RemovedKeys.message("shards.mds[1]"))
        .isEqualTo(
            "shards.mds[1]: this key was removed; instead: its users read the Parquet shards");
  }
}
