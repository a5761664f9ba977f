package org.merganser.bpe.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.bpe.train.TrainerSettings.Alphabet;

class BpeTrainerTest {

  private static TrainerSettings settings(int vocabSize) {
    return new TrainerSettings(vocabSize, 0, List.of(), Alphabet.SEEN, List.of(), null, null);
  }

  private static TrainerSettings seen(
      int vocabSize, List<String> specials, @Nullable Integer limit, @Nullable Integer maxLength) {
    return new TrainerSettings(vocabSize, 0, specials, Alphabet.SEEN, List.of(), limit, maxLength);
  }

  private static Map<String, Long> corpus(Object... wordsAndCounts) {
    Map<String, Long> corpus = new LinkedHashMap<>();
    for (int i = 0; i < wordsAndCounts.length; i += 2) {
      corpus.put((String) wordsAndCounts[i], ((Number) wordsAndCounts[i + 1]).longValue());
    }
    return corpus;
  }

  private static TrainedBpe train(TrainerSettings settings, Object... wordsAndCounts) {
    return new BpeTrainer(settings)
        .train(
            BpeTrainerPropertyTest.source(corpus(wordsAndCounts)),
            TrainingBound.NONE,
            learned -> {})
        .trained();
  }

  private static List<String> merges(TrainedBpe trained) {
    List<String> merges = new ArrayList<>();
    for (int m = 0; m < trained.mergeCount(); m++) {
      merges.add(
          trained.tokens().get(trained.merges()[2 * m])
              + "+"
              + trained.tokens().get(trained.merges()[2 * m + 1]));
    }
    return merges;
  }

  @Test
  void learnsTheExampleOfHfsOwnTest() {
    Object[] words = {
      "roses", 1, "are", 2, "red", 1, "voilets", 1, "blue", 1, "BERT", 1, "is", 2, "big", 1, "and",
      1, "so", 1, "GPT-2", 1
    };
    TrainedBpe trained =
        train(
            new TrainerSettings(30000, 2, List.of(), Alphabet.SEEN, List.of(), null, null), words);
    assertThat(trained.tokens())
        .startsWith("-", "2", "B", "E", "G")
        .endsWith("u", "v", "re", "are", "is")
        .hasSize(25);
    assertThat(merges(trained)).containsExactly("r+e", "a+re", "i+s");
  }

  @Test
  void specialTokensComeFirstThenTheAlphabetByCodePointOfItsCharacter() {
    TrainedBpe trained =
        train(
            new TrainerSettings(
                0, 0, List.of("<s>", "</s>", "<s>"), Alphabet.BYTES, List.of(), null, null));
    assertThat(trained.tokens()).hasSize(258).startsWith("<s>", "</s>", "!", "\"", "#");
    assertThat(trained.tokens().indexOf("~")).isEqualTo(2 + 93);
    assertThat(trained.tokens().indexOf("¡")).isEqualTo(2 + 94);
    assertThat(trained.tokens().indexOf("Ā")).isEqualTo(2 + 188);
    assertThat(trained.tokens().indexOf("Ġ")).isEqualTo(2 + 188 + 32);
    assertThat(trained.mergeCount()).isZero();
  }

  @Test
  void aOneCharacterSpecialTokenIsThatCharacter() {
    TrainedBpe trained = train(seen(9, List.of("b"), null, null), "ab", 3, "ac", 1);
    assertThat(trained.tokens()).containsExactly("b", "a", "c", "ab", "ac");
    assertThat(trained.merges()).containsExactly(1, 0, 1, 2);
  }

  @Test
  void theSmallerPairOfIdsWinsATie() {
    assertThat(merges(train(settings(9), "cd", 2, "ab", 2, "ef", 2)))
        .containsExactly("a+b", "c+d", "e+f");
    assertThat(merges(train(seen(9, List.of("e"), null, null), "cd", 2, "ab", 2, "ef", 2)))
        .containsExactly("e+f", "a+b", "c+d");
  }

  @Test
  void aPairThatOccursLessOftenThanTheMinimumIsNotMerged() {
    assertThat(merges(train(settings(9), "ab", 2, "cd", 1))).containsExactly("a+b", "c+d");
    TrainerSettings two =
        new TrainerSettings(9, 2, List.of(), Alphabet.SEEN, List.of(), null, null);
    assertThat(merges(train(two, "ab", 2, "cd", 1))).containsExactly("a+b");
    TrainerSettings three =
        new TrainerSettings(9, 3, List.of(), Alphabet.SEEN, List.of(), null, null);
    assertThat(merges(train(three, "ab", 2, "cd", 1))).isEmpty();
  }

