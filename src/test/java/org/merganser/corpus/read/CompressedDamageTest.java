package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DeadLetter.Reason;
import org.merganser.corpus.InputFormat;

/**
 * Damages compressed files of every format at random: either all documents are read, or the file is
 * told as cut or damaged; no document is read that the file did not have before.
 */
class CompressedDamageTest {
  /** Reasons for which a run ends with exit code 3, however many records it has. */
  private static final Set<Reason> TOLD =
      Set.of(Reason.TRUNCATED, Reason.CORRUPT, Reason.UNSUPPORTED);

  private static final List<InputFormat> FORMATS =
      List.of(
          InputFormat.TEXT,
          InputFormat.LINES,
          InputFormat.PARAGRAPHS,
          InputFormat.JSONL,
          InputFormat.CSV,
          InputFormat.WARC);

  /** Which bytes become others. */
  private enum Damage {
    BIT {
      @Override
      byte[] apply(byte[] stored, List<byte[]> members, Random random) {
        int at = place(stored.length, random);
        stored[at] ^= (byte) (1 << random.nextInt(8));
        return stored;
      }
    },
    BYTE {
      @Override
      byte[] apply(byte[] stored, List<byte[]> members, Random random) {
        stored[place(stored.length, random)] += (byte) (1 + random.nextInt(255));
        return stored;
      }
    },
    /** Within a member: an end between two of them is a whole file. */
    CUT {
      @Override
      byte[] apply(byte[] stored, List<byte[]> members, Random random) {
        int which = random.nextInt(members.size());
        byte[] one = members.get(which);
        return Compressed.join(
            Compressed.join(members.subList(0, which).toArray(byte[][]::new)),
            Arrays.copyOf(one, Math.max(which == 0 ? 0 : 1, place(one.length, random))));
      }
    },
    /** Within a member: one that is missing as a whole, or is there twice, leaves no trace. */
    MISSING_BYTES {
      @Override
      byte[] apply(byte[] stored, List<byte[]> members, Random random) {
        int which = random.nextInt(members.size());
        byte[] one = members.get(which);
        int from = 1 + place(one.length - 1, random);
        int to = Math.min(one.length, from + 1 + random.nextInt(300));
        byte[] rest = Arrays.copyOfRange(one, to, one.length);
        return replaced(members, which, Compressed.join(Arrays.copyOf(one, from), rest));
      }
    },
    BYTES_TWICE {
      @Override
      byte[] apply(byte[] stored, List<byte[]> members, Random random) {
        int which = random.nextInt(members.size());
        byte[] one = members.get(which);
        int from = 1 + place(one.length - 1, random);
        int to = Math.min(one.length, from + 1 + random.nextInt(300));
        byte[] rest = Arrays.copyOfRange(one, from, one.length);
        return replaced(members, which, Compressed.join(Arrays.copyOf(one, to), rest));
      }
    },
    /** Zeros that leave the first byte of a member, without which they are padding. */
    HOLE {
      @Override
      byte[] apply(byte[] stored, List<byte[]> members, Random random) {
        int which = random.nextInt(members.size());
        byte[] one = members.get(which).clone();
        int from = 1 + place(one.length - 1, random);
        Arrays.fill(one, from, Math.min(one.length, from + 1 + random.nextInt(200)), (byte) 0);
        return replaced(members, which, one);
      }
    },
    GARBAGE_AFTER {
      @Override
      byte[] apply(byte[] stored, List<byte[]> members, Random random) {
        byte[] garbage = new byte[1 + random.nextInt(40)];
        random.nextBytes(garbage);
        boolean begun = random.nextInt(3) == 0;
        return begun
            ? Compressed.join(stored, Arrays.copyOf(stored, random.nextInt(20)), garbage)
            : Compressed.join(stored, garbage);
      }
    },
    MEMBER_CUT {
      @Override
      byte[] apply(byte[] stored, List<byte[]> members, Random random) {
        int which = random.nextInt(members.size());
        byte[] one = members.get(which);
        return replaced(members, which, Arrays.copyOf(one, Math.max(1, place(one.length, random))));
      }
    };

    abstract byte[] apply(byte[] stored, List<byte[]> members, Random random);

