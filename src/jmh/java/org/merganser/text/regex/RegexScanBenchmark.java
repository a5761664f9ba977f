package org.merganser.text.regex;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.merganser.text.pretokenize.DelimiterPreTokenizer;
import org.merganser.text.pretokenize.PreTokenizer;
import org.merganser.text.pretokenize.PreTokenizerFactory;
import org.merganser.text.pretokenize.PreTokenizerSpec;
import org.merganser.text.pretokenize.PreTokenizerSpec.Behavior;
import org.merganser.text.regex.parse.RegexNode;
import org.merganser.text.regex.parse.RegexParser;
import org.merganser.text.scan.ScanBenchmark;
import org.merganser.text.scan.SplitPattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the general regex path: the cost of cutting a text by a regex that has no scanner of its
 * own. The pattern of a family gets another bound of its numbers, and runs in three ways: {@code
 * AUTOMATON}, {@code MATCH_BY_MATCH} on the automaton (as for behaviours that join pieces) and
 * {@code BACKTRACKING}. MB/s (1 op = 1 byte, so ops/us are MB/s) of 1 MiB of text as in {@link
 * ScanBenchmark}. In setup the pretokens of the ways are proved equal.
 *
 * <p>Run, after {@code mvn test-compile} and with the test class path in CP: {@code java -cp
 * target/classes:target/test-classes:$CP org.openjdk.jmh.Main RegexScanBenchmark -p kind=english}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class RegexScanBenchmark {
  private static final int SIZE = 1 << 20;

  /** How a regex runs. */
  public enum Way {
    AUTOMATON,
    MATCH_BY_MATCH,
    BACKTRACKING
  }

  @Param({"GPT2", "QWEN2", "O200K"})
  SplitPattern pattern;

  @Param({"english", "code", "russian", "hindi", "chinese", "mixed"})
  String kind;

  @Param({"AUTOMATON", "MATCH_BY_MATCH", "BACKTRACKING"})
  Way way;

  private byte[] text;
  private PreTokenizer preTokenizer;
  private long sum;

  @Setup
  public void load() throws IOException {
    text = ScanBenchmark.text(kind);
    preTokenizer = preTokenizer(pattern, Way.BACKTRACKING);
    long expected = pretokens();
    preTokenizer = preTokenizer(pattern, way);
    if (pretokens() != expected) {
      throw new IllegalStateException(pattern + " " + kind + ": " + way + " cuts otherwise");
    }
  }

  private static PreTokenizer preTokenizer(SplitPattern pattern, Way way) {
    String regex = disguised(pattern);
    TextPattern.Regex split = new TextPattern.Regex(regex);
    return switch (way) {
      case AUTOMATON ->
          PreTokenizerFactory.split(new PreTokenizerSpec.Split(split, Behavior.ISOLATED, false));
      case MATCH_BY_MATCH ->
          new DelimiterPreTokenizer(split.newMatcher(), Behavior.ISOLATED, false);
      case BACKTRACKING -> {
        RegexNode root = RegexParser.parse(regex);
        TextMatcher matcher =
            new BacktrackingMatcher(
                regex,
                new RegexStates(regex, root),
                new RegexMatcher.FirstBytes(root),
                BacktrackingMatcher.TEXT_STEPS);
        yield new DelimiterPreTokenizer(matcher, Behavior.ISOLATED, false);
      }
    };
  }

  /** A pattern with another bound of numbers, so that it has no scanner. */
  private static String disguised(SplitPattern pattern) {
    String regex = pattern.regex().replaceFirst("\\\\p\\{N}(\\+|\\{1,3}|(?=\\|))", "\\\\p{N}{1,4}");
    if (SplitPattern.of(List.of(regex)).isPresent()) {
      throw new IllegalStateException(regex + " has a scanner");
    }
    return regex;
  }

  /** A sum that another cut would change. */
  @Benchmark
  @OperationsPerInvocation(SIZE)
  public long pretokens() {
    sum = 0;
    preTokenizer.split(text, 0, text.length, true, this::add);
    return sum;
  }

  private void add(byte[] array, int start, int[] ends, int count) {
    for (int i = 0; i < count; i++) {
      sum = 31 * sum + ends[i];
    }
  }
}
