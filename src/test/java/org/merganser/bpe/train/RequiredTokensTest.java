package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.ByteAlphabet;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.constraint.RequiredTokens;
import org.merganser.bpe.constraint.TokenRules;
import org.merganser.bpe.encode.BpeModel;

/** Tokens that must exist, against their definition: train to every size anew and look. */
class RequiredTokensTest {
  private static final String LETTERS = "abcde";

  /** A vocabulary of strings and its merges in order. */
  private record Naive(List<String> tokens, List<List<String>> merges) {}

  private static String word(Random random, int longest) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(longest); i >= 0; i--) {
      word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return word.toString();
  }

  private static TrainerSettings settings(int vocabSize, TokenRules rules) {
    return new TrainerSettings(
            vocabSize, 1, List.of(), TrainerSettings.Alphabet.SEEN, List.of(), null, null)
        .withRules(rules);
  }

  /** Each merge in its order, everywhere from left to right: so a learned vocabulary encodes. */
  private static List<String> encode(String word, List<List<String>> merges) {
    List<String> symbols = new ArrayList<>(List.of(word.split("")));
    for (List<String> merge : merges) {
      for (int i = 0; i + 1 < symbols.size(); i++) {
        if (symbols.subList(i, i + 2).equals(merge)) {
          symbols.set(i, merge.get(0) + merge.get(1));
          symbols.remove(i + 1);
        }
      }
    }
    return symbols;
  }

  /** Null where some token cannot be made. */
  private static Naive append(TrainedBpe trained, List<String> wanted, TokenRules rules) {
    Naive naive = new Naive(new ArrayList<>(trained.tokens()), new ArrayList<>(merges(trained)));
    for (String token : wanted) {
      List<String> symbols = encode(token, naive.merges());
      while (symbols.size() > 1) {
        List<String> pair = null;
        for (int i = symbols.size() - 2; i >= 0; i--) {
          if (NaiveRules.allow(rules, symbols.get(i) + symbols.get(i + 1))) {
            pair = List.copyOf(symbols.subList(i, i + 2));
          }
        }
        if (pair == null) {
          return null;
        }
        naive.merges().add(pair);
        if (!naive.tokens().contains(pair.get(0) + pair.get(1))) {
          naive.tokens().add(pair.get(0) + pair.get(1));
        }
        symbols = encode(token, naive.merges());
      }
    }
    return naive;
  }

  private static List<List<String>> merges(TrainedBpe trained) {
    List<List<String>> merges = new ArrayList<>();
    for (int m = 0; m < trained.merges().length; m += 2) {
      merges.add(
          List.of(
              trained.tokens().get(trained.merges()[m]),
              trained.tokens().get(trained.merges()[m + 1])));
    }
    return merges;
  }

  private static RequiredTokens.Result add(
      TrainedBpe learned, List<String> wanted, TokenRules rules, int vocabSize) {
    return RequiredTokens.add(
        new RequiredTokens.Merged(learned.tokens(), learned.merges()),
        0,
        0,
        wanted,
        rules,
        vocabSize);
  }

  private static int[] ids(RequiredTokens.Merged vocabulary, String token) {
    BpeModel.Builder builder = BpeModel.builder();
    for (int id = 0; id < vocabulary.tokens().size(); id++) {
      builder.token(vocabulary.tokens().get(id), id);
    }
    for (int m = 0; m < vocabulary.merges().length; m += 2) {
      builder.merge(
          vocabulary.tokens().get(vocabulary.merges()[m]),
          vocabulary.tokens().get(vocabulary.merges()[m + 1]));
    }
    byte[] bytes = ByteAlphabet.toBytes(token);
    IdBuffer ids = new IdBuffer(16);
    builder
        .build(BpeModel.Options.NONE)
        .newEncoder(true)
        .encode(bytes, 0, new int[] {bytes.length}, 1, ids);
    return Arrays.copyOf(ids.ids(), ids.size());
  }

  @Test
  void equalsTheDefinitionOnSmallCorpora() {
    long seed = Seeds.next();
    int shrunk = 0;
    int refused = 0;
    int shared = 0;
    int cases = Seeds.cases(3_000);
    for (int round = 0; round < cases; round++) {
      Random random = new Random(seed + round);
      Map<String, Long> corpus = new LinkedHashMap<>();
      corpus.put(LETTERS, 1L);
      for (int i = random.nextInt(12); i > 0; i--) {
        corpus.put(word(random, 9), 1L + random.nextInt(5));
      }
      List<String> wanted = new ArrayList<>();
      for (int i = 1 + random.nextInt(5); i > 0; i--) {
        wanted.add(
            random.nextInt(3) == 0 && !wanted.isEmpty()
                ? wanted.get(0) + word(random, 3)
                : word(random, 8));
      }
      wanted = List.copyOf(new LinkedHashSet<>(wanted));
      TokenRules rules =
          random.nextInt(4) == 0
              ? new TokenRules(List.of("[ab]c", "a.a"), null, new TreeMap<>(), 1)
              : TokenRules.NONE;
      int vocabSize = 5 + random.nextInt(40);
      String about = "seed " + (seed + round) + " " + corpus + " " + wanted + " " + vocabSize;
      List<String> alphabet = List.copyOf(new TreeSet<>(List.of(LETTERS.split(""))));
      TrainedBpe full = RecountTrainer.train(settings(vocabSize, rules), alphabet, corpus);
      Naive expected = null;
      int size = full.tokens().size();
      boolean impossible = false;
      for (; size >= 5 && expected == null && !impossible; size--) {
        TrainedBpe trained = RecountTrainer.train(settings(size, rules), alphabet, corpus);
        Naive naive = append(trained, wanted, rules);
        impossible = naive == null;
        boolean fits =
            naive != null
                && (naive.tokens().size() <= vocabSize
                    || naive.tokens().size() == trained.tokens().size());
        expected = fits ? naive : null;
      }
      if (expected == null) {
        List<String> tokens = wanted;
        assertThatThrownBy(() -> add(full, tokens, rules, vocabSize))
            .as(about)
            .isInstanceOf(IllegalArgumentException.class);
        refused++;
        continue;
      }
      RequiredTokens.Result actual = add(full, wanted, rules, vocabSize);
      assertThat(actual.vocabulary().tokens()).as(about).isEqualTo(expected.tokens());
      assertThat(merges(new TrainedBpe(actual.vocabulary().tokens(), actual.vocabulary().merges())))
          .as(about)
          .isEqualTo(expected.merges());
      assertThat(actual.leftOut()).as(about).isEqualTo(full.tokens().size() - size - 1);
      int appended = 0;
      for (int i = 0; i < wanted.size(); i++) {
        RequiredTokens.Required required = actual.required().get(i);
        assertThat(ids(actual.vocabulary(), wanted.get(i)))
            .as(about)
            .containsExactly(required.id());
        appended += required.appended().size();
      }
      shrunk += actual.leftOut() > 0 ? 1 : 0;
      shared +=
          appended < wanted.stream().mapToInt(w -> encode(w, merges(full)).size() - 1).sum()
              ? 1
              : 0;
    }
    assertThat(shrunk).as("cases in which learned merges made room").isGreaterThan(cases / 6);
    assertThat(refused).as("cases without room").isGreaterThan(cases / 30);
    assertThat(shared).as("cases in which tokens share merges").isGreaterThan(cases / 10);
  }

  @Test
  void theLeftmostNeighboursAreJoinedAndWhatIsSharedIsMadeOnce() {
    TrainedBpe learned = new TrainedBpe(List.of("a", "b", "c", "d", "ab"), new int[] {0, 1});
    RequiredTokens.Result result = add(learned, List.of("abcd", "abcc", "ab"), TokenRules.NONE, 8);
    assertThat(result.vocabulary().tokens())
        .containsExactly("a", "b", "c", "d", "ab", "abc", "abcd", "abcc");
    assertThat(result.required())
        .containsExactly(
            new RequiredTokens.Required("abcd", 6, List.of("abc", "abcd")),
            new RequiredTokens.Required("abcc", 7, List.of("abcc")),
            new RequiredTokens.Required("ab", 4, List.of()));
    assertThat(result.leftOut()).isZero();
  }

  @Test
  void tokensOfAVocabularyThatIsContinuedStay() {
    TrainedBpe learned =
        new TrainedBpe(List.of("a", "b", "c", "ab", "abc", "cc"), new int[] {0, 1, 3, 2, 2, 2});
    RequiredTokens.Merged merged = new RequiredTokens.Merged(learned.tokens(), learned.merges());
    assertThat(
            RequiredTokens.add(merged, 5, 2, List.of("ca"), TokenRules.NONE, 6)
                .vocabulary()
                .tokens())
        .containsExactly("a", "b", "c", "ab", "abc", "ca");
    assertThatThrownBy(
            () -> RequiredTokens.add(merged, 5, 2, List.of("ca", "cb"), TokenRules.NONE, 6))
        .hasMessage("they need 2 ids beside the 5 that stay, and the vocabulary has room for 6");
  }

  @Test
  void aTokenThatCannotBeMadeIsNamed() {
    TrainedBpe learned = new TrainedBpe(List.of("a", "b"), new int[0]);
    TokenRules rules = new TokenRules(List.of("ab|ba"), null, new TreeMap<>(), 1);
    assertThatThrownBy(() -> add(learned, List.of("aba"), rules, 9))
        .hasMessage("\"aba\" cannot be made of [a, b, a]: \"ab\" breaks forbid: ab|ba");
    assertThatThrownBy(() -> add(learned, List.of("ax"), TokenRules.NONE, 9))
        .hasMessage("\"ax\" cannot be made: \"x\" is not in the vocabulary");
  }

  /** A special token spells what a step needs: its id is the token's, as in HF's trainer. */
  @Test
  void aTokenThatNoMergeMadeIsReused() {
    TrainedBpe learned = new TrainedBpe(List.of("ab", "a", "b", "c"), new int[0]);
    RequiredTokens.Result result = add(learned, List.of("abc"), TokenRules.NONE, 5);
    assertThat(result.vocabulary().tokens()).containsExactly("ab", "a", "b", "c", "abc");
    assertThat(result.vocabulary().merges()).containsExactly(1, 2, 0, 3);
    assertThat(ids(result.vocabulary(), "abc")).containsExactly(4);
  }
}
