package org.merganser.pipeline.sequence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.read.Reading;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Encoder;

/** Pretokens come back in order, however many there are and whatever ids they have. */
final class SequenceReaderTest {
  @TempDir Path folder;
  private final Random random = new Random(Seeds.next());
  private final Map<String, int[]> ids = new HashMap<>();

  /** Gives each pretoken up to seven ids, some of them larger than 20 bits hold. */
  private final class RandomIds implements Encoder {
    private int encoded;

    @Override
    public void encodePretoken(byte[] text, int from, int to, IdBuffer out) {
      encoded++;
      for (int id : ids.get(new String(text, from, to - from, UTF_8))) {
        out.add(id);
      }
    }

    @Override
    public void encode(byte[] text, int from, int to, IdBuffer out) {
      throw new AssertionError("there is no text");
    }

    @Override
    public void encodeBytes(byte[] text, int from, int to, IdBuffer out) {
      throw new AssertionError("there is no text");
    }

    @Override
    public long count(byte[] text, int from, int to) {
      throw new AssertionError("there is no text");
    }

    @Override
    public long countBytes(byte[] text, int from, int to) {
      throw new AssertionError("there is no text");
    }
  }

  private int[] randomIds() {
    int[] of = new int[random.nextInt(8)];
    int bits = random.nextInt(10) == 0 ? 31 : 20;
    for (int i = 0; i < of.length; i++) {
      of[i] = random.nextInt() >>> 32 - bits;
    }
    return of;
  }

  @Test
  void seventyThousandPretokensComeBackInOrderEncodedOnceEach() throws IOException {
    Path file = Files.writeString(folder.resolve("corpus.txt"), "text".repeat(1000));
    CorpusSettings settings = Reading.settings(InputFormat.TEXT, file);
    WorkUnit unit = CorpusPlanner.plan(CorpusPlanner.list(settings)).get(0);
    String location = folder.resolve("sequence").toString();
    PretokenCounts table = new PretokenCounts();
    List<List<Integer>> expected = new ArrayList<>();
    try (SequenceWriter writer = new SequenceWriter(FileStore.of(location).draft(location))) {
      for (int number = 0; number < 40; number++) {
        expected.add(write(number, writer, table));
      }
      writer.rangeRead(new RangeReceipt(unit.ranges().get(0), 40, 40, 0, 0, 1, 2, "sum"));
      writer.publish(table);
    }
    assertThat(table.distinct()).isGreaterThan(70_000);
    RandomIds encoder = new RandomIds();
    List<List<Integer>> found = new ArrayList<>();
    try (SequenceReader reader = SequenceReader.open(location)) {
      reader.read(
          unit,
          encoder,
          new DocumentHandler() {
            @Override
            public void document(Document document) {
              IdBuffer out = new IdBuffer(0);
              reader.appendIds(out);
              found.add(list(Arrays.copyOf(out.ids(), out.size())));
              assertThat(document.id).isEqualTo("d" + (found.size() - 1));
              assertThat(document.group).isEqualTo(group(found.size() - 1));
            }

            @Override
            public void deadLetter(DeadLetter letter) {
              throw new AssertionError("there is none");
            }
          });
    }
    assertThat(found).isEqualTo(expected);
    assertThat(encoder.encoded).isEqualTo(table.distinct());
  }

  private static String group(int number) {
    return number % 3 == 0 ? null : "g" + number / 10;
  }

  private static List<Integer> list(int[] of) {
    return Arrays.stream(of).boxed().toList();
  }

  /** Writes a document of new and known pretokens; returns its ids. */
  private List<Integer> write(int number, SequenceWriter writer, PretokenCounts table)
      throws IOException {
    StringBuilder text = new StringBuilder();
    List<Integer> ends = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      int length = random.nextInt(100) == 0 ? 600 : 30;
      String pretoken = String.format("%0" + length + "d", random.nextInt(500_000));
      expected.addAll(list(ids.computeIfAbsent(pretoken, p -> randomIds())));
      text.append(pretoken);
      ends.add(text.length());
    }
    Document document = new Document();
    document.id = "d" + number;
    document.group = group(number);
    document.text = text.toString().getBytes(UTF_8);
    document.to = document.text.length;
    writer.begin(document);
    int[] numbers = new int[ends.size()];
    int[] places = ends.stream().mapToInt(Integer::intValue).toArray();
    table.number(document.text, 0, places, places.length, number % 2 == 0, numbers);
    writer.add(numbers, numbers.length);
    writer.end(document);
    return expected;
  }
}
