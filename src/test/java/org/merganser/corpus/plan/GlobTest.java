package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.Seeds;

class GlobTest {
  private static boolean takes(String glob, String path) {
    return new Glob(glob, true).takes(path);
  }

  @Test
  void keepsStarsWithinANameAndLetsDoubleStarsCrossFolders() {
    assertThat(takes("*.txt", "a.txt")).isTrue();
    assertThat(takes("*.txt", ".txt")).isTrue();
    assertThat(takes("*.txt", "d/a.txt")).isFalse();
    assertThat(takes("**/a.txt", "a.txt")).isTrue();
    assertThat(takes("**/a.txt", "d/e/a.txt")).isTrue();
    assertThat(takes("**/a.txt", "d/ba.txt")).isFalse();
    assertThat(takes("**.txt", "d/a.txt")).isTrue();
    assertThat(takes("d/**", "d/e/a")).isTrue();
    assertThat(takes("?", "😀")).isTrue();
    assertThat(takes("a\n*", "a\nb")).isTrue();
  }

  @Test
  void takesBracketsBracesAndBackslashes() {
    assertThat(takes("[a-c]x", "bx")).isTrue();
    assertThat(takes("[!a-c]x", "bx")).isFalse();
    assertThat(takes("[!a]x", "/x")).isFalse();
    assertThat(takes("[]]x", "]x")).isTrue();
    assertThat(takes("[\\]x", "\\x")).isTrue();
    assertThat(takes("{a,b{c,d}}.x", "bd.x")).isTrue();
    assertThat(takes("{a,b/c}/x", "b/c/x")).isTrue();
    assertThat(takes("{,a}b", "b")).isTrue();
    assertThat(takes("\\*", "*")).isTrue();
    assertThat(takes("\\*", "a")).isFalse();
    assertThat(takes("(a|b)+$", "(a|b)+$")).isTrue();
  }

  /** A glob, a path, and whether the glob takes it although wildcards match no hidden name. */
  @ParameterizedTest
  @CsvSource({
    "*, _a, false",
    "*, .a, false",
    "*, a_b.c, true",
    "?b, _b, false",
    "*.txt, .txt, false",
    "**, a/b/c, true",
    "**, a/_b/c, false",
    "**, a/b/.c, false",
    "**, _a/b, false",
    "**/*.txt, a/.b/c.txt, false",
    "**/*.txt, a/b/c.txt, true",
    "**/*.txt, c.txt, true",
    "a**/c, ab/_x/c, false",
    "_*, _a, true",
    "_a/*, _a/b, true",
    "_a/*, _a/_b, false",
    "_a/**, _a/b/.c, false",
    "**/_a/*, x/y/_a/b, true",
    "**/_a/*, _a/b, true",
    "**/_a/*, x/_y/_a/b, false",
    "'{_a,b}/*', _a/c, true",
    "'{,a}*', _b, false",
    "'{_,a}*', _b, true",
    "[_a]*, _b, true",
    "[a_]*, _b, true",
    "[!b]*, _b, false",
    "[!_]*, .b, false",
    "[!-~]*, _b, false",
    ".[a-z]*, .b, true",
    "\\_*, _b, true",
    "a*, a_b, true",
    "a?b, a.b, true",
  })
  void hiddenNamesAreTakenOnlyWhereTheyAreNamed(String glob, String path, boolean taken) {
    Glob visible = new Glob(glob, false);
    assertThat(visible.takes(path)).isEqualTo(taken);
    assertThat(takes(glob, path)).isTrue();
    for (int end = path.indexOf('/'); taken && end > 0; end = path.indexOf('/', end + 1)) {
      assertThat(visible.enters(path.substring(0, end))).isTrue();
    }
  }

  @Test
  void noHiddenFolderIsEnteredThatIsNotNamed() {
    assertThat(new Glob("**", false).enters("a/_b")).isFalse();
    assertThat(new Glob("**/x/*.txt", false).enters(".git")).isFalse();
    assertThat(new Glob("*/*.txt", false).enters("_b")).isFalse();
    assertThat(new Glob("*/*.txt", false).enters("b")).isTrue();
  }

  @Test
  void entersOnlyFoldersThatCouldHoldAMatch() {
    Glob glob = new Glob("{a,b*}/c/*.txt", true);
    assertThat(glob.enters("a")).isTrue();
    assertThat(glob.enters("bx/c")).isTrue();
    assertThat(glob.enters("c")).isFalse();
    assertThat(glob.enters("a/c/d")).isFalse();
    assertThat(new Glob("a/**", true).enters("a/b/c")).isTrue();
    assertThat(new Glob("a/**", true).enters("b")).isFalse();
    assertThat(new Glob("**/x", true).enters("any/where")).isTrue();
  }

  @Test
  void agreesWithTheJdkAndEntersEveryFolderAboveAMatch() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    String[] globs = {"a", "b", "/", "*", "?", "[ab]", "[!a]", "{a,bb}", "**"};
    int matches = 0;
    for (int i = 0; i < 100_000; i++) {
      String glob = joined(random, globs, 6);
      String path = joined(random, new String[] {"a", "b", "/"}, 6);
      // The JDK joins what Path would normalize, and reads three stars and **/ in its own way.
      if ((glob + path).matches(".*//.*|.*\\*\\*\\*.*")
          || glob.matches("(.*/)?\\*\\*/.*")
          || path.startsWith("/")
          || path.endsWith("/")
          || glob.startsWith("/")
          || path.isEmpty()) {
        continue;
      }
      PathMatcher jdk = FileSystems.getDefault().getPathMatcher("glob:" + glob);
      boolean expected = jdk.matches(Path.of(path));
      String what = "seed " + seed + ": " + glob + " on " + path;
      Glob ours = new Glob(glob, true);
      assertThat(ours.takes(path)).as(what).isEqualTo(expected);
      if (expected) {
        matches++;
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
          assertThat(ours.enters(path.substring(0, slash))).as(what).isTrue();
        }
      }
    }
    assertThat(matches).isGreaterThan(1000);
  }

  private static String joined(Random random, String[] pieces, int most) {
    StringBuilder out = new StringBuilder();
    for (int n = 1 + random.nextInt(most); n > 0; n--) {
      out.append(pieces[random.nextInt(pieces.length)]);
    }
    return out.toString();
  }
}
