package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.ListedModel.Entry;
import org.merganser.text.unicode.ByteAlphabet;

/** Where texts are cut for stage 1, and which of its symbols stay apart: ids do not show it. */
final class SuperwordTablesTest {
  private static final List<String> MERGES =
      List.of("o", "f", "Ġ", "of", "t", "h", "th", "e", "Ġ", "the", "Ġof", "Ġthe");

  private BpeModel model;
  private SuperwordTables tables;

  @BeforeEach
  void splitATable() {
    List<Entry> entries = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      entries.add(new Entry(String.valueOf(ByteAlphabet.toChar(b)), b));
    }
    for (int i = 0; i < MERGES.size(); i += 2) {
      entries.add(new Entry(MERGES.get(i) + MERGES.get(i + 1), entries.size()));
    }
    model = ListedModel.of(entries, MERGES, Options.NONE);
    int[] pairs = MERGES.stream().mapToInt(model::id).toArray();
    int[] bytes = ByteTables.idsOfBytes(model.vocabulary());
    tables =
        Objects.requireNonNull(
            SuperwordTables.of(model.vocabulary(), model.merges(), pairs, bytes));
  }

  private int[] cut(String string) {
    byte[] text = string.getBytes(StandardCharsets.UTF_8);
    int[] ends = new int[512];
    return Arrays.copyOf(ends, tables.cut(text, 0, text.length, ends));
  }

  @Test
  void cutsBetweenBytesThatNoTokenOfStageOneJoins() {
    assertThat(cut(" of the of")).containsExactly(3, 7, 10);
    assertThat(cut("xxo")).containsExactly(1, 2, 3);
    assertThat(cut("fo")).containsExactly(1, 2);
    assertThat(cut("x")).containsExactly(1);
    assertThat(cut(" of".repeat(100))).hasSize(100).startsWith(3, 6, 9).endsWith(297, 300);
  }

  @Test
  void keepsTogetherOnlyWhatALaterMergeMayJoin() {
    int of = model.id("Ġof");
    int the = model.id("Ġthe");
    assertThat(tables.mayJoin(of, the)).isTrue();
    List<Integer> symbols = List.of(of, the, (int) 'x', (int) 'o', (int) 'f', model.id("of"));
    for (int left : symbols) {
      for (int right : symbols) {
        if (left != of || right != the) {
          assertThat(tables.mayJoin(left, right)).as("%d and %d", left, right).isFalse();
        }
      }
    }
  }
}
