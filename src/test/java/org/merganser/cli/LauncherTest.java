package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.ChildProcess;

/**
 * Runs the script {@code merganser} in a checkout that looks built: its jar only names the classes
 * under test.
 */
@Tag("run")
final class LauncherTest {
  @TempDir Path folder;
  private Path checkout;

  @BeforeEach
  void makeACheckout() throws IOException, InterruptedException {
    checkout = Files.createDirectories(folder.resolve("a checkout"));
    Files.createDirectories(checkout.resolve("src/main"));
    Files.createFile(checkout.resolve("pom.xml"));
    Files.createDirectories(checkout.resolve("target/lib"));
    Files.createDirectories(checkout.resolve("src/dist"));
    for (String file : List.of("merganser", "src/dist/checkout.sh", "src/dist/jvm.options")) {
      Files.copy(Path.of(file), checkout.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    attributes.put(
        Attributes.Name.CLASS_PATH,
        Arrays.stream(System.getProperty("java.class.path").split(":", -1))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" ")));
    try (OutputStream out = Files.newOutputStream(checkout.resolve("target/merganser.jar"))) {
      new JarOutputStream(out, manifest).close();
    }
    Files.createDirectories(checkout.resolve("target/jsa"));
    putAnEmptyArchive();
  }

  /** So that no start prepares later ones. It has the name that the launcher looks for. */
  private void putAnEmptyArchive() throws IOException, InterruptedException {
    String name =
        """
        jar=$1/target/merganser.jar
        java_home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
        stem=$( (cksum "$jar" "$java_home/release"; date -r "$jar" +%s) | cksum | tr ' ' -)
        : >"$1/target/jsa/$stem-0.jsa"
        """;
    ProcessBuilder builder = new ProcessBuilder("sh", "-ec", name, "sh", checkout.toString());
    assertThat(ChildProcess.start(builder).waitFor()).isZero();
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> all = Files.list(checkout.resolve("target/jsa"))) {
      return all.sorted().toList();
    }
  }

  @Test
  void runsThroughALinkToALink() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path first = bin.resolve("first");
    Files.createSymbolicLink(first, Path.of("../a checkout/merganser"));
    Path second = folder.resolve("second");
    Files.createSymbolicLink(second, first.toAbsolutePath());
    assertThat(run(second, Map.of(), "schema").succeeded().out()).contains("Merganser job");
    assertThat(bin.resolve("target")).doesNotExist();
    assertThat(folder.resolve("target")).doesNotExist();
  }

  @Test
  void printsCommandsAsItWasCalledItself() throws Exception {
    Path corpus = Files.writeString(folder.resolve("a.txt"), "The sun rises in the east.\n");
    Path job = folder.resolve("its job.yaml");
    Path script = checkout.resolve("merganser");
    String[] init = {"init", corpus.toString(), "--output", job.toString()};
    assertThat(run(Map.of(), init).succeeded().out())
        .endsWith("'%s' run '%s'\n".formatted(script, job));
    assertThat(job).content().contains("#   1. '%s' run JOB ".formatted(script));
    assertThat(run(Map.of(), "verify", "--help").succeeded().out())
        .contains("Usage: '%s' verify ".formatted(script), "'%s' verify target/".formatted(script));
    assertThat(run(Map.of("PATH", checkout + ":" + System.getenv("PATH")), "log", "--help").out())
        .startsWith("Usage: merganser log ");
    String docker = "docker run -it merganser";
    assertThat(run(Map.of("MERGANSER_COMMAND", docker), "log", "--help").out())
        .startsWith("Usage: " + docker + " log ");
    assertThat(run(Map.of("MERGANSER_COMMAND", "x/m"), "generate-completion").succeeded().out())
        .contains("complete -F _complete_merganser ")
        .doesNotContain("x/m");
  }

  @Test
  void theExamplesOfTheHelpWriteWhereTheReleaseSays() throws Exception {
    String[] help = {"predict", "--help"};
    assertThat(run(Map.of(), help).succeeded().out()).contains("predict target/tutorial 'The");
    assertThat(run(Map.of("MERGANSER_EXAMPLES", "~/merganser"), help).succeeded().out())
        .contains("predict ~/merganser/tutorial 'The")
        .doesNotContain("target/");
    assertThat(Path.of("merganser")).content().contains("export MERGANSER_EXAMPLES=");
  }

  /** A java that writes the archive that it is told to write, and prints how it was called. */
  private Map<String, String> javaThatMakesArchives() throws IOException {
    return Map.of(
        "JAVA_HOME",
        installJava(
            """
            for argument; do
              case $argument in
                -XX:ArchiveClassesAtExit=*) echo made >"${argument#*=}" ;;
              esac
            done
            echo "$@"
            """));
  }

  /** Installs a java that is a shell script; returns its JAVA_HOME. */
  private String installJava(String script) throws IOException {
    Path home = folder.resolve("jdk");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + script);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return home.toString();
  }

  /** Runs the launcher twice: only the first start makes an archive, and both use it. */
  private Path makesItsArchiveOnce(Map<String, String> environment) throws Exception {
    CommandLineRun first = run(environment, "run", "job.yaml").succeeded();
    assertThat(first.err()).contains("prepares later ones");
    String option = "-XX:SharedArchiveFile=";
    int from = first.out().indexOf(option) + option.length();
    assertThat(from).isGreaterThan(option.length());
    Path used = Path.of(first.out().substring(from, first.out().indexOf(".jsa ", from) + 4));
    assertThat(used).hasContent("made");
    assertThat(used.getFileName().toString()).endsWith("-5.jsa");
    CommandLineRun second = run(environment, "run", "job.yaml").succeeded();
    assertThat(second.err()).isEmpty();
    assertThat(second.out()).isEqualTo(first.out());
    return used;
  }

  @Test
  void makesAnArchiveOfClassesForAJarThatMavenAloneBuilt() throws Exception {
    Map<String, String> environment = javaThatMakesArchives();
    Path jar = checkout.resolve("target/merganser.jar");
    Path first = makesItsArchiveOnce(environment);
    FileTime built = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(first, FileTime.from(built.toInstant().plusSeconds(1)));
    Files.setLastModifiedTime(jar, FileTime.from(built.toInstant().plusSeconds(2)));
    Path second = makesItsArchiveOnce(environment);
    assertThat(second).isNotEqualTo(first);
    assertThat(archives()).as("that of the jar before is deleted").containsExactly(second);
  }

  @Test
  void makesTheArchiveAgainThatWasCutShort() throws Exception {
    Map<String, String> environment = javaThatMakesArchives();
    Path first = makesItsArchiveOnce(environment);
    Files.writeString(first, "mad");
    assertThat(makesItsArchiveOnce(environment)).isEqualTo(first);
    Files.writeString(first, "");
    assertThat(run(environment, "schema").succeeded().out()).doesNotContain("SharedArchiveFile");
    assertThat(first).doesNotExist();
  }

  @Test
  void makesAnArchiveOfItsOwnInACheckoutThatWasCopiedOrMoved() throws Exception {
    Map<String, String> environment = javaThatMakesArchives();
    Path before = makesItsArchiveOnce(environment);
    Path moved = folder.resolve("moved");
    Files.move(checkout, moved);
    checkout = moved;
    Path after = makesItsArchiveOnce(environment);
    assertThat(after.getFileName()).isNotEqualTo(before.getFileName());
    assertThat(after.getParent()).isEqualTo(moved.resolve("target/jsa"));
  }

  @Test
  void makesAnArchiveForEachJava() throws Exception {
    Map<String, String> environment = javaThatMakesArchives();
    Path first = makesItsArchiveOnce(environment);
    Path release = Path.of(environment.get("JAVA_HOME")).resolve("release");
    Files.writeString(release, "JAVA_VERSION=\"17.0.99\"\n");
    assertThat(makesItsArchiveOnce(environment)).isNotEqualTo(first);
    assertThat(first).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "schema, true",
    "audit tokenizer.json, true",
    "run job.yaml --explain, true",
    "run job.yaml, false",
    "tokenize --tokenizer t word, true",
    "tokenize --tokenizer t --jsonl, false",
    "encode --input corpus, false"
  })
  void optimizesOnlyWhatGrowsWithTheCorpus(String line, boolean once) throws Exception {
    CommandLineRun run = run(javaThatMakesArchives(), line.split(" ")).succeeded();
    assertThat(run.out().contains("-XX:TieredStopAtLevel=1 ")).isEqualTo(once);
  }

  @Test
  void makesNoArchiveForACommandThatOnlySaysSomething() throws Exception {
    List<Path> before = archives();
    CommandLineRun run = run(javaThatMakesArchives(), "schema").succeeded();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).doesNotContain("SharedArchiveFile");
    assertThat(archives()).isEqualTo(before);
  }

  @Test
  void usesTheJavaOfJavaHome() throws Exception {
    String home = installJava("echo \"$0\" \"$@\"\n");
    assertThat(run(Map.of("JAVA_HOME", home), "schema").succeeded().out())
        .startsWith(home + "/bin/java ");
  }

  @Test
  void refusesAJavaHomeWithoutJava() throws Exception {
    CommandLineRun run = run(Map.of("JAVA_HOME", "/nowhere"), "schema");
    assertThat(run.endedWith(1).err()).contains("JAVA_HOME is /nowhere, which has no bin/java");
  }

  @Test
  void beginsWithASmallerHeapWhereTheLargestIsSmaller() throws Exception {
    for (String heap : List.of("-Xmx128m", "-XX:MaxHeapSize=128m")) {
      assertThat(run(Map.of("MERGANSER_OPTS", heap), "schema").succeeded().out())
          .as(heap)
          .contains("Merganser job");
    }
  }

  @Test
  void saysTheHeapOnlyWhereTheUserDoesNot() throws Exception {
    Map<String, String> expected =
        new TreeMap<>(
            Map.of(
                "", "-Xmx2g -Xms256m -XX:MaxNewSize=500m",
                "-ea", "-Xmx2g -Xms256m -XX:MaxNewSize=500m",
                "-Xmx8g", "-Xms256m",
                "-Xmx256m", "-Xms256m",
                "-Xmx255m", "",
                "-Xmx131072k", "",
                "-Xmx134217728", "",
                "-Xmx16m -Xmx1g", "-Xms256m",
                "-XX:MaxRAMPercentage=50", ""));
    String home =
        installJava(
            """
            for argument; do
              case $argument in
                @*) sed '/^#/d' "${argument#@}" ;;
                *) echo "$argument" ;;
              esac
            done | tr '\\n' ' '
            """);
    for (Map.Entry<String, String> pair : expected.entrySet()) {
      String given = pair.getKey();
      String line =
          run(Map.of("JAVA_HOME", home, "MERGANSER_OPTS", given), "schema").succeeded().out();
      String before = line.substring(0, line.indexOf("-XX:+UseParallelGC"));
      assertThat(before.strip()).as(given).isEqualTo(pair.getValue());
      assertThat(line).contains(given + " -jar");
    }
  }

  @Test
  void refusesAHeapWithoutAUnit() throws Exception {
    for (String heap : List.of("-Xmx8", "-Xmx8GB", "-Xmxmany", "-Xmx", "-XX:MaxHeapSize=4")) {
      assertThat(run(Map.of("MERGANSER_OPTS", heap), "schema").endedWith(2).err())
          .contains("MERGANSER_OPTS: " + heap + " is no heap for a job", "such as -Xmx8g");
    }
  }

  @Test
  void makesNoNamesOfFilesOfAStarInItsOptions() throws Exception {
    String home = installJava("echo \"$@\"\n");
    String line =
        run(Map.of("JAVA_HOME", home, "MERGANSER_OPTS", "-Dx=1 * *.xml"), "schema")
            .succeeded()
            .out();
    assertThat(line).contains(" -Dx=1 * *.xml -jar");
  }

  @Test
  void saysThatTheCurrentFolderIsGone() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("gone.sh"),
            "#!/bin/sh\nmkdir \"$1\"; cd \"$1\"; rmdir \"$1\"; exec \"$2\" schema\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    CommandLineRun run =
        run(
            script,
            Map.of(),
            folder.resolve("gone").toString(),
            checkout.resolve("merganser").toString());
    assertThat(run.endedWith(1).err())
        .endsWith("merganser: the current folder is gone; change to one that exists\n")
        .doesNotContain("java");
  }

  @Test
  void readsFilesWhoseNamesAreNotAsciiInAnyLocale() throws Exception {
    Path corpus = Files.createDirectories(folder.resolve("größe"));
    Files.writeString(corpus.resolve("日本語.txt"), "The sun rises in the east.\n");
    Path job =
        Files.writeString(
            folder.resolve("größe.yaml"),
            "corpus: { inputs: [ größe ] }\n"
                + "tokenizer: { train: { vocabSize: 260, pattern: gpt2 } }\n"
                + "output: größer\n");
    for (Map<String, String> locale :
        List.of(
            Map.of("LC_ALL", "POSIX"),
            Map.of("LC_ALL", ""),
            Map.of("LC_ALL", "", "LANG", "xx_XX.UTF-8"))) {
      assertThat(run(locale, "run", job.toString(), "--explain").succeeded().out())
          .as(locale.toString())
          .contains("output: \"größer\"", "日本語.txt");
    }
  }

  @Test
  void buildsTheJarOfAnEngineAgainWithTheFileSystemsThatItHad() throws Exception {
    Path clusters = Files.createDirectories(checkout.resolve("src/clusters/spark"));
    Files.createFile(clusters.resolve("pom.xml"));
    Files.createFile(clusters.resolveSibling("pom.xml"));
    Files.copy(Path.of("src/clusters/engine.sh"), clusters.resolveSibling("engine.sh"));
    Path scripts = clusters.resolveSibling("spark.sh");
    Path mvn = Files.createDirectories(folder.resolve("bin")).resolve("mvn");
    Map<String, String> environment = environment(mvn, "");
    writeScript(scripts, "");
    Path jar = checkout.resolve("target/spark/merganser-spark.jar");
    Map<String, String> expected = new TreeMap<>();
    expected.put("org/apache/beam/sdk/io/Aws.class", "-am -Dmaven.test.skip=true package");
    expected.put("org/apache/beam/sdk/io/aws2/s3/S3.class", "-am -Ps3 -Dmaven.test.skip=true");
    expected.put("org/apache/beam/sdk/extensions/gcp/storage/G.class", "-am -Pgcs -Dmaven");
    for (Map.Entry<String, String> pair : expected.entrySet()) {
      Files.createDirectories(jar.getParent());
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
        out.putNextEntry(new ZipEntry(pair.getKey()));
      }
      Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
      run(environment, "run", "job.yaml", "--runner=SparkRunner").succeeded();
      assertThat(folder.resolve("bin/mvn.said"))
          .content()
          .contains("-f src/clusters -pl spark " + pair.getValue());
    }
  }

  /** Installs a mvn that notes its arguments, and a java that does nothing. */
  private Map<String, String> environment(Path mvn, String more) throws IOException {
    writeScript(mvn, more);
    String path = mvn.getParent() + ":" + System.getenv("PATH");
    return Map.of("JAVA_HOME", installJava("exit 0\n"), "PATH", path);
  }

  private static void writeScript(Path script, String more) throws IOException {
    Files.writeString(script, "#!/bin/sh\necho \"$@\" >\"$0.said\"\n" + more);
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1"})
  void buildsWithoutChecksThatTheNextMavenMakesUpFor(int ofMaven, int exitCode) throws Exception {
    Path mvn = Files.createDirectories(folder.resolve("bin")).resolve("mvn");
    String compiles = "mkdir -p target/maven-status; touch target/merganser.jar; exit " + ofMaven;
    Map<String, String> environment = environment(mvn, compiles);
    Files.delete(checkout.resolve("target/merganser.jar"));
    run(environment, "run", "job.yaml").endedWith(exitCode);
    assertThat(folder.resolve("bin/mvn.said")).content().contains(" -Dcompiler.checks=-Xlint:all ");
    assertThat(checkout.resolve("target/maven-status")).doesNotExist();
    assertThat(Path.of("pom.xml"))
        .content()
        .contains("<compiler.checks>-Xplugin:ErrorProne ", "<arg>${compiler.checks}</arg>");
  }

  private CommandLineRun run(Map<String, String> environment, String... args) throws Exception {
    return run(checkout.resolve("merganser"), environment, args);
  }

  /** Runs the script as a process that has these variables besides its own. */
  static CommandLineRun run(Path script, Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    Path err = Files.createTempFile("merganser", ".err");
    ProcessBuilder builder = new ProcessBuilder(script.toString());
    builder.command().addAll(List.of(args));
    for (String name :
        List.of("LANG", "LC_ALL", "LC_CTYPE", "JAVA_HOME", "MERGANSER_OPTS", "MERGANSER_COMMAND")) {
      builder.environment().remove(name);
    }
    builder.environment().putAll(environment);
    builder.environment().putIfAbsent("LC_ALL", "C.UTF-8");
    builder.redirectError(err.toFile());
    Process process = ChildProcess.start(builder);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    String said = Files.readString(err);
    Files.delete(err);
    return new CommandLineRun(exitCode, out, said);
  }
}
