package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.pipeline.OutputTree;
import picocli.CommandLine;

/**
 * The archive that {@code mvn -Prelease package} makes, as a user unpacks and runs it. Runs with
 * {@code mvn surefire:test -Dtest.groups=release}. {@code -Dmerganser.javaHomes=A:B} tries other
 * installations of Java as well.
 */
@Tag("release")
final class ReleaseTest {
  /** All that the launcher asks of a system, besides Java. */
  private static final List<String> PROGRAMS =
      """
      sh basename cat cksum date dirname echo find head locale ls mkdir mktemp mv readlink rm sed
      sync tr wc
      """
          .strip()
          .transform(names -> List.of(names.split("\\s+")));

  /** Packages of the tokenizer, which an application may use without the pipeline's libraries. */
  private static final String CORE =
      "org\\.merganser\\.(checksum|binary|json|text|bpe|tokenizer)(\\..*)?";

  @TempDir static Path folder;
  private static Path release;
  private static Path programs;

  @BeforeAll
  static void unpack() throws IOException, InterruptedException {
    Path archive;
    try (Stream<Path> files = Files.list(Path.of("target", "dist"))) {
      archive =
          files
              .filter(f -> f.getFileName().toString().matches("merganser-[0-9.]+\\.tar\\.gz"))
              .findAny()
              .orElseThrow();
    }
    Path home = Files.createDirectories(folder.resolve("a folder with spaces"));
    run("tar", "-xzf", archive.toAbsolutePath().toString(), "-C", home.toString());
    String name = archive.getFileName().toString();
    release = home.resolve(name.substring(0, name.length() - ".tar.gz".length()));
    run("chmod", "-R", "a-w", release.toString());
    programs = Files.createDirectories(folder.resolve("programs"));
    for (String program : PROGRAMS) {
      Files.createSymbolicLink(programs.resolve(program), onPath(program));
    }
  }

  /** So that the test's folder can be deleted. */
  @AfterAll
  static void allowWriting() throws IOException, InterruptedException {
    run("chmod", "-R", "u+w", release.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(ChildProcess.start(new ProcessBuilder(command).inheritIO()).waitFor()).isZero();
  }

  private static Path onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(entry -> Path.of(entry, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError(program + " is not on the PATH"));
  }

  /** No Maven, no Java on the path, no locale, a home of its own, through a link. */
  private static Map<String, String> environment(String home, String javaHome) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", programs.toString());
    environment.put("HOME", folder.resolve(home).toString());
    environment.put("XDG_CACHE_HOME", "");
    environment.put("LC_ALL", "POSIX");
    environment.put("JAVA_HOME", javaHome);
    return environment;
  }

  @Test
  void runsTheSampleWithEachJavaAndWritesNothingIntoItself() throws Exception {
    List<String> filesBefore = OutputTree.files(release);
    Map<String, String> before = OutputTree.sums(release);
    Path link = folder.resolve("merganser");
    Files.createSymbolicLink(link, release.resolve("bin/merganser"));
    String job = release.resolve("pipelines/sample.yaml").toString();
    Path expected = folder.resolve("expected");
    assertThat(CommandLineRun.of("run", job, "--set", "output=" + expected).exitCode()).isZero();
    List<String> homes = new ArrayList<>(List.of(System.getProperty("java.home")));
    String others = System.getProperty("merganser.javaHomes", "");
    Stream.of(others.split(":", -1)).filter(home -> !home.isEmpty()).forEach(homes::add);
    for (int i = 0; i < homes.size(); i++) {
      Map<String, String> environment = environment("home-" + i, homes.get(i));
      Path output = folder.resolve("größe-" + i);
      String[] run = {"run", job, "--set", "output=" + output};
      CommandLineRun first = LauncherTest.run(link, environment, run).succeeded();
      assertThat(first.err()).contains("prepares later ones").doesNotContain("WARNING");
      assertThat(OutputTree.sums(output)).as(homes.get(i)).isEqualTo(OutputTree.sums(expected));
      CommandLineRun second = LauncherTest.run(link, environment, run).succeeded();
      assertThat(second.out()).startsWith("Nothing to do");
      assertThat(second.err()).doesNotContain("prepares later ones");
      try (Stream<Path> cache =
          Files.list(folder.resolve("home-" + i).resolve(".cache/merganser"))) {
        assertThat(cache.map(Path::toString)).singleElement().asString().endsWith(".jsa");
      }
    }
    assertThat(OutputTree.files(release)).isEqualTo(filesBefore);
    assertThat(OutputTree.sums(release)).isEqualTo(before);
  }

