package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merganser.tokenizer.TestTokenizers.token;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.text.NastyText;

/** Strings to ids and to counts, beside HF's library. */
class TextEncoderTest {

  private static String words(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(NastyText.forTokenizers(random, 2)).append(random.nextInt(4) == 0 ? "\n" : " ");
    }
    return text.toString();
  }

  @Test
  void idsEqualHfsWithAndWithoutSpecialTokens() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (Map.Entry<String, TestTokenizers> entry : TestTokenizers.ofApplications().entrySet()) {
      byte[] json = entry.getValue().json();
      Tokenizer tokenizer = Tokenizer.read(json, "tokenizer.json");
      EncodingWays added = new EncodingWays(tokenizer, true);
      EncodingWays parsed = new EncodingWays(tokenizer, false);
      try (HfTokenizer hf = new HfTokenizer(json)) {
        for (int i = 0; i < 60; i++) {
          // Every twentieth text is longer than a block.
          String text = words(random, i % 20 == 0 ? 3_000 : 12);
          String what = "seed " + seed + ", " + entry.getKey() + ", text " + i;
          added.check(text, hf.encode(text, true), () -> what);
          int[] expected = hf.encode(text, false);
          parsed.check(text, expected, () -> what);
          assertThat(tokenizer.decode(expected)).as(what).isEqualTo(hf.decode(expected, false));
          assertThat(tokenizer.decode(expected, true))
              .as(what)
              .isEqualTo(hf.decode(expected, true));
        }
      }
    }
  }

  @Test
  void truncatesAtTheLastEndOfATokenThatFits() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    int exact = 0;
    int all = 0;
    for (Map.Entry<String, TestTokenizers> entry : TestTokenizers.ofApplications().entrySet()) {
      Tokenizer tokenizer = entry.getValue().build();
      for (boolean add : new boolean[] {false, true}) {
        TextEncoder encoder = tokenizer.newTextEncoder(SpecialText.PARSE, add);
        for (int i = 0; i < 80; i++) {
          String text = words(random, 8);
          Encoding encoding = encoder.encodeWithOffsets(text);
          int most = random.nextInt(encoding.size() + 3);
          String kept = encoder.truncate(text, most);
          String what = "seed " + seed + ", " + entry.getKey() + ", " + most + ": " + text;
          assertThat(text).as(what).startsWith(kept);
          if (most >= encoder.count("")) {
            assertThat(encoder.count(kept)).as(what).isLessThanOrEqualTo(most);
          }
          if (encoding.size() <= most) {
            assertThat(kept).as(what).isEqualTo(text);
          } else if (most > encoder.count("")) {
            // Within no character, and where a token of the whole text ends.
            int end = kept.length();
            assertThat(Character.isLowSurrogate(text.charAt(end))).as(what).isFalse();
            for (int k = 0; k < encoding.size(); k++) {
              boolean inside = encoding.charStart(k) < end && end < encoding.charEnd(k);
              assertThat(inside).as(what).isFalse();
            }
            all++;
            exact += kept.equals(longest(encoder, encoding, text, most)) ? 1 : 0;
          }
        }
      }
    }
    // Others end elsewhere since the spans here are trimmed, or since a longer beginning has fewer
    // ids by itself than in the text.
    assertThat(exact).isGreaterThan(all * 4 / 5);
  }

  /** Tries every end of a token. */
  private static String longest(TextEncoder encoder, Encoding encoding, String text, int most) {
    for (int end = text.length(); end > 0; end--) {
      boolean ends = false;
      boolean inside = false;
      for (int k = 0; k < encoding.size(); k++) {
        ends |= encoding.charStart(k) == end;
        inside |= encoding.charStart(k) < end && end < encoding.charEnd(k);
      }
      if (ends && !inside && encoder.count(text.substring(0, end)) <= most) {
        return text.substring(0, end);
      }
    }
    return "";
  }

  @Test
  void truncatingReadsNoMoreThanItNeeds() {
    Tokenizer tokenizer = TestTokenizers.bytes().build();
    String text = "word ".repeat(4_000_000);
    String kept = tokenizer.truncate(text, 10);
    assertThat(tokenizer.count(kept)).isEqualTo(10);
    assertThat(text).startsWith(kept);
    assertThat(tokenizer.truncate(text, 0)).isEmpty();
    assertThat(tokenizer.truncate("", 5)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokenizer.truncate("a", -1))
        .withMessage("maxTokens is -1; it must be 0 or more");
  }

  @Test
  void truncatesNothingOfATextWithoutIds() {
    TestTokenizers file =
        TestTokenizers.bytes()
            .with(
                "normalizer",
                "{'type':'BertNormalizer','clean_text':true,'handle_chinese_chars':true,"
                    + "'strip_accents':null,'lowercase':true}")
            .with("post_processor", "{'type':'BertProcessing','sep':['b',1],'cls':['a',0]}");
    Tokenizer tokenizer = file.build();
    String nothing = "\u202e\u202e";
    assertThat(tokenizer.count(nothing)).isZero();
    assertThat(tokenizer.truncate(nothing, 0)).isEqualTo(nothing);
    assertThat(tokenizer.truncate(nothing + "a", 0)).isEmpty();
    TextEncoder adding = tokenizer.newTextEncoder(SpecialText.PARSE, true);
    assertThat(adding.truncate(nothing, 2)).isEqualTo(nothing);
    assertThat(adding.truncate(nothing, 1)).isEmpty();
    assertThat(adding.truncate(nothing + "a", 2)).isEmpty();
  }

  @Test
  void specialTextIsTextUnlessItIsAskedFor() {
    Tokenizer tokenizer = TestTokenizers.bytes().added(token("<|end|>", "s")).build();
    int end = tokenizer.id("<|end|>");
    assertThat(tokenizer.encode("a<|end|>")).hasSizeGreaterThan(2).doesNotContain(end);
    assertThat(tokenizer.decode(tokenizer.encode("a<|end|>"))).isEqualTo("a<|end|>");
    assertThat(tokenizer.newTextEncoder(SpecialText.PARSE, false).encode("a<|end|>"))
        .containsExactly(tokenizer.id("a"), end);
    TextEncoder strict = tokenizer.newTextEncoder(SpecialText.REJECT, false);
    // The offset is that of the whole text, also after the first block.
    String text = "é word".repeat(10_000) + "<|end|>";
    assertThatThrownBy(() -> strict.count(text))
        .isInstanceOf(SpecialTextException.class)
        .hasMessageContaining("\"<|end|>\" at byte 70000");
    assertThat(strict.count("a")).isEqualTo(1);
  }

  @Test
  void aMissingCharacterIsNamedByItsPlaceInTheWholeText() {
    Tokenizer tokenizer =
        TestTokenizers.bytes()
            .model("vocab", "{'a':0,'Ġ':1}")
            .model("merges", "[]")
            .with("pre_tokenizer", TestTokenizers.BYTE_LEVEL)
            .build();
    String text = " a".repeat(20_000) + "b";
    assertThatThrownBy(() -> tokenizer.count(text))
        .isInstanceOf(UnencodableException.class)
        .hasMessageContaining("at byte 40000");
    assertThat(tokenizer.countUpTo(text, 7)).isEqualTo(7);
  }

  @Test
  void aLoneSurrogateIsTheReplacementCharacter() {
    Tokenizer tokenizer = TestTokenizers.bytes().build();
    for (String lone : List.of("a\uD83Db", "a\uDE00b", "a\uDE00\uD83Db", "ab\uD83D")) {
      assertThat(tokenizer.encode(lone))
          .isEqualTo(tokenizer.encode(lone.replaceAll("[\uD83D\uDE00]", "\uFFFD")));
    }
    // A pair that the reader's blocks of characters would cut.
    String pairs = "a" + "\uD83D\uDE00".repeat(10_000);
    assertThat(tokenizer.decode(tokenizer.encode(pairs))).isEqualTo(pairs);
  }

  @Test
  void refusesANegativeLimit() {
    Tokenizer tokenizer = TestTokenizers.bytes().build();
    assertThat(tokenizer.countUpTo("a b c", 0)).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokenizer.countUpTo("a", -1))
        .withMessage("limit is -1; it must be 0 or more");
  }

  /** A text that says how many of its characters were read. */
  private static final class WatchedText implements CharSequence {
    private final int length;
    private int furthest;

    WatchedText(int length) {
      this.length = length;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public char charAt(int index) {
      furthest = Math.max(furthest, index);
      return index % 5 == 4 ? ' ' : 'a';
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void countingUpToALimitReadsNoMoreThanABlockBeyondIt() {
    Tokenizer tokenizer = TestTokenizers.bytes().build();
    WatchedText text = new WatchedText(100_000_000);
    assertThat(tokenizer.countUpTo(text, 1_000)).isEqualTo(1_000);
    assertThat(text.furthest).isLessThan(40_000);
  }

  @Test
  void countingAllocatesNothingOnceTheWordsAreKnown() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String text = words(new Random(Seeds.next()), 700);
    for (Map.Entry<String, TestTokenizers> entry : TestTokenizers.ofApplications().entrySet()) {
      if (!entry.getKey().startsWith("scanner")) {
        continue;
      }
      Tokenizer tokenizer = entry.getValue().build();
      CharSequence builder = new StringBuilder(text);
      int expected = tokenizer.encode(text).length;
      for (int i = 0; i < 3_000; i++) {
        assertThat(tokenizer.count(text)).isEqualTo(expected);
      }
      long thread = Thread.currentThread().getId();
      long total = 0;
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 1_000; i++) {
        total += tokenizer.count(text) + tokenizer.count(builder);
      }
      long allocated = threads.getThreadAllocatedBytes(thread) - before;
      assertThat(total).isEqualTo(2_000L * expected);
      assertThat(allocated).as("%s: bytes of 2,000 counts", entry.getKey()).isLessThan(2_000);
    }
  }

  @Test
  void aLongTextThatIsReadAtOnceLeavesNoLargeBuffers() {
    Tokenizer tokenizer = TestTokenizers.bytes().build();
    List<TextSession> made = new ArrayList<>();
    TextEncoder encoder =
        new TextEncoder(
            () -> {
              made.add(tokenizer.newTextSession(SpecialText.TEXT, false, tokenizer.cutRule()));
              return made.get(made.size() - 1);
            },
            FrameIds.NONE);
    String text = "word ".repeat(500_000);
    assertThat(encoder.count(text)).isEqualTo(encoder.encode(text).length);
    assertThat(made).hasSize(1);
    Encoding encoding = encoder.encodeWithOffsets(text);
    assertThat(encoding.byteEnd(encoding.size() - 1)).isEqualTo(text.length());
    assertThat(encoder.encode(text)).isEqualTo(encoding.ids());
    assertThat(made).hasSize(2);
  }

  @Test
  void threadsThatShareATokenizerGetTheIdsOfOne() throws Exception {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (Map.Entry<String, TestTokenizers> entry : TestTokenizers.ofApplications().entrySet()) {
      Tokenizer alone = entry.getValue().build();
      Tokenizer shared = entry.getValue().build();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        texts.add(words(random, 1 + random.nextInt(30)));
      }
      List<int[]> expected = texts.stream().map(alone::encode).toList();
      int threads = 4 * Runtime.getRuntime().availableProcessors();
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<Void>> runs = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          Random order = new Random(seed + t);
          Callable<Void> run =
              () -> {
                start.await();
                for (int k = 0; k < 60; k++) {
                  int i = order.nextInt(texts.size());
                  String text = texts.get(i);
                  int[] ids = shared.encode(text);
                  assertThat(Arrays.equals(ids, expected.get(i)))
                      .as("seed %d, %s, text %d", seed, entry.getKey(), i)
                      .isTrue();
                  assertThat(shared.count(text)).isEqualTo(ids.length);
                  assertThat(shared.decode(ids)).isEqualTo(alone.decode(ids));
                }
                return null;
              };
          runs.add(pool.submit(run));
        }
        for (Future<Void> run : runs) {
          run.get();
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }
}
