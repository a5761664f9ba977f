package org.merganser.text;

/** Scans a known pattern. */
final class PatternScanner implements PretokenScanner {
  private final PretokenMatcher matcher;

  PatternScanner(PretokenRules rules) {
    this.matcher = new PretokenMatcher(rules, PretokenClasses.table(rules));
  }

  @Override
  public int scan(byte[] text, int from, int to, int[] ends) {
    int count = 0;
    int at = from;
    while (at < to && count < ends.length) {
      at = matcher.end(text, at, to);
      ends[count++] = at;
    }
    return count;
  }
}
