package org.merganser.tokenizer.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.text.pretokenize.PreTokenizer;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.HfTokenizer;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;

/** What is proved of tokens, against the ids of every short text. */
final class ReachabilityAnalysisTest {
  private static final int LONGEST = 6;

  @Test
  void everyAnswerAgreesWithTheIdsOfAllShortTexts() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int[] answers = new int[3];
    int missed = 0;
    int cases = Seeds.cases(150);
    for (int round = 0; round < cases; round++) {
      Tokenizer tokenizer = TinyTokenizers.random(random);
      BitSet given = idsOfAllTexts(tokenizer);
      ReachabilityAnalysis analysis =
          new ReachabilityAnalysis(tokenizer, new MergeSteps(tokenizer.model()));
      Encoder encoder = tokenizer.newEncoder(SpecialText.TEXT);
      String parts = parts(tokenizer);
      for (int id = 0; id < tokenizer.idBound(); id++) {
        if (isAdded(tokenizer, id)) {
          continue;
        }
        String what =
            "seed %d, round %d: %s of %s".formatted(seed, round, tokenizer.token(id), parts);
        Reachability answer = analysis.of(id);
        if (answer instanceof Reachability.Witness witness) {
          assertThat(ids(encoder, witness.text())).as(what).contains(id);
          answers[0]++;
        } else if (answer instanceof Reachability.Unreachable) {
          assertThat(given.get(id)).as("%s: %s", what, answer).isFalse();
          answers[1]++;
        } else {
          answers[2]++;
          missed += given.get(id) ? 1 : 0;
        }
      }
    }
    System.out.println(
        "witness, proof, unknown: " + Arrays.toString(answers) + ", missed " + missed);
    assertThat(answers[0]).isGreaterThan(6 * cases);
    assertThat(answers[1]).isGreaterThan(6 * cases);
    assertThat(missed).isLessThan(answers[0] / 500);
  }

  private static String parts(Tokenizer tokenizer) {
    return new String(tokenizer.toCompactJson(), StandardCharsets.UTF_8)
        .replaceFirst("\"vocab\".*", "");
  }

  private static boolean isAdded(Tokenizer tokenizer, int id) {
    return tokenizer.token(id) == null
        || tokenizer.addedTokens().stream().anyMatch(token -> token.id() == id);
  }

  private static BitSet idsOfAllTexts(Tokenizer tokenizer) {
    BitSet given = new BitSet();
    Encoder encoder = tokenizer.newEncoder(SpecialText.TEXT);
    TinyTokenizers.forEachText(
        LONGEST,
        text -> {
          for (int id : ids(encoder, text)) {
            given.set(id);
          }
        });
    return given;
  }

  private static int[] ids(Encoder encoder, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    IdBuffer ids = new IdBuffer(16);
    try {
      encoder.encode(utf8, 0, utf8.length, ids);
    } catch (UnencodableException e) {
      return new int[0];
    }
    return ids.toArray();
  }

  @Test
  void hfGivesEachTokenForItsWitnessAndNoneThatIsProvedUnreachable() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int proved = 0;
    int cases = Seeds.cases(30);
    for (int round = 0; round < cases; round++) {
      Tokenizer tokenizer = TinyTokenizers.random(random);
      ReachabilityAnalysis analysis =
          new ReachabilityAnalysis(tokenizer, new MergeSteps(tokenizer.model()));
      if (tokenizer.addedTokens().stream().anyMatch(token -> token.special())) {
        continue; // HF finds special tokens in text
      }
      BitSet unreachable = new BitSet();
      String parts = parts(tokenizer);
      try (HfTokenizer hf = new HfTokenizer(tokenizer.toJson())) {
        for (int id = 0; id < tokenizer.idBound(); id++) {
          String what =
              "seed %d, round %d: %s of %s".formatted(seed, round, tokenizer.token(id), parts);
          Reachability answer = analysis.of(id);
          if (answer instanceof Reachability.Witness witness) {
            assertThat(hf.encode(witness.text())).as(what).contains(id);
          } else {
            unreachable.set(id, answer instanceof Reachability.Unreachable);
          }
        }
        TinyTokenizers.forEachText(
            4,
            text ->
                assertThat(Arrays.stream(hf.encode(text)).filter(unreachable::get))
                    .as("seed %d: %s", seed, text)
                    .isEmpty());
      }
      proved += unreachable.cardinality();
    }
    assertThat(proved).isGreaterThan(6 * cases);
  }

  @Test
  void noPretokenOfAnyShortTextHasInsideWhatIsExcluded() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int excluded = 0;
    int notSeen = 0;
    List<String> parts = new ArrayList<>();
    TinyTokenizers.forEachText(3, parts::add);
    for (int round = 0; round < Seeds.cases(60); round++) {
      PreTokenizerSpec spec = TinyTokenizers.cutting(random);
      if (random.nextInt(3) == 0) {
        spec = new PreTokenizerSpec.Sequence(List.of(spec, TinyTokenizers.cutting(random)));
      }
      Set<String> pretokens = pretokens(spec);
      Set<String> inside = new HashSet<>();
      for (String pretoken : pretokens) {
        for (int from = 0; from < pretoken.length(); from++) {
          for (int to = from + 1; to <= Math.min(pretoken.length(), from + 3); to++) {
            inside.add(pretoken.substring(from, to));
          }
        }
      }
      for (String part : parts) {
        for (boolean whole : new boolean[] {false, true}) {
          boolean seen = (whole ? pretokens : inside).contains(part);
          boolean proved = spec.excludes(part, whole).isPresent();
          assertThat(proved && seen)
              .as("seed %d: <%s>, whole %s, in %s", seed, part, whole, spec)
              .isFalse();
          excluded += proved ? 1 : 0;
          notSeen += seen ? 0 : 1;
        }
      }
    }
    System.out.println(excluded + " of " + notSeen + " proved");
    assertThat(excluded).isGreaterThan(notSeen / 2);
  }

  private static Set<String> pretokens(PreTokenizerSpec spec) {
    PreTokenizer cutter = spec.build();
    Set<String> pretokens = new HashSet<>();
    TinyTokenizers.forEachText(
        LONGEST,
        text -> {
          byte[] utf8 = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), text.length() + 64);
          cutter.split(
              utf8,
              0,
              text.length(),
              true,
              (bytes, start, ends, count) -> {
                for (int i = 0; i < count; i++) {
                  int from = i == 0 ? start : ends[i - 1];
                  pretokens.add(new String(bytes, from, ends[i] - from, StandardCharsets.UTF_8));
                }
              });
        });
    return pretokens;
  }
}
