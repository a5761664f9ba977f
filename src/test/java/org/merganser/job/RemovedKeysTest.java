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
  void namesWhatIsDoneInPlaceOfAValueOfAList() {
    assertThat(RemovedKeys.message("shards.formats[1]", "arrow"))
        .isEqualTo(
            "shards.formats[1]: \"arrow\" was removed; instead: its users read the Parquet shards");
    assertThat(RemovedKeys.message("shards.formats[1]", "parquet")).isNull();
  }

  @Test
  void takesAKeyWithItsOldDefaultAsAbsent() {
    assertThat(RemovedKeys.isUnused("embeddings.pooling", JobTree.yaml("mean"))).isTrue();
    assertThat(RemovedKeys.isUnused("embeddings.pooling", JobTree.yaml("sif"))).isFalse();
    assertThat(RemovedKeys.isUnused("shards.megatron", JobTree.yaml("null"))).isFalse();
    assertThat(RemovedKeys.isUnused("embeddings.poling", JobTree.yaml("mean"))).isFalse();
  }
}