  /**
   * As its README begins: from the read-only folder itself, and from another folder by its path.
   */
  @Test
  void theFirstCommandsOfItsReadmeWorkInAFolderThatIsReadOnly() throws Exception {
    List<String> filesBefore = OutputTree.files(release);
    Map<String, String> before = OutputTree.sums(release);
    List<String> commands =
        Files.readString(release.resolve("README.md"))
            .lines()
            .filter(line -> line.startsWith("bin/merganser "))
            .toList();
    assertThat(commands).hasSize(3);
    Path elsewhere = Files.createDirectories(folder.resolve("another folder"));
    for (Path from : List.of(release, elsewhere)) {
      String home = from == release ? "home-r" : "home-f";
      Path ofUser = Files.createDirectories(folder.resolve(home));
      for (String command : commands) {
        String typed = command.replace("FOLDER", "sample-data/corpus");
        if (from != release) {
          typed =
              typed.replaceAll("(bin/merganser|sample-data/|pipelines/)", "'" + release + "'/$1");
        }
        Process shell =
            ChildProcess.start(
                inEnvironment(
                    new ProcessBuilder(programs.resolve("sh").toString(), "-c", typed),
                    environment(home, System.getProperty("java.home")),
                    from));
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(typed + "\n" + said).isZero();
      }
      assertThat(ofUser.resolve("merganser/sample/report.html")).isRegularFile();
      assertThat(ofUser.resolve("job.yaml")).isRegularFile();
      try (Stream<Path> reports = Files.find(ofUser, 3, (f, a) -> f.endsWith("report.html"))) {
        assertThat(reports).as("of the sample and of job.yaml").hasSize(2);
      }
    }
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(OutputTree.files(release)).isEqualTo(filesBefore);
    assertThat(OutputTree.sums(release)).isEqualTo(before);
  }

  private static ProcessBuilder inEnvironment(
      ProcessBuilder builder, Map<String, String> environment, Path folder) {
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.directory(folder.toFile()).redirectErrorStream(true);
  }

  @Test
  void runsWithoutAFolderForItsCache() throws Exception {
    Path file = Files.createFile(folder.resolve("home-is-a-file"));
    Map<String, String> environment =
        environment(file.getFileName().toString(), System.getProperty("java.home"));
    String tokenizer = release.resolve("no-such-file.json").toString();
    CommandLineRun run =
        LauncherTest.run(release.resolve("bin/merganser"), environment, "tokenize", tokenizer);
    assertThat(run.err()).contains("no-such-file.json").doesNotContain("prepares later ones");
  }

  @Test
  void saysItsVersionTheCommitAndTheJava() throws Exception {
    Map<String, String> environment = environment("home-v", System.getProperty("java.home"));
    CommandLineRun run =
        LauncherTest.run(release.resolve("bin/merganser"), environment, "--version").succeeded();
    assertThat(run.out().strip())
        .matches("merganser \\d+\\.\\d+\\.\\d+ \\(commit (unknown|[0-9a-f]{7,}), Java .+\\)");
    assertThat(run.out()).contains(Runtime.version().toString());
    assertThat(release.getFileName().toString())
        .isEqualTo("merganser-" + run.out().split(" ", -1)[1]);
  }

  @Test
  void namesTheArchiveThatAnEngineNeeds() throws Exception {
    Map<String, String> environment = environment("home-e", System.getProperty("java.home"));
    String job = release.resolve("pipelines/sample.yaml").toString();
    CommandLineRun run =
        LauncherTest.run(
            release.resolve("bin/merganser"), environment, "run", job, "--runner=FlinkRunner");
    assertThat(run.endedWith(2).err()).contains("merganser-flink", "docs/clusters.md");
  }

  @Test
  void hasAManualPageForEachCommandAndCompletionForBash() throws Exception {
    TreeSet<String> pages = new TreeSet<>();
    collectPages(Main.commandLine(), "", pages);
    try (Stream<Path> files = Files.list(release.resolve("man/man1"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(pages);
    }
    for (String page : pages) { // target is a folder of a checkout
      assertThat(release.resolve("man/man1").resolve(page)).content().doesNotContain("target/");
    }
    Process bash =
        ChildProcess.start(
            new ProcessBuilder("bash", "-c", "source completion/merganser && complete -p merganser")
                .directory(release.toFile())
                .redirectErrorStream(true));
    String said = new String(bash.getInputStream().readAllBytes());
    assertThat(bash.waitFor()).as(said).isZero();
  }

  private static void collectPages(CommandLine command, String prefix, TreeSet<String> pages) {
    String name = prefix + command.getCommandName();
    pages.add(name + ".1");
    command.getSubcommands().values().forEach(child -> collectPages(child, name + "-", pages));
  }

  @Test
  void theCoreNeedsJacksonAndNothingElse() {
    String jar = release.resolve("merganser.jar").toString();
    StringWriter out = new StringWriter();
    int exitCode =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                "--ignore-missing-deps",
                "--multi-release",
                "17",
                "-verbose:package",
                jar);
    assertThat(exitCode).as(out.toString()).isZero();
    // "   org.merganser.bpe   -> java.lang   java.base"
    String from = "";
    TreeSet<String> core = new TreeSet<>();
    TreeSet<String> wrong = new TreeSet<>();
    for (String line : out.toString().lines().toList()) {
      String[] words = line.strip().split("\\s+");
      int arrow = List.of(words).indexOf("->");
      if (!line.startsWith("   ") || arrow < 0) {
        continue;
      }
      from = arrow == 0 ? from : words[0];
      String to = words[arrow + 1];
      if (from.matches(CORE)) {
        core.add(from);
        if (!to.matches(CORE + "|java\\..*|com\\.fasterxml\\.jackson\\..*|org\\.jspecify\\..*")) {
          wrong.add(from + " -> " + to);
        }
      }
    }
    assertThat(core).contains("org.merganser.bpe.encode", "org.merganser.tokenizer");
    assertThat(wrong).isEmpty();
  }
}
