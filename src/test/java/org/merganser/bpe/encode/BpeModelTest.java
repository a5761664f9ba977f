package org.merganser.bpe.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.ListedModel.Entry;
import org.merganser.text.unicode.ByteAlphabet;

class BpeModelTest {
  private static final List<Entry> AB =
      List.of(new Entry("a", 0), new Entry("b", 7), new Entry("ab", 3), new Entry("🌲", 4));

  @Test
  void looksTokensUpBothWaysAcrossGaps() {
    BpeModel model = ListedModel.of(AB, List.of("a", "b"), Options.NONE);
    assertThat(model.size()).isEqualTo(4);
    assertThat(model.idBound()).isEqualTo(8);
    assertThat(model.id("b")).isEqualTo(7);
    assertThat(model.id("🌲")).isEqualTo(4);
    assertThat(model.id("c")).isEqualTo(-1);
    assertThat(model.token(0)).isEqualTo("a");
    assertThat(model.token(3)).isEqualTo("ab");
    assertThat(model.token(1)).isNull();
    assertThat(model.token(8)).isNull();
    assertThat(model.token(-1)).isNull();
    assertThat(model.mergeCount()).isEqualTo(1);
    assertThat(model.mergeLeft(0)).isEqualTo(0);
    assertThat(model.mergeRight(0)).isEqualTo(7);
    assertThat(model.mergeResult(0)).isEqualTo(3);
  }

  @Test
  void hasTokensAndTheirBytesButNoneForGaps() {
    BpeModel model = ListedModel.of(AB, List.of("a", "b"), Options.NONE);
    for (int id : new int[] {0, 3, 4, 7}) {
      assertThat(model.hasToken(id)).as("%d", id).isTrue();
      ByteBuilder token = new ByteBuilder(0);
      model.appendToken(id, token);
      assertThat(new String(token.bytes(), 0, token.length(), UTF_8)).isEqualTo(model.token(id));
    }
    for (int id : new int[] {-1, 1, 8}) {
      assertThat(model.hasToken(id)).as("%d", id).isFalse();
      assertThat(model.textBytes(id)).isNull();
    }
    ByteBuilder gap = new ByteBuilder(0);
    model.appendToken(1, gap);
    assertThat(gap.length()).isZero();
    assertThat(model.textBytes(0)).containsExactly('a');
    assertThat(model.textBytes(3)).containsExactly('a', 'b');
    assertThat(model.textBytes(4)).as("no character of bytes").isNull();
  }

  @Test
  void ofAMergeThatIsThereTwiceTheLastOneIsLive() {
    BpeModel once = ListedModel.of(AB, List.of("a", "b"), Options.NONE);
    assertThat(once.isLive(0)).isTrue();
    List<Entry> entries =
        List.of(new Entry("a", 0), new Entry("ab", 1), new Entry("b", 2), new Entry("aba", 3));
    BpeModel twice = ListedModel.of(entries, List.of("a", "b", "ab", "a", "a", "b"), Options.NONE);
    assertThat(List.of(twice.mergeLeft(0), twice.mergeLeft(1))).containsExactly(0, 1);
    assertThat(List.of(twice.isLive(0), twice.isLive(1), twice.isLive(2)))
        .containsExactly(false, true, true);
  }

  @Test
  void holdsNothingToo() {
    BpeModel model = ListedModel.of(List.of(), List.of(), Options.NONE);
    assertThat(model.size()).isZero();
    assertThat(model.idBound()).isZero();
    assertThat(model.id("")).isEqualTo(-1);
    IdBuffer out = new IdBuffer(4);
    BpeEncoder encoder = model.newEncoder(true);
    encoder.encode(new byte[] {65}, 0, new int[] {1}, 1, out);
    assertThat(out.size()).isZero();
  }

  @Test
  void anEmptyTokenWithTheLargestIdIsNoCharacter() {
    List<Entry> entries =
        List.of(new Entry("a", 0), new Entry("b", 1), new Entry("ab", 2), new Entry("", 3));
    BpeModel model = ListedModel.of(entries, List.of("a", "b"), Options.NONE);
    assertThat(idsOfAb(model.newEncoder(false))).containsExactly(2);
  }

