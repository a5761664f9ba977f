package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;

/**
 * Runs the script {@code merganser} in a release whose Java is a script that says its arguments. It
 * makes the archive of classes that it is asked for.
 */
final class ReleaseLauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      for argument; do
        case $argument in
          -XX:ArchiveClassesAtExit=*)
            echo classes >"${argument#*=}"
            if [ -e "$(dirname "$0")/slow" ]; then
              touch "$(dirname "$0")/started"
              exec sleep 600
            fi
            exit 0
            ;;
        esac
      done
      echo "$@"
      """;

  @TempDir Path folder;
  private Path jdk;
  private Path jar;
  private Path launcher;
  private Path cache;

  @BeforeEach
  void unpack() throws IOException {
    jdk = folder.resolve("jdk");
    Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
    Files.writeString(java, JAVA);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    installJava("17.0.19");
    Path home = Files.createDirectories(folder.resolve("a release"));
    jar = home.resolve("merganser.jar");
    writeJar("one");
    launcher = Files.createDirectories(home.resolve("bin")).resolve("merganser");
    Files.copy(Path.of("merganser"), launcher);
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    cache = folder.resolve("cache/merganser");
  }

  private void installJava(String version) throws IOException {
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  /** Archives are reproducible, so the jars of all releases may have one time. */
  private void writeJar(String content) throws IOException {
    Files.writeString(jar, content);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    return environment;
  }

  private CommandLineRun start() throws Exception {
    return LauncherTest.run(launcher, environment(), "run", "job.yaml").succeeded();
  }

  private List<Path> cached() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.sorted().toList();
    }
  }

  @Test
  void makesAnArchiveOnceAndUsesIt() throws Exception {
    CommandLineRun first = start();
    assertThat(first.err()).contains("prepares later ones");
    Path archive = cached().get(0);
    assertThat(cached()).containsExactly(archive);
    assertThat(first.out()).contains("-XX:SharedArchiveFile=" + archive);
    CommandLineRun second = start();
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).isEqualTo(first.out());
  }

  @Test
  void usesNoArchiveOfAnOlderReleaseOrJavaInTheSamePlace() throws Exception {
    start();
    writeJar("two");
    assertThat(start().err()).contains("prepares later ones");
    installJava("17.0.20");
    assertThat(start().err()).contains("prepares later ones");
    assertThat(cached()).hasSize(3);
    writeJar("one");
    installJava("17.0.19");
    assertThat(start().err()).isEmpty();
  }

  @Test
  void usesAnArchiveInAFolderThatItCannotWrite() throws Exception {
    start();
    assertThat(cache.toFile().setWritable(false)).isTrue();
    assertThat(start().out()).contains("-XX:SharedArchiveFile=" + cached().get(0));
    assertThat(cache.toFile().setWritable(true)).isTrue();
  }

  @Test
  void deletesArchivesThatWereNotUsedForAMonth() throws Exception {
    start();
    Path old = cached().get(0);
    Files.setAttribute(
        old, "lastAccessTime", FileTime.from(Instant.now().minusSeconds(40L * 86_400)));
    Path foreign = Files.writeString(cache.resolve("note.txt"), "mine");
    Files.setAttribute(
        foreign, "lastAccessTime", FileTime.from(Instant.now().minusSeconds(40L * 86_400)));
    writeJar("two");
    start();
    assertThat(cached()).hasSize(2).contains(foreign).doesNotContain(old);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_442", "9", "11.0.26", "16.0.2"})
  void refusesAnOlderJava(String version) throws Exception {
    installJava(version);
    CommandLineRun run = LauncherTest.run(launcher, environment(), "run", "job.yaml");
    assertThat(run.endedWith(1).err())
        .contains(jdk + " has Java " + version + "; install Java 17 or newer")
        .doesNotContain("prepares");
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void endsByASignalWhileItMakesTheArchiveAndLeavesNothing(String signal, int exitCode)
      throws Exception {
    Files.createFile(jdk.resolve("bin/slow"));
    ProcessBuilder builder =
        new ProcessBuilder(
            ChildProcess.heedingSignals(List.of(launcher.toString(), "run", "job.yaml")));
    builder.environment().putAll(environment());
    Process process = ChildProcess.start(builder.redirectErrorStream(true));
    assertThat(process.inputReader().readLine()).contains("prepares later ones");
    while (!Files.exists(jdk.resolve("bin/started"))) {
      assertThat(process.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    List<ProcessHandle> children = process.descendants().toList();
    assertThat(children).isNotEmpty();
    ChildProcess.start(new ProcessBuilder("kill", "-s", signal, "" + process.pid())).waitFor();
    assertThat(process.waitFor()).isEqualTo(exitCode);
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(cached()).isEmpty();
  }
}
