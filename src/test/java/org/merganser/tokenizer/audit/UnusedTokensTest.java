package org.merganser.tokenizer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;

/** What is said of tokens, against the ids of every short text. */
final class UnusedTokensTest {
  @Test
  void whatMergingNeverMakesIsInTheIdsOfNoShortText() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int[] answers = new int[2];
    int cases = Seeds.cases(150);
    for (int round = 0; round < cases; round++) {
      Tokenizer tokenizer = TinyTokenizers.random(random);
      UnusedTokens unused = new UnusedTokens(tokenizer, new MergeSteps(tokenizer.model()));
      BitSet given = idsOfAllTexts(tokenizer);
      for (int id = 0; id < tokenizer.idBound(); id++) {
        if (!tokenizer.hasToken(id) || unused.classify(id) == UnusedTokens.Kind.ADDED) {
          continue;
        }
        String reason = unused.reasonUnreachable(id);
        if (reason == null) {
          answers[0]++;
        } else if (!reason.equals("its own text gives other ids")) {
          answers[1]++;
          assertThat(given.get(id))
              .as("seed %d, round %d: %s, %s", seed, round, tokenizer.token(id), reason)
              .isFalse();
        }
      }
    }
    assertThat(answers[0]).isGreaterThan(6 * cases);
    assertThat(answers[1]).isGreaterThan(cases / 2);
  }

  private static BitSet idsOfAllTexts(Tokenizer tokenizer) {
    BitSet given = new BitSet();
    Encoder encoder = tokenizer.newEncoder(SpecialText.TEXT);
    TinyTokenizers.forEachText(
        6,
        text -> {
          byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
          IdBuffer ids = new IdBuffer(16);
          try {
            encoder.encode(utf8, 0, utf8.length, ids);
          } catch (UnencodableException e) {
            return;
          }
          for (int id : ids.toArray()) {
            given.set(id);
          }
        });
    return given;
  }
}
