package org.merganser.bpe.superword;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.BpeModelBuilder;
import org.merganser.bpe.train.BpeTrainer;
import org.merganser.bpe.train.BpeTrainerPropertyTest;
import org.merganser.bpe.train.HfQueueTrainer;
import org.merganser.bpe.train.MergeLearner;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.bpe.train.TrainerSettings.Alphabet;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.text.unicode.ByteAlphabet;

/** Stage 2 of SuperBPE against the trainer of its fork, merge for merge. */
class SuperwordTrainingTest {
  private static final Pattern WORDS = Pattern.compile(" ?[a-z]+| ?[^a-z \n]+|\n| +");
  private static final Pattern STRETCHES = Pattern.compile("[^\n]+|\n");
  private static final String[] PIECES = {
    "a", "b", "ab", " a", " b", " a", " ab", " ba", ":", ": a", "  ", "é", " é", "\n", ".", "aa"
  };

  private static final List<String> SPECIALS = List.of("ab", "aĠb", "bĠaĠb", "ĠaĠ", "<s>");

  private static final TrainingBound ALL = TrainingBound.NONE;

  private static TrainerSettings settings(
      int vocabSize, long minFrequency, List<String> specials, @Nullable Integer longest) {
    return new TrainerSettings(
        vocabSize, minFrequency, specials, Alphabet.BYTES, List.of(), null, longest);
  }

  private static TrainerSettings settings(int vocabSize, long minFrequency) {
    return settings(vocabSize, minFrequency, List.of(), null);
  }