  @Test
  void aMergeOfTheEmptyTokenIsNeverApplied() {
    List<Entry> entries = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      entries.add(new Entry(String.valueOf(ByteAlphabet.toChar(b)), b));
    }
    entries.add(new Entry("", 256));
    BpeModel model = ListedModel.of(entries, List.of("", "a"), Options.NONE);
    assertThat(idsOfAb(model.newSentenceEncoder())).containsExactly('a', 'b');
    assertThat(idsOfAb(model.newEncoder(true))).containsExactly('a', 'b');
  }

  private static int[] idsOfAb(BpeEncoder encoder) {
    IdBuffer out = new IdBuffer(4);
    encoder.encode("ab".getBytes(UTF_8), 0, new int[] {2}, 1, out);
    return out.toArray();
  }

  private static AbstractThrowableAssert<?, ?> refusal(List<Entry> entries, String... merges) {
    return refusal(Options.NONE, entries, merges);
  }

  private static AbstractThrowableAssert<?, ?> refusal(
      Options options, List<Entry> entries, String... merges) {
    return assertThatThrownBy(() -> ListedModel.of(entries, List.of(merges), options))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesAMergeOfAnUnknownToken() {
    refusal(AB, "a", "b", "a", "Ġthe")
        .hasMessage(
            "merge 1 names token \"Ġthe\", which is not in model.vocab; was the file edited by"
                + " hand?");
  }

  @Test
  void refusesAMergeWhoseResultIsUnknown() {
    refusal(AB, "b", "a")
        .hasMessage(
            "merge 0 joins \"b\" and \"a\" to \"ba\", which is not in model.vocab; was the file"
                + " edited by hand?");
  }

  @Test
  void refusesTwoTokensWithOneId() {
    List<Entry> twice = List.of(new Entry("a", 5), new Entry("b", 0), new Entry("c", 5));
    refusal(twice)
        .hasMessage("tokens \"a\" and \"c\" both have id 5 in model.vocab; an id names one token");
  }

  @Test
  void refusesATokenWithTwoIds() {
    List<Entry> twice = List.of(new Entry("a", 5), new Entry("a", 0));
    refusal(twice)
        .hasMessage("token \"a\" is in model.vocab twice, with ids 0 and 5; a token has one id");
  }

  @Test
  void refusesIdsOutsideTheRange() {
    refusal(List.of(new Entry("a", -1)))
        .hasMessage("token \"a\" has id -1 in model.vocab; ids are 0 to 2147483646");
    refusal(List.of(new Entry("a", Integer.MAX_VALUE)))
        .hasMessageContaining("ids are 0 to 2147483646");
    List<Entry> last = List.of(new Entry("a", Integer.MAX_VALUE - 1), new Entry("b", 0));
    assertThat(ListedModel.of(last, List.of(), Options.NONE).idBound())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void refusesAMergeWhoseRightPartIsOnlyThePrefix() {
    List<Entry> entries = List.of(new Entry("a", 0), new Entry("##", 1), new Entry("##b", 2));
    Options options = new Options(null, "##", null, false, false, false);
    refusal(options, entries, "a", "##")
        .hasMessage(
            "merge 0 joins \"a\" and \"##\", whose right part is empty without the prefix \"##\"");
  }

  @Test
  void refusesAMergeWhoseRightPartIsEmpty() {
    List<Entry> entries = List.of(new Entry("a", 0), new Entry("", 1));
    refusal(Options.NONE, entries, "a", "")
        .hasMessage("merge 0 joins \"a\" and \"\", whose right part is empty");
  }

  @Test
  void refusesALoneSurrogate() {
    refusal(List.of(new Entry("\uD800", 0))).hasMessageContaining("lone surrogate U+D800");
    refusal(List.of(new Entry("é\uDC00", 0))).hasMessageContaining("lone surrogate U+DC00");
  }

  @Test
  void findsThePairsOfIdsThatDoNotFitOnePackedLong() {
    int big = 2_000_000_000;
    List<Entry> entries = List.of(new Entry("a", big), new Entry("b", big + 1), new Entry("ab", 7));
    BpeModel model = ListedModel.of(entries, List.of("a", "b"), Options.NONE);
    IdBuffer out = new IdBuffer(4);
    model.newEncoder(false).encode(new byte[] {'a', 'b', 'b'}, 0, new int[] {3}, 1, out);
    assertThat(out.toArray()).containsExactly(7, big + 1);
  }

  @Test
  void namesTheBytesThatTheVocabularyLacks() {
    assertThat(ListedModel.of(AB, List.of(), Options.NONE).missingBytes(true).cardinality())
        .isEqualTo(254);
    List<Entry> one = List.of(new Entry("<0xF1>", 0));
    Options fallback = new Options(null, null, null, false, true, false);
    assertThat(ListedModel.of(one, List.of(), fallback).missingBytes(false).get(0xF1)).isFalse();
    assertThat(ListedModel.of(one, List.of(), fallback).missingBytes(false).cardinality())
        .isEqualTo(255);
    assertThat(ListedModel.of(one, List.of(), Options.NONE).missingBytes(false).cardinality())
        .isEqualTo(256);
  }
}
