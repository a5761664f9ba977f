package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import org.merganser.cli.job.ExitCode;
import org.merganser.json.Json;

/** The examples in docs/scheduling.md are tried as far as they can be without their schedulers. */
@Tag("run")
class SchedulingDocTest {
  private static final Path DOC = Path.of("docs/scheduling.md");

  @TempDir Path folder;

  private static List<String> blocks(String language) throws IOException {
    Matcher blocks =
        Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(Files.readString(DOC));
    return blocks.results().map(block -> block.group(1)).toList();
  }

  private int exitCode(String... command) throws Exception {
    Process process =
        ChildProcess.start(
            new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile()));
    String said = new String(process.getInputStream().readAllBytes());
    System.out.print(said);
    return process.waitFor();
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help --all", "run --help --all", "embeddings init --help --all"})
  void theHelpHasTheTableOfExitCodes(String words) {
    String help = CommandLineRun.line(words).out().replaceAll("\\s+", "");
    for (ExitCode code : ExitCode.values()) {
      assertThat(help).contains(code.code() + code.meaning().replaceAll("\\s+", ""));
    }
  }

  @Test
  void theLineOfTheCrontabRunsTheCommandInAShell() throws Exception {
    String line =
        blocks("crontab").get(0).lines().filter(l -> l.startsWith("15")).findFirst().orElseThrow();
    String command = line.replaceFirst("^(\\S+ ){5}", "");
    Path stub = folder.resolve("merganser");
    Files.writeString(stub, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(stub.toFile().setExecutable(true)).isTrue();
    command =
        command
            .replace("/opt/merganser/bin/merganser", stub.toString())
            .replace("/var/log", folder.toString());
    assertThat(exitCode("/bin/sh", "-c", command)).isZero();
    assertThat(Files.readAllLines(folder.resolve("merganser.log")))
        .containsExactly(
            "run",
            "/etc/merganser/nightly.yaml",
            "--events",
            folder.resolve("merganser.jsonl").toString());
    Files.writeString(stub, "#!/bin/sh\necho what went wrong\nexit 8\n");
    Path mail = folder.resolve("mail");
    assertThat(exitCode("/bin/sh", "-c", "{ " + command + "; } > " + mail)).isEqualTo(8);
    assertThat(Files.readString(mail))
        .startsWith("merganser ended with 8\n")
        .endsWith("what went wrong\n");
  }

  /** Damage and changed files are failures, and no try repeats them. */
  @Test
  void noExampleHidesOrRepeatsWhatAPersonHasToLookAt() throws IOException {
    String unit = blocks("ini").get(0);
    assertThat(unit).doesNotContain("SuccessExitStatus").contains("OnFailure=merganser-alert");
    List<String> codes = ExitCode.notRetried().stream().map(String::valueOf).toList();
    assertThat(unit).contains("RestartPreventExitStatus=" + String.join(" ", codes) + "\n");
    String listed = String.join(", ", codes);
    assertThat(blocks("python").get(0)).contains("NO_USE_TO_RETRY = {" + listed + "}");
    JsonNode job = new YAMLMapper().readTree(blocks("yaml").get(1));
    assertThat(job.at("/spec/podFailurePolicy/rules/0/onExitCodes/values").toString())
        .isEqualTo("[" + String.join(",", codes) + "]");
  }

  @Test
  void theUnitsOfSystemdAreAccepted() throws Exception {
    assumeThat(isInstalled("systemd-analyze")).as("systemd-analyze is installed").isTrue();
    for (String unit : blocks("ini")) {
      Matcher name = Pattern.compile("# /etc/systemd/system/(\\S+)").matcher(unit);
      assertThat(name.find()).isTrue();
      Files.writeString(
          folder.resolve(name.group(1)), unit.replace("/opt/merganser/bin/merganser", "/bin/true"));
    }
    assertThat(
            exitCode(
                "systemd-analyze",
                "verify",
                "--man=no",
                folder.resolve("merganser.service").toString(),
                folder.resolve("merganser-alert.service").toString(),
                folder.resolve("merganser.timer").toString()))
        .isZero();
  }

  @Test
  void theDagIsPython() throws Exception {
    assumeThat(isInstalled("python3")).as("python3 is installed").isTrue();
    Path dag = Files.writeString(folder.resolve("dag.py"), blocks("python").get(0));
    assertThat(exitCode("python3", "-m", "py_compile", dag.toString())).isZero();
  }

  @Test
  void theFirstJobKeepsItsVocabularyAndItsShards() throws IOException {
    Path file = Files.writeString(folder.resolve("nightly.yaml"), blocks("yaml").get(0));
    CommandLineRun.of("run", file.toString(), "--explain").endedWith(2);
    JsonNode job = new YAMLMapper().readTree(file.toFile());
    assertThat(job.at("/tokenizer/load").asText()).isEqualTo("vocabulary");
    assertThat(job.at("/corpus/append").asBoolean()).isTrue();
    assertThat(blocks("sh").get(0))
        .startsWith("merganser train ")
        .endsWith("--output vocabulary\n");
  }

  /** The commands of a block, with names of files and folders below the temporary folder. */
  private CommandLineRun typed(String line, String sha256) {
    List<String> words =
        CommandLineRun.typed(
            line.replace("SHA256", sha256).replace("32000", "300"),
            word ->
                word.matches("corpus|vocabulary|tokenized|nightly.yaml")
                    ? folder.resolve(word).toString()
                    : word.replaceFirst("=(removed.txt|tokenized-2)$", "=" + folder + "/$1"));
    return CommandLineRun.of(words.subList(1, words.size()).toArray(String[]::new));
  }

  @Test
  void theCommandsOfThePageKeepAGrowingCorpusForSevenNights() throws IOException {
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Files.writeString(corpus.resolve("night-0.jsonl"), night(0));
    List<String> commands = blocks("sh").stream().flatMap(String::lines).toList();
    assertThat(commands).hasSize(6);
    typed(commands.get(0), "").succeeded();
    Files.writeString(folder.resolve("nightly.yaml"), blocks("yaml").get(0));
    String pinned = "";
    byte[] vocabulary = Files.readAllBytes(folder.resolve("vocabulary/tokenizer.json"));
    for (int night = 1; night <= 7; night++) {
      Files.writeString(corpus.resolve("night-" + night + ".jsonl"), night(night));
      if (night == 4) {
        Path gone = corpus.resolve("night-2.jsonl");
        Path kept = Files.move(gone, folder.resolve("kept.jsonl"));
        assertThat(typed(commands.get(1), "").endedWith(8).err()).contains("night-2.jsonl");
        Files.move(kept, gone);
      }
      typed(commands.get(1), "").succeeded();
      typed(commands.get(2), "").succeeded();
      assertThat(typed(commands.get(1), "").out()).doesNotContain("vocabulary changed");
      if (night == 3) {
        JsonNode log =
            Json.MAPPER.readTree(
                CommandLineRun.of("log", folder.resolve("tokenized").toString(), "--json").out());
        pinned = log.at("/versions/0/sha256").asText();
        assertThat(typed(commands.get(3), "").succeeded().out()).contains(pinned.substring(0, 12));
      }
    }
    typed(commands.get(4), pinned).succeeded();
    assertThat(folder.resolve("tokenized/tokenizer/tokenizer.json")).hasBinaryContent(vocabulary);
    Files.writeString(folder.resolve("removed.txt"), "3-1\n");
    typed(commands.get(5), "").succeeded();
    for (String out : List.of("tokenized", "tokenized-2")) {
      String ids =
          CommandLineRun.of("cat", folder.resolve(out).toString(), "--limit", "99")
              .succeeded()
              .out();
      assertThat(ids.contains("3-1")).isEqualTo(out.equals("tokenized"));
      assertThat(ids).contains("0-0", "3-0", "4-1", "7-1");
    }
  }

  private static String night(int number) {
    return "{\"id\": \"%1$d-0\", \"text\": \"The low tide of night %1$d.\"}\n{\"id\": \"%1$d-1\", \"text\": \"Lower tides.\"}\n"
        .formatted(number);
  }

  @Test
  void theJobOfKubernetesMountsWhatItNames() throws IOException {
    JsonNode job = new YAMLMapper().readTree(blocks("yaml").get(1));
    JsonNode pod = job.at("/spec/template/spec");
    JsonNode container = pod.at("/containers/0");
    List<String> volumes = pod.get("volumes").findValuesAsText("name").stream().toList();
    container
        .get("volumeMounts")
        .forEach(mount -> assertThat(volumes).contains(mount.get("name").asText()));
    assertThat(job.at("/spec/podFailurePolicy/rules/0/onExitCodes/containerName"))
        .isEqualTo(container.get("name"));
    assertThat(pod.get("restartPolicy").asText())
        .as("podFailurePolicy needs it")
        .isEqualTo("Never");
  }
}