  private static Map<String, Long> count(List<String> texts, Pattern pattern) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String text : texts) {
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        byte[] bytes = matcher.group().getBytes(StandardCharsets.UTF_8);
        counts.merge(ByteAlphabet.toToken(bytes, 0, bytes.length), 1L, Long::sum);
      }
    }
    return counts;
  }

  private static BpeModel model(TrainedBpe trained) {
    BpeModelBuilder builder = BpeModel.builder();
    for (int id = 0; id < trained.tokens().size(); id++) {
      builder.addToken(trained.tokens().get(id), id);
    }
    merges(trained).forEach(merge -> builder.addMerge(merge.get(0), merge.get(1)));
    return builder.build(BpeModel.Options.NONE);
  }

  private static List<List<String>> merges(TrainedBpe trained) {
    List<List<String>> merges = new ArrayList<>();
    int[] pairs = trained.merges();
    for (int i = 0; i < pairs.length; i += 2) {
      merges.add(List.of(trained.tokens().get(pairs[i]), trained.tokens().get(pairs[i + 1])));
    }
    return merges;
  }

  /** The counts of what stage 2 counts of some texts. */
  private static PretokenCounts counted(SuperwordKeys runs, List<String> texts) {
    PretokenCounts counts = new PretokenCounts();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      List<Integer> ends = new ArrayList<>();
      Matcher matcher = STRETCHES.matcher(text);
      while (matcher.find()) {
        ends.add(text.substring(0, matcher.end()).getBytes(StandardCharsets.UTF_8).length);
      }
      int[] array = ends.stream().mapToInt(Integer::intValue).toArray();
      runs.addAll(bytes, 0, array, array.length, counts::addAll);
    }
    return counts;
  }

  private static TrainedBpe stage1(List<String> texts, TrainerSettings settings) {
    return new BpeTrainer(settings)
        .train(
            BpeTrainerPropertyTest.source(count(texts, WORDS)), TrainingBound.NONE, learned -> {})
        .trained();
  }

  private record Learned(TrainedBpe trained, WordPairs pairs) {}

  private static Learned stage2(
      TrainedBpe stage1,
      List<String> texts,
      TrainerSettings settings,
      int mostPairs,
      MergeLearner.Keep keep) {
    BpeModel model = model(stage1);
    WordPairs pairs =
        WordPairs.choose(
            counted(SuperwordKeys.ofPairs(model.newSentenceEncoder(), stage1), texts)
                ::forEachSorted,
            settings.minFrequency(),
            mostPairs);
    PretokenCounts runs =
        counted(
            SuperwordKeys.ofRuns(
                model.newSentenceEncoder(), stage1, WordPairs.fromBytes(pairs.toBytes())),
            texts);
    TrainerSettings bounded = settings.withMinFrequency(pairs.minimumCount());
    return new Learned(
        new SuperwordTrainer(stage1, bounded, keep)
            .train(runs::forEachSorted, ALL, learned -> {})
            .trained(),
        pairs);
  }

  private static List<String> texts(Random random) {
    List<String> texts = new ArrayList<>();
    int pieces = 3 + random.nextInt(PIECES.length - 2);
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(60); n > 0; n--) {
        text.append(PIECES[random.nextInt(pieces)]);
      }
      texts.add(text.toString());
    }
    return texts;
  }

  @Test
  @Tag("long")
  void equalsTheTrainerOfTheForkOnSmallCorpora() {
    long seed = Seeds.next();
    int equal = 0;
    int cut = 0;
    int spanning = 0;
    int reused = 0;
    int cases = Seeds.cases(2_000);
    for (int i = 0; i < cases; i++) {
      Random random = new Random(seed + i);
      List<String> texts = texts(random);
      List<String> specials = new ArrayList<>();
      for (String special : SPECIALS) {
        if (random.nextInt(8) == 0) {
          specials.add(special);
        }
      }
      int words = 256 + specials.size() + random.nextInt(12);
      TrainedBpe stage1 = stage1(texts, settings(words, 2, specials, null));
      Integer longest = random.nextInt(4) == 0 ? 3 + random.nextInt(9) : null;
      int size = stage1.tokens().size() + random.nextInt(30);
      TrainerSettings settings = settings(size, 1 + random.nextInt(4), specials, longest);
      HfQueueTrainer twin = HfQueueTrainer.extending(settings, merges(stage1));
      TrainedBpe expected = twin.train(count(texts, STRETCHES));
      if (twin.skipped() > 0) {
        continue;
      }
      MergeLearner.Keep keep =
          i % 2 == 0 ? MergeLearner.Keep.DEFAULT : new MergeLearner.Keep(i / 2 % 9, i / 18 % 2);
      int most = i % 3 == 0 ? random.nextInt(12) : 1 << 20;
      Learned actual = stage2(stage1, texts, settings, most, keep);
      String about = "seed " + (seed + i) + " " + texts + " " + settings + " " + most;
      int[] merges = actual.trained().merges();
      if (merges.length < expected.merges().length) {
        assertThat(actual.pairs().leftOut()).as(about).isPositive();
        assertThat(merges).as(about).isEqualTo(Arrays.copyOf(expected.merges(), merges.length));
        cut++;
      } else {
        assertThat(actual.trained().tokens()).as(about).isEqualTo(expected.tokens());
        assertThat(merges).as(about).isEqualTo(expected.merges());
        equal++;
        reused += twin.reusedAnId() ? 1 : 0;
        spanning += expected.tokens().stream().anyMatch(t -> t.matches(".*[^Ġ]Ġ.*")) ? 1 : 0;
      }
    }
    assertThat(equal).as("cases that are equal").isGreaterThan(cases / 2);
    assertThat(cut).as("cases in which rare pairs were left out").isGreaterThan(cases / 40);
    assertThat(reused).as("cases in which merges make a special token").isGreaterThan(cases / 40);
    assertThat(spanning).as("cases with tokens of several words").isGreaterThan(cases / 4);
  }

  /** Only the bytes that occur, other characters, fewer bytes, and tokens of a few characters. */
  @Test
  void equalsTheTrainerOfTheForkWithOtherAlphabets() {
    long seed = Seeds.next();
    int equal = 0;
    int limited = 0;
    int cases = Seeds.cases(1_200);
    for (int i = 0; i < cases; i++) {
      Random random = new Random(seed + i);
      List<String> texts = texts(random);
      List<String> specials = random.nextBoolean() ? List.of("<s>", "aĠb") : List.of();
      List<String> characters = random.nextInt(3) == 0 ? List.of("z", "中", "b") : List.of();
      Integer limit = random.nextInt(3) == 0 ? 3 + random.nextInt(6) : null;
      Integer longest = random.nextInt(3) == 0 ? 2 + random.nextInt(5) : null;
      int words = specials.size() + 8 + random.nextInt(12);
      TrainerSettings first =
          new TrainerSettings(words, 1, specials, Alphabet.SEEN, characters, limit, longest);
      TrainedBpe stage1 = stage1(texts, first);
      TrainerSettings settings =
          first
              .withVocabSize(stage1.tokens().size() + random.nextInt(30))
              .withMinFrequency(random.nextInt(4));
      HfQueueTrainer twin = HfQueueTrainer.extending(settings, merges(stage1));
      TrainedBpe expected = twin.train(count(texts, STRETCHES));
      if (twin.skipped() > 0) {
        continue;
      }
      Learned actual = stage2(stage1, texts, settings, 1 << 20, MergeLearner.Keep.DEFAULT);
      String about = "seed " + (seed + i) + " " + texts + " " + settings;
      assertThat(actual.trained().tokens()).as(about).isEqualTo(expected.tokens());
      assertThat(actual.trained().merges()).as(about).isEqualTo(expected.merges());
      equal++;
      if (limit != null) {
        limited++;
      }
    }
    assertThat(equal).isGreaterThan(cases / 2);
    assertThat(limited).isGreaterThan(cases / 10);
  }

  @Test
  void makesTokensOfUpToFourWordsAndNoneWithASpaceAfterAColon() {
    List<String> texts = List.of("a b a b a b: a b: a b: a b: a b a b a b a b\n".repeat(9));
    TrainedBpe stage1 = stage1(texts, settings(258, 2));
    List<String> tokens =
        stage2(stage1, texts, settings(300, 2), 100, MergeLearner.Keep.DEFAULT).trained().tokens();
    assertThat(tokens).contains("ĠaĠbĠaĠb").noneMatch(token -> token.contains(":Ġ"));
    assertThat(tokens).noneMatch(token -> token.split("Ġ", -1).length > 6);
  }

  @Test
  void countsRunsOfFrequentPairsOnce() {
    List<String> texts = List.of(" a b c", " a b d", " x y", " a b c");
    TrainedBpe stage1 = stage1(texts, settings(264, 1));
    BpeModel model = model(stage1);
    WordPairs pairs =
        WordPairs.choose(
            counted(SuperwordKeys.ofPairs(model.newSentenceEncoder(), stage1), texts)
                ::forEachSorted,
            2,
            9);
    assertThat(pairs.size()).isEqualTo(2); // " a" " b" three times, " b" " c" twice
    assertThat(pairs.minimumCount()).isEqualTo(2);
    assertThat(pairs.leftOut()).isZero();
    PretokenCounts runs =
        counted(SuperwordKeys.ofRuns(model.newSentenceEncoder(), stage1, pairs), texts);
    List<Long> found = new ArrayList<>();
    runs.forEachSorted((bytes, from, to, count) -> found.add(count));
    assertThat(found).containsExactlyInAnyOrder(2L, 1L); // " a b c" twice, " a b" once
  }

  @Test
  void leavesOutTheRarestPairsAndSaysHowMany() {
    List<String> texts = List.of(" a b".repeat(9) + "\n" + " c d\n".repeat(3) + " e f\n".repeat(2));
    TrainedBpe stage1 = stage1(texts, settings(264, 1));
    BpeModel model = model(stage1);
    PretokenCounts counts =
        counted(SuperwordKeys.ofPairs(model.newSentenceEncoder(), stage1), texts);
    WordPairs pairs = WordPairs.choose(counts::forEachSorted, 2, 3);
    assertThat(pairs.size()).isEqualTo(3);
    assertThat(pairs.minimumCount()).isEqualTo(3);
    assertThat(pairs.leftOut()).isEqualTo(1);
    assertThat(WordPairs.choose(counts::forEachSorted, 100, 3).minimumCount()).isEqualTo(100);
    assertThat(WordPairs.choose(counts::forEachSorted, 100, 3).size()).isZero();
  }

  @Test
  void learnsIdsAboveSixteenBits() {
    List<String> tokens = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      tokens.add(String.valueOf(ByteAlphabet.toChar(b)));
    }
    for (int i = 0; i < 70_000; i++) {
      tokens.add("t" + i + "x");
    }
    TrainedBpe stage1 = new TrainedBpe(tokens, new int[0]);
    byte[] run = new byte[6];
    SuperwordKeys.put(70_200, run, 0);
    SuperwordKeys.put(65_534, run, 3);
    TrainedBpe trained =
        new SuperwordTrainer(stage1, settings(tokens.size() + 5, 2), MergeLearner.Keep.DEFAULT)
            .train(visitor -> visitor.visit(run, 0, 6, 7), ALL, learned -> {})
            .trained();
    assertThat(trained.merges()).containsExactly(70_200, 65_534);
  }

  @Test
  void pairsThatWereCutAreRefused() {
    assertThatThrownBy(() -> WordPairs.fromBytes(new byte[16 + 5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("21 bytes are not pairs of words");
  }
}