  @Test
  void stopsWhenTheVocabularyIsFullAndKeepsAnAlphabetThatIsLarger() {
    assertThat(train(settings(6), "abcd", 1).tokens())
        .containsExactly("a", "b", "c", "d", "ab", "cd");
    assertThat(train(settings(5), "abcd", 1).tokens()).containsExactly("a", "b", "c", "d", "ab");
    assertThat(train(settings(4), "abcd", 1).tokens()).containsExactly("a", "b", "c", "d");
    assertThat(train(settings(3), "abcd", 1).tokens()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void overlappingPairsMergeLeftToRight() {
    assertThat(merges(train(settings(99), "aaaaa", 1))).containsExactly("a+a", "aa+a", "aa+aaa");
  }

  @Test
  void theMaximumLengthIsExclusiveAndSparesPairsOfSingleBytes() {
    assertThat(train(seen(99, List.of(), null, 5), "abcdefgh", 5).tokens())
        .contains("abcd")
        .allMatch(token -> token.length() <= 4);
    assertThat(train(seen(99, List.of(), null, 0), "abcdefgh", 5).tokens())
        .contains("ab")
        .allMatch(token -> token.length() <= 2);
  }

  @Test
  void aMergeThatGivesASpecialTokenReusesItsIdAndTheVocabularyDoesNotGrow() {
    TrainedBpe trained = train(seen(5, List.of("ab"), null, null), "abc", 4, "abd", 1);
    assertThat(trained.tokens()).containsExactly("ab", "a", "b", "c", "d");
    assertThat(trained.mergeCount()).isZero();
    trained = train(seen(6, List.of("ab"), null, null), "abc", 4, "abd", 1);
    assertThat(trained.tokens()).containsExactly("ab", "a", "b", "c", "d", "abc");
    assertThat(merges(trained)).containsExactly("a+b", "ab+c");
  }

  @Test
  void aLimitedAlphabetKeepsTheMostFrequentBytesAndTheOthersVanish() {
    TrainedBpe trained = train(seen(9, List.of(), 2, null), "axb", 2, "ab", 1, "a", 1, "y", 2);
    assertThat(trained.tokens()).containsExactly("a", "b", "ab");
    // x, y and z tie: the smaller code point stays.
    assertThat(train(seen(9, List.of(), 3, null), "azb", 2, "ayb", 2, "xab", 2).tokens())
        .startsWith("a", "b", "x", "ab");
    TrainerSettings bytes =
        new TrainerSettings(0, 0, List.of(), Alphabet.BYTES, List.of(), 3, null);
    assertThat(train(bytes, "zzy", 1).tokens()).containsExactly("!", "y", "z");
  }

  @Test
  void furtherCharactersAreInTheAlphabetWhetherTheyOccurOrNot() {
    TrainerSettings settings =
        new TrainerSettings(9, 0, List.of(), Alphabet.SEEN, List.of("車", "c", "🌲"), null, null);
    assertThat(train(settings, "ab", 2).tokens()).containsExactly("a", "b", "c", "車", "🌲", "ab");
  }

  @Test
  void countsBeyondAnIntDoNotWrap() {
    long many = 3L << 40;
    assertThat(merges(train(settings(9), "ab", many, "cd", many + 1, "ef", 1)))
        .containsExactly("c+d", "a+b", "e+f");
    assertThatThrownBy(() -> train(settings(9), "ab", Long.MAX_VALUE / 2, "cd", 2))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void theOrderOfTheSourceDoesNotMatter() {
    Map<String, Long> corpus = new LinkedHashMap<>();
    for (int i = 0; i < 500; i++) {
      corpus.put(Integer.toString(i * i, 3), 1L + i % 7);
    }
    TrainedBpe expected =
        new BpeTrainer(settings(300))
            .train(BpeTrainerPropertyTest.source(corpus), TrainingBound.NONE, learned -> {})
            .trained();
    List<String> words = new ArrayList<>(corpus.keySet());
    Collections.reverse(words);
    Map<String, Long> reversed = new LinkedHashMap<>();
    words.forEach(word -> reversed.put(word, corpus.get(word)));
    TrainedBpe actual =
        new BpeTrainer(settings(300))
            .train(BpeTrainerPropertyTest.source(reversed), TrainingBound.NONE, learned -> {})
            .trained();
    assertThat(actual.tokens()).isEqualTo(expected.tokens());
    assertThat(actual.merges()).isEqualTo(expected.merges());
  }

  /** In the first case cells are widened in the middle of learning, in the second before it. */
  @ParameterizedTest
  @ValueSource(ints = {65_400, 70_000})
  void idsBeyondSixteenBitsAreKeptInTheWords(int special) {
    Map<String, Long> corpus = new LinkedHashMap<>();
    List<String> specials = new ArrayList<>();
    for (int i = 0; i < special; i++) {
      specials.add("<" + i + ">");
    }
    for (int i = 0; i < 400; i++) {
      corpus.put(Integer.toString(i * 7919, 4) + "zz", 1L + i % 5);
    }
    TrainerSettings settings = seen(special + 800, specials, null, null);
    TrainedBpe expected = new HfQueueTrainer(settings).train(corpus);
    TrainedBpe actual =
        new BpeTrainer(settings)
            .train(BpeTrainerPropertyTest.source(corpus), TrainingBound.NONE, learned -> {})
            .trained();
    assertThat(actual.tokens()).isEqualTo(expected.tokens()).hasSizeGreaterThan(special + 300);
    assertThat(actual.merges()).isEqualTo(expected.merges());
  }

  @Test
  void progressEndsWithWhatWasLearned() {
    List<Integer> told = new ArrayList<>();
    new BpeTrainer(settings(600))
        .train(
            BpeTrainerPropertyTest.source(corpus("ab", 1, "cd", 1)), TrainingBound.NONE, told::add)
        .trained();
    assertThat(told).containsExactly(2);
  }

  @Test
  void progressCountsAMergeWhoseTokenIsASpecialOne() {
    List<Integer> told = new ArrayList<>();
    TrainedBpe trained =
        new BpeTrainer(seen(600, List.of("ab"), null, null))
            .train(BpeTrainerPropertyTest.source(corpus("ab", 1)), TrainingBound.NONE, told::add)
            .trained();
    assertThat(merges(trained)).containsExactly("a+b");
    assertThat(told).containsExactly(1);
  }

  /** It was once the square, hours: each merge read the pretoken from end to end. */
  @Test
  void aPretokenOfAMillionBytesCostsAsMuchAsItsMerges() {
    byte[] bytes = new byte[1_000_000];
    Random random = new Random(1);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(4));
    }
    TrainedBpe trained =
        new BpeTrainer(settings(2_000))
            .train(
                visitor -> visitor.visit(bytes, 0, bytes.length, 1),
                TrainingBound.NONE,
                learned -> {})
            .trained();
    assertThat(trained.mergeCount()).isEqualTo(1_996);
  }
}
