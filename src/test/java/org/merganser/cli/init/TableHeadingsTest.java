package org.merganser.cli.init;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.corpus.CorpusException;

class TableHeadingsTest {
  private static final String ROWS = "1\tA text\n2\tAnother text\n3\tA third one\n";

  @TempDir Path folder;

  private String proposed() throws IOException {
    JobProposal proposal = CorpusExamination.propose(List.of(folder.toString()));
    return new ProposedJobFile(proposal, input -> "corpus", null).yaml("My corpus", "out");
  }

  /** Runs the commands that a message prints. */
  private void obey() throws IOException, InterruptedException {
    Throwable asked = catchThrowable(this::proposed);
    assertThat(asked).isInstanceOf(CorpusException.class);
    String commands =
        asked
            .getMessage()
            .lines()
            .filter(line -> line.startsWith("sed ") || line.contains(" && mv "))
            .reduce("set -e\n", (all, line) -> all + line + "\n");
    ChildProcess.output(new ProcessBuilder("bash", "-c", commands));
  }

  @Test
  void theCommandAddsTheRowOfNamesThatATableLacks() throws IOException, InterruptedException {
    Path table = Files.writeString(folder.resolve("a file.tsv"), "\ufeff" + ROWS);
    assertThatThrownBy(this::proposed)
        .hasMessageStartingWith(
            folder
                + ": the first row of a file.tsv seems to be data, not names: \"1\" is a number, as"
                + " all cells below it are. The first row of a table names its columns, so this one"
                + " would be lost. If it is data, this adds a row of names, and keeps the file as"
                + " FILE.bak:\nsed -i.bak ")
        .hasMessageEndingWith("write a job with the column of the text as corpus.textField");
    obey();
    assertThat(table).hasContent("id\ttext\n" + ROWS);
    assertThat(proposed())
        .contains("textField: \"text\"")
        .contains("#     \"1\": \"A text\"\n")
        .contains("left out: backups of editors");
  }

  @Test
  void aCompressedTableIsDecompressed() throws IOException, InterruptedException {
    Path table = folder.resolve("a.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(table))) {
      out.write(ROWS.replace('\t', ',').getBytes(UTF_8));
    }
    obey();
    assertThat(table).doesNotExist();
    assertThat(folder.resolve("a.csv")).hasContent("id,text\n" + ROWS.replace('\t', ','));
  }

  @Test
  void whatIsBeforeTheNamesIsDeleted() throws IOException, InterruptedException {
    Path table = Files.writeString(folder.resolve("a.csv"), "A report\n\nid,text\n1,One\n2,Two\n");
    assertThatThrownBy(this::proposed).hasMessageContaining("it has 1 cell, and line 3 has 2");
    obey();
    assertThat(table).hasContent("id,text\n1,One\n2,Two\n");
  }

  @Test
  void oneCommandIsForTablesThatAreAlikeAndValidationFilesAreNamed() throws IOException {
    Files.writeString(folder.resolve("train.tsv"), ROWS);
    Files.writeString(folder.resolve("dev.tsv"), ROWS);
    assertThatThrownBy(this::proposed)
        .hasMessageContaining("sed -i.bak '1i id\\ttext' %1$s/dev.tsv %1$s/train.tsv\n", folder);
  }

  @Test
  void aRowThatMayBeNamesIsAskedFor() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "0,1\n7,Some text\n8,Other text\n");
    assertThatThrownBy(this::proposed)
        .hasMessageContaining("the first row of a.csv may be names or data: \"0\" is a number")
        .hasMessageEndingWith("as corpus.textField, such as textField: \"1\"");
  }

  @Test
  void recordsOfJsonHaveNoFirstRow() throws IOException {
    Files.writeString(folder.resolve("b.jsonl"), "{\"text\": \"A text.\", \"1\": 2}\n");
    assertThat(proposed()).contains("textField: \"text\"");
  }
}
