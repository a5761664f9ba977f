package org.merganser.bpe.train;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.encode.BpeEncoder;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.BpeModelBuilder;

/**
 * Measures encoding one pretoken of hostile text at sizes that grow tenfold: CPU nanoseconds a byte
 * must grow with the logarithm of the size at most. The merges of the model are learned from the
 * text itself, so that tokens are long.
 *
 * <pre>
 * mvn -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath
 * java -Xmx6g -cp target/classes:target/test-classes:$(cat target/test.classpath) \\
 *   org.merganser.bpe.train.EncodeGrowth [largest bytes]
 * </pre>
 */
public final class EncodeGrowth {
  private static final int LEARNED_FROM = 20_000;

  private EncodeGrowth() {}

  public static void main(String[] args) {
    int largest = args.length > 0 ? Integer.parseInt(args[0]) : 100_000_000;
    System.out.printf("%-10s %12s %12s %10s%n", "text", "bytes", "ids", "ns/byte");
    for (String kind : List.of("a", "aA", "spaces-a", "fibonacci", "base64")) {
      BpeModel model = model(text(kind, LEARNED_FROM));
      for (int bytes = 10_000; bytes <= largest; bytes *= 10) {
        byte[] text = text(kind, bytes);
        BpeEncoder encoder = model.newEncoder(true);
        IdBuffer ids = new IdBuffer(bytes / 2);
        long best = Long.MAX_VALUE;
        for (int run = 0; run < (bytes <= 1_000_000 ? 20 : 1); run++) {
          ids.clear();
          long before = cpu();
          encoder.encode(text, 0, new int[] {text.length}, 1, ids);
          best = Math.min(best, cpu() - before);
        }
        System.out.printf(
            Locale.ROOT,
            "%-10s %,12d %,12d %10.1f%n",
            kind,
            bytes,
            ids.size(),
            best / (double) bytes);
      }
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static BpeModel model(byte[] text) {
    PretokenCounts counts = new PretokenCounts();
    counts.add(text, 0, text.length, 1);
    TrainerSettings settings =
        new TrainerSettings(
            400, 2, List.of(), TrainerSettings.Alphabet.BYTES, List.of(), null, null);
    TrainedBpe trained =
        new BpeTrainer(settings)
            .train(counts::forEachSorted, TrainingBound.NONE, learned -> {})
            .trained();
    BpeModelBuilder model = BpeModel.builder();
    List<String> tokens = trained.tokens();
    for (int id = 0; id < tokens.size(); id++) {
      model.addToken(tokens.get(id), id);
    }
    for (int m = 0; m < trained.merges().length; m += 2) {
      model.addMerge(tokens.get(trained.merges()[m]), tokens.get(trained.merges()[m + 1]));
    }
    return model.build(Options.NONE);
  }

  private static byte[] text(String kind, int bytes) {
    byte[] text = new byte[bytes];
    switch (kind) {
      case "a" -> Arrays.fill(text, (byte) 'a');
      case "aA" -> {
        for (int i = 0; i < bytes; i++) {
          text[i] = (byte) (i % 2 == 0 ? 'a' : 'A');
        }
      }
      case "spaces-a" -> {
        Arrays.fill(text, (byte) ' ');
        text[bytes - 1] = 'a';
      }
      case "fibonacci" -> fibonacci(text);
      default -> {
        byte[] random = new byte[bytes];
        new Random(1).nextBytes(random);
        System.arraycopy(Base64.getEncoder().encode(random), 0, text, 0, bytes);
      }
    }
    return text;
  }

  /** abaababa…: each prefix of Fibonacci length is the two before it, one after the other. */
  private static void fibonacci(byte[] text) {
    text[0] = 'a';
    text[1] = 'b';
    int length = 2;
    int before = 1;
    while (length < text.length) {
      int more = Math.min(before, text.length - length);
      System.arraycopy(text, 0, text, length, more);
      before = length;
      length += more;
    }
  }
}
