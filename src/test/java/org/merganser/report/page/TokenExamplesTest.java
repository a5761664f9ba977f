package org.merganser.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.binary.Varints;

final class TokenExamplesTest {
  private final TokenExamples examples = new TokenExamples();

  private record Window(String document, List<Integer> ids) {}

  private List<Window> windows() {
    List<Long> numbers = new ArrayList<>();
    byte[] packed = examples.packed();
    for (int at = 0; at < packed.length; at += Varints.length(numbers.get(numbers.size() - 1))) {
      numbers.add(Varints.read(packed, at));
    }
    List<Window> windows = new ArrayList<>();
    for (int at = 0; at < numbers.size(); ) {
      String document = examples.documents().get(numbers.get(at++).intValue());
      int to = at + 1 + numbers.get(at).intValue();
      windows.add(
          new Window(document, numbers.subList(at + 1, to).stream().map(Long::intValue).toList()));
      at = to;
    }
    return windows;
  }

  /** The windows by a set of ids, token by token. */
  private static List<Window> plainly(List<int[]> documents) {
    TreeSet<Integer> covered = new TreeSet<>();
    List<Window> windows = new ArrayList<>();
    for (int d = 0; d < documents.size(); d++) {
      List<Integer> ids = Arrays.stream(documents.get(d)).boxed().toList();
      int free = 0;
      for (int i = 0; i < ids.size(); i++) {
        if (!covered.contains(ids.get(i))) {
          int from = Math.max(free, i - 8);
          free = Math.min(ids.size(), from + 24);
          covered.addAll(ids.subList(from, free));
          windows.add(new Window("d" + d, List.copyOf(ids.subList(from, free))));
        }
      }
    }
    return windows;
  }

  @Test
  void keepsAWindowForEachTokenThatNoEarlierWindowHas() {
    Random random = new Random(Seeds.next());
    List<int[]> documents = new ArrayList<>();
    for (int d = 0; d < 200; d++) {
      int[] ids = random.ints(random.nextInt(90), 0, 1 + 20 * d).toArray();
      documents.add(ids);
      examples.add("d" + d, Arrays.copyOf(ids, ids.length + 3), ids.length);
    }
    assertThat(windows()).isEqualTo(plainly(documents)).hasSizeGreaterThan(300);
    assertThat(examples.isFull()).isFalse();
  }

  @Test
  void isFullAfterEnoughIds() {
    int[] ids = new int[250_000];
    Arrays.setAll(ids, i -> i);
    examples.add("a", ids, ids.length);
    assertThat(examples.isFull()).isTrue();
    examples.add("b", new int[] {ids.length}, 1);
    assertThat(examples.documents()).containsExactly("a");
  }
}
