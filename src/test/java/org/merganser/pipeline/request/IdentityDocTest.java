package org.merganser.pipeline.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.cli.CommandLineRun;
import org.merganser.output.manifest.Manifest;

/** The names that docs/identity.md makes by hand are those of the program. */
class IdentityDocTest {
  @TempDir Path folder;

  private List<String> bash(String script) throws Exception {
    Process process =
        ChildProcess.start(
            new ProcessBuilder("bash", "-euc", script)
                .redirectErrorStream(true)
                .directory(folder.toFile()));
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().toList();
  }

  @Test
  void theExampleByHandGivesTheNamesInTheManifest() throws Exception {
    Matcher block =
        Pattern.compile(
                "(?ms)^```sh\n(mkdir corpus.*?)^merganser run rose.yaml --quiet\n(.*?)^```$")
            .matcher(Files.readString(Path.of("docs/identity.md")));
    assertThat(block.find()).isTrue();
    bash(block.group(1));
    CommandLineRun.of("run", folder.resolve("rose.yaml").toString(), "--quiet").succeeded();
    List<String> byHand = bash(block.group(2));
    Manifest manifest = manifest("rose");
    assertThat(byHand).containsExactly(manifest.request().sha256(), manifest.data());
  }

  private Manifest manifest(String output) throws IOException {
    return Manifest.read(Files.readAllBytes(folder.resolve(output + "/manifest.json")), output);
  }
}
