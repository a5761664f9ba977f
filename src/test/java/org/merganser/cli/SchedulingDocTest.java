package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;

/** The examples in docs/scheduling.md are tried as far as they can be without their schedulers. */
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
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    System.out.print(said);
    return process.exitValue();
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
  }

  @Test
  void theTableOfExitCodesIsThatOfTheHelp() throws IOException {
    String help = CommandLineRun.of("--help").out();
    Matcher codes = Pattern.compile("(?m)^ {2,4}(\\d+)  ").matcher(help);
    List<String> told = codes.results().map(code -> code.group(1)).toList();
    assertThat(told).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "130");
    for (String code : told) {
      assertThat(Files.readString(DOC)).containsPattern("(?m)^\\| " + code + "[ ,]");
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
    CommandLineRun.of("run", file.toString(), "--explain").endedWith(1);
    JsonNode job = new YAMLMapper().readTree(file.toFile());
    assertThat(job.at("/tokenizer/load").asText()).isEqualTo("vocabulary");
    assertThat(job.at("/corpus/append").asBoolean()).isTrue();
    assertThat(blocks("sh").get(0))
        .startsWith("merganser train ")
        .endsWith("--output vocabulary\n");
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
