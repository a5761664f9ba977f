package org.merganser.corpus.select;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;

class ExcludedIdsTest {
  @TempDir Path folder;

  private ExcludedIds list(String name, List<String> ids) throws IOException {
    return ExcludedIds.of(
        sink -> {
          for (String id : ids) {
            sink.accept(id.getBytes(UTF_8));
          }
        },
        Files.createDirectory(folder.resolve(name)));
  }

  @Test
  void knowsExactlyItsIdsAndGivesEachAPlaceOfItsOwn() throws IOException {
    Random random = new Random(Seeds.next());
    Set<String> ids = new HashSet<>();
    while (ids.size() < 20_000) {
      ids.add("http://example.org/" + random.nextInt(1_000_000) + "é");
    }
    List<String> twice = new ArrayList<>(ids);
    twice.addAll(ids);
    ExcludedIds list = list("a", twice);
    assertThat(list.size()).isEqualTo(20_000);
    Map<Integer, String> places = new HashMap<>();
    for (String id : ids) {
      int place = list.place(id);
      assertThat(place).isBetween(0, 19_999);
      assertThat(places.put(place, id)).isNull();
      assertThat(list.place(id + "x")).isEqualTo(-1);
    }
    for (int i = 0; i < 20_000; i++) {
      String id = "http://example.org/" + i + "é";
      assertThat(list.place(id) >= 0).as(id).isEqualTo(ids.contains(id));
    }
  }

  @Test
  void itsSumIsThatOfTheIdsWhateverTheirOrderAndRepeats() throws IOException {
    ExcludedIds one = list("a", List.of("x", "y", "z"));
    assertThat(list("b", List.of("z", "x", "y", "x")).sha256()).isEqualTo(one.sha256());
    assertThat(list("c", List.of("x", "y")).sha256()).isNotEqualTo(one.sha256());
    ExcludedIds none = list("d", List.of());
    assertThat(none.size()).isZero();
    assertThat(none.place("x")).isEqualTo(-1);
    assertThat(none.place("")).isEqualTo(-1);
  }

  /** The hash of "x" begins with 45, that of "y" with 161; the device of the former is full. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void closesAllFilesIfOneCannotBeWritten() throws IOException {
    Path ids = Files.createDirectory(folder.resolve("ids"));
    Files.createSymbolicLink(ids.resolve("unsorted-45"), Path.of("/dev/full"));
    assertThatThrownBy(
            () ->
                ExcludedIds.of(
                    sink -> {
                      sink.accept("x".getBytes(UTF_8));
                      sink.accept("y".getBytes(UTF_8));
                    },
                    ids))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("unsorted-45");
    assertThat(ids.resolve("unsorted-161")).hasSize(16);
  }

  private List<String> lines(byte[] bytes) throws IOException {
    Path path = Files.write(folder.resolve("ids.txt"), bytes);
    List<String> ids = new ArrayList<>();
    IdLines.read(
        InputFiles.of(
            "ids.txt", path.toString(), bytes.length, 0, InputFormat.LINES, Compression.NONE),
        id -> ids.add(new String(id, UTF_8)));
    return ids;
  }

  @Test
  void takesAnIdALine() throws IOException {
    assertThat(lines("\uFEFFa\r\n\n b c\nlast".getBytes(UTF_8)))
        .containsExactly("a", " b c", "last");
    assertThat(lines(new byte[0])).isEmpty();
    String many = "0123456789\n".repeat(200_000);
    assertThat(lines(many.getBytes(UTF_8))).hasSize(200_000).containsOnly("0123456789");
    String longest = "x".repeat(1 << 16);
    assertThat(lines((longest + "\na\n" + longest).getBytes(UTF_8)))
        .containsExactly(longest, "a", longest);
  }
}
