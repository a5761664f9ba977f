package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.PackedIds;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.ListedModel.Entry;

/** Which pretokens are merged, and which are found, with words that note what is merged. */
final class CachedEncoderTest {
  private static final int WHOLE = 50_000;

  /** The only id of a text is its length; as a complete pretoken it may be a token. */
  private static class Noted implements WordEncoder {
    private final List<String> merged = new ArrayList<>();
    private final int idsOfEach;
    private final boolean isToken;

    Noted(int idsOfEach, boolean isToken) {
      this.idsOfEach = idsOfEach;
      this.isToken = isToken;
    }

    @Override
    public void merge(byte[] text, int from, int to, IdBuffer out) {
      merged.add(new String(text, from, to - from, StandardCharsets.UTF_8));
      for (int i = 0; i < idsOfEach; i++) {
        out.add(to - from + i);
      }
    }

    @Override
    public void addLengths(
        byte[] text, int from, int to, int[] ids, int first, int end, IdBuffer lengths) {
      throw new AssertionError("no lengths are asked for");
    }

    @Override
    public int idOfWhole(byte[] text, int from, int to) {
      return isToken ? WHOLE + to - from : -1;
    }

    @Override
    public int idOfCharacter(int utf8) {
      return -1;
    }
  }

  private static int[] ids(BpeEncoder encoder, String pretoken) {
    return ids(encoder, pretoken, 0);
  }

  /** The ids of a pretoken in an array with more bytes after it. */
  private static int[] ids(BpeEncoder encoder, String pretoken, int more) {
    byte[] text = pretoken.getBytes(StandardCharsets.UTF_8);
    IdBuffer out = new IdBuffer(1);
    encoder.encode(Arrays.copyOf(text, text.length + more), 0, new int[] {text.length}, 1, out);
    return out.toArray();
  }

  private static CachedEncoder encoder(Noted words, MergeBarriers barriers, boolean ignoreMerges) {
    return new CachedEncoder(words, barriers, ignoreMerges, new PackedIds(1 << 16), false);
  }

  @Test
  void mergesAPretokenOfUpTo512BytesOnce() {
    for (int ids : new int[] {1, 3, 6, 40}) {
      Noted words = new Noted(ids, false);
      CachedEncoder encoder = encoder(words, null, false);
      for (int length : new int[] {1, 7, 8, 15, 16, 17, 511, 512}) {
        String pretoken = "a".repeat(length);
        int[] first = ids(encoder, pretoken);
        assertThat(first).hasSize(ids).startsWith(length);
        assertThat(ids(encoder, pretoken)).isEqualTo(first);
        assertThat(words.merged).as("%d bytes, %d ids", length, ids).containsExactly(pretoken);
        words.merged.clear();
      }
      String tooLong = "a".repeat(513);
      assertThat(ids(encoder, tooLong)).isEqualTo(ids(encoder, tooLong));
      assertThat(words.merged).hasSize(2);
    }
  }

  @Test
  void mergesAPretokenWithMoreIdsThanTheArenaHoldsAgain() {
    String pretoken = "a".repeat(512);
    for (int ids : new int[] {20_000, 5_000_000, 2049, 2048}) {
      Noted words = new Noted(ids, false);
      CachedEncoder encoder = encoder(words, null, false);
      int[] first = ids(encoder, pretoken);
      assertThat(first).hasSize(ids).startsWith(512);
      assertThat(ids(encoder, pretoken)).isEqualTo(first);
      assertThat(words.merged).as("%d ids", ids).hasSize(ids == 2048 ? 1 : 2);
    }
  }

  /** Characters without ids are dropped, so a pretoken may have none. */
  @Test
  void aPretokenWithoutIdsHasNone() {
    CachedEncoder encoder = encoder(new Noted(0, false), null, false);
    for (int length : new int[] {1, 8, 16}) {
      for (int i = 0; i < 3; i++) {
        assertThat(ids(encoder, "a".repeat(length))).isEmpty();
      }
    }
  }

  /** Barriers of a vocabulary whose only longer token is "éé". */
  private static MergeBarriers barriers() {
    List<Entry> entries =
        List.of(new Entry("a", 0), new Entry("é", 1), new Entry("中", 2), new Entry("éé", 3));
    BpeModel model = ListedModel.of(entries, List.of("é", "é"), Options.NONE);
    return MergeBarriers.ofCharacters(model.vocabulary(), model.merges());
  }

  @Test
  void mergesEachPartBetweenBarriersOnce() {
    Noted words = new Noted(1, false);
    CachedEncoder encoder = encoder(words, barriers(), false);
    for (int length : new int[] {2, 5, 20}) {
      String part = "é".repeat(length);
      words.merged.clear();
      assertThat(ids(encoder, part + "中" + part)).containsExactly(2 * length, 3, 2 * length);
      assertThat(words.merged).startsWith(part).doesNotHaveDuplicates();
      words.merged.clear();
      ids(encoder, "中" + part + "中中");
      assertThat(words.merged).isEmpty();
    }
  }

  /** With ignore_merges only a complete pretoken is looked up in the vocabulary. */
  @Test
  void aPartOfAPretokenIsNotTakenForThePretokenOfTheSameBytes() {
    for (int length : new int[] {2, 5, 20}) {
      String part = "é".repeat(length);
      for (boolean partFirst : new boolean[] {true, false}) {
        boolean[] whole = {!partFirst};
        Noted words =
            new Noted(1, true) {
              @Override
              public int idOfWhole(byte[] text, int from, int to) {
                return whole[0] ? super.idOfWhole(text, from, to) : -1;
              }
            };
        CachedEncoder encoder = encoder(words, barriers(), true);
        for (int i = 0; i < 4; i++) {
          int more = i < 2 ? 0 : 16;
          if (whole[0]) {
            assertThat(ids(encoder, part, more)).containsExactly(WHOLE + 2 * length);
          } else {
            assertThat(ids(encoder, part + "中", more)).containsExactly(2 * length, 3);
          }
          whole[0] = !whole[0];
        }
      }
    }
  }

  @Test
  void readsEachPretokenAtItsPlace() {
    byte[] text =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".getBytes(StandardCharsets.UTF_8);
    List<Entry> letters = new ArrayList<>();
    for (byte letter : text) {
      letters.add(new Entry(String.valueOf((char) letter), letter));
    }
    BpeEncoder encoder = ListedModel.of(letters, List.of(), Options.NONE).newEncoder(false);
    for (int round = 0; round < 2; round++) {
      for (int from = 0; from < text.length; from++) {
        for (int to = from + 1; to <= Math.min(text.length, from + 18); to++) {
          IdBuffer out = new IdBuffer(1);
          encoder.encode(text, from, new int[] {to}, 1, out);
          assertThat(out.size()).isEqualTo(to - from);
          assertThat(out.ids()[0]).isEqualTo(text[from]);
          assertThat(out.ids()[to - from - 1]).isEqualTo(text[to - 1]);
        }
      }
    }
    IdBuffer none = new IdBuffer(1);
    encoder.encode(text, 0, new int[0], 0, none);
    assertThat(none.size()).isZero();
  }
}