    static byte[] replaced(List<byte[]> members, int which, byte[] by) {
      List<byte[]> others = new ArrayList<>(members);
      others.set(which, by);
      return Compressed.join(others.toArray(byte[][]::new));
    }

    /** Half of the places are near an end, where headers and checksums are. */
    static int place(int length, Random random) {
      int near = Math.min(length, 40);
      return switch (random.nextInt(4)) {
        case 0 -> random.nextInt(near);
        case 1 -> length - 1 - random.nextInt(near);
        default -> random.nextInt(length);
      };
    }
  }

  @TempDir Path folder;

  private static List<String> texts(Random random, int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String words =
          IntStream.range(0, 1 + random.nextInt(12))
              .mapToObj(w -> Long.toString(random.nextLong(1 << (2 + 3 * random.nextInt(8))), 36))
              .collect(Collectors.joining(" "));
      texts.add("text " + i + " größe " + words);
    }
    return texts;
  }

  private static String stored(InputFormat format, List<String> texts) {
    return switch (format) {
      case LINES -> String.join("\n", texts) + "\n";
      case PARAGRAPHS -> String.join("\n\n", texts) + "\n";
      case JSONL ->
          texts.stream().map(t -> "{\"text\":\"" + t + "\"}\n").collect(Collectors.joining());
      case CSV ->
          "id,text\n" + texts.stream().map(t -> "7," + t + "\n").collect(Collectors.joining());
      case WARC ->
          texts.stream()
              .map(t -> WarcReadingTest.record("conversion", "", t))
              .collect(Collectors.joining());
      default -> String.join("\n", texts);
    };
  }

  private static final Map<Compression, String> SUFFIXES =
      Map.of(
          Compression.GZIP, ".gz",
          Compression.ZSTD, ".zst",
          Compression.BZIP2, ".bz2",
          Compression.XZ, ".xz");

  private Reading read(InputFormat format, Compression compression, byte[] stored)
      throws IOException {
    return Reading.of(settings(format, file(folder, "a" + SUFFIXES.get(compression), stored)));
  }

  /** Cuts text into members anywhere, so that records go from one into the next. */
  private static List<byte[]> members(Compression compression, byte[] text, Random random)
      throws IOException {
    List<byte[]> members = new ArrayList<>();
    int from = 0;
    for (int more = random.nextInt(4); from < text.length; more--) {
      int to = more > 0 ? from + random.nextInt(text.length - from) : text.length;
      members.add(Compressed.of(compression, Arrays.copyOfRange(text, from, to)));
      from = to;
    }
    return members;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @Tag("random")
  void givesEveryDocumentOrTellsTheDamageAndInventsNothing(Compression compression)
      throws IOException {
    long seed = Seeds.next();
    Map<String, Integer> outcomes = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    for (int n = 0; n < Seeds.cases(1_200); n++) {
      Random random = new Random(seed + n);
      InputFormat format = FORMATS.get(n % FORMATS.size());
      List<String> texts = texts(random, 1 + random.nextInt(random.nextInt(10) == 0 ? 4_000 : 60));
      byte[] text = stored(format, texts).getBytes(UTF_8);
      if (format == InputFormat.TEXT) {
        texts = List.of(new String(text, UTF_8));
      }
      List<byte[]> members = members(compression, text, random);
      byte[] good = Compressed.join(members.toArray(byte[][]::new));
      Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
      byte[] damaged = damage.apply(good.clone(), members, random);
      Reading reading = read(format, compression, damaged);
      String what =
          "%s %s, case %d, %s: %s"
              .formatted(compression, format, n, damage, Set.copyOf(reading.reasons()));
      boolean told = reading.letters.stream().anyMatch(letter -> TOLD.contains(letter.reason()));
      boolean all = reading.texts().equals(texts);
      List<String> invented = new ArrayList<>(reading.texts());
      invented.removeAll(Set.copyOf(texts));
      if (!told && !all) {
        wrong.add(what + " lost in silence");
      }
      if (!invented.isEmpty()) {
        wrong.add(what + " invented " + invented.size() + " of " + reading.texts().size());
      }
      outcomes.merge(all ? told ? "whole, told" : "whole" : "not whole, told", 1, Integer::sum);
    }
    System.out.println(compression + " " + outcomes);
    assertThat(wrong).isEmpty();
  }
}
