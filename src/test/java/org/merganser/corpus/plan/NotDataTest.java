package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFile;
import org.merganser.json.Json;

/** What lies beside a corpus is left out of folders by a list, and is reported. */
final class NotDataTest {
  private static final String CARD = "---\nlicense: mit\ntask_categories:\n- qa\n---\n# Data\n";

  @TempDir Path folder;

  private void tree(String... paths) throws IOException {
    for (String path : paths) {
      write(path, "{\"text\": \"a\"}\n");
    }
  }

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private final SkippedInputs skipped = new SkippedInputs();

  private List<String> read(boolean all, String input) throws IOException {
    CorpusSettings settings =
        CorpusSettings.builder(CorpusInput.of(List.of(input))).includeAll(all).build();
    return CorpusPlanner.list(settings, skipped).stream().map(InputFile::path).toList();
  }

  @Test
  void filesThatAreStillUploadedAreLeftOutUnlessAGlobSpellsTheirEnd() throws IOException {
    tree("a.jsonl", "b.jsonl.part", "c.txt.tmp", "d.PARTIAL", "part-00000", "e.parts");
    assertThat(read(false, folder + "/*.part")).containsExactly("b.jsonl.part");
    assertThat(skipped.counts()).isEmpty();
    assertThat(read(false, folder.toString())).containsExactly("a.jsonl", "e.parts", "part-00000");
    assertThat(skipped.counts()).containsEntry("half-uploaded files, such as *.part", 3);
  }

  @Test
  void backupsAndLockFilesAreLeftOutUnlessAGlobSpellsThem() throws IOException {
    tree(
        "a.py",
        "a.py~",
        "#a.py#",
        "b - Copy.bak",
        "~$b.docx",
        "yarn.lock",
        "sub/Cargo.lock",
        "c~d");
    assertThat(read(false, folder.toString())).containsExactly("a.py", "c~d");
    assertThat(skipped.counts())
        .containsEntry("backups of editors, such as x~ and *.bak", 4)
        .containsEntry("lock files of package managers", 2);
    assertThat(read(false, folder + "/*.bak")).containsExactly("b - Copy.bak");
    assertThat(read(true, folder.toString())).hasSize(8);
  }

  @Test
  void whatIsBesideLatexIsLeftOutAndOnlyThere() throws IOException {
    tree("paper/main.tex", "paper/main.bib", "paper/style/a.sty", "paper/main.aux", "paper/b.txt");
    tree("refs/all.bib", "apex/A.cls");
    assertThat(read(false, folder.toString()))
        .containsExactly("apex/A.cls", "paper/b.txt", "paper/main.tex", "refs/all.bib");
    assertThat(skipped.counts())
        .containsEntry("styles, bibliographies and intermediate files of LaTeX", 3);
  }

  @Test
  void aDataSetIsReadWithoutItsDescriptions() throws IOException {
    tree("data/train.jsonl.gz", "data/test.parquet", "dataset_infos.json", "LICENSE.txt", "NOTICE");
    tree("data/train.jsonl.gz.sha256", "SHA256SUMS", "data/_SUCCESS", "node_modules/a/b.jsonl");
    write("README.md", CARD);
    assertThat(read(false, folder.toString()))
        .containsExactly("data/test.parquet", "data/train.jsonl.gz");
    assertThat(skipped.toString().replace(folder.toString(), ""))
        .isEqualTo(
            """
            cards of data sets, README.md: 1, such as /README.md
            checksums: 2, such as /SHA256SUMS
            descriptions of a data set, such as dataset_infos.json: 1, such as /dataset_infos.json
            folders of tools, such as node_modules and venv: 1, such as /node_modules
            licence files beside data: 2, such as /LICENSE.txt
            names that begin with . or _: 1, such as /data/_SUCCESS\
            """);
    assertThat(read(true, folder.toString())).hasSize(10).contains("data/_SUCCESS", "README.md");
  }

  @Test
  void filesOfDesktopsAndChecksumsHaveReasonsOfTheirOwn() throws IOException {
    tree("a.jsonl", "a.jsonl.crc", "b.CRC32", "Thumbs.db", "desktop.ini", "c.crc3");
    assertThat(read(false, folder.toString())).containsExactly("a.jsonl", "c.crc3");
    assertThat(skipped.toString().replace(folder.toString(), ""))
        .isEqualTo(
            """
            checksums: 2, such as /a.jsonl.crc
            files of desktops, such as Thumbs.db: 2, such as /Thumbs.db\
            """);
  }

  /** The card that a new data set of Hugging Face has. */
  @Test
  void aCardMayHaveALicenceAlone() throws IOException {
    tree("data/a.jsonl");
    write("README.md", "---\nlicense: apache-2.0\n---\n");
    assertThat(read(false, folder.toString())).containsExactly("data/a.jsonl");
    tree("data/main.py");
    write("docs/README.md", "---\nlicense: apache-2.0\n---\n# A text\n");
    assertThat(read(false, folder + "/docs")).containsExactly("README.md");
  }

  @Test
  void textsCodeAndReadmesAreACorpus() throws IOException {
    tree("a/LICENSE", "a/README.md", "a/main.py", "a/package.json");
    tree("b/LICENSE.md", "b/text.txt", "licenses.jsonl", "c/venv.txt", "c/Checksums.java");
    write("docs/README.md", "---\ntitle: x\n---\n");
    write("docs/a.csv", "text\na\n");
    write("cards/1/README.md", CARD);
    write("cards/2/README.md", CARD);
    assertThat(read(false, folder.toString())).hasSize(13);
    assertThat(skipped.counts()).isEmpty();
  }

  @Test
  void buildFoldersAreLeftOutBesideABuildFileAlone() throws IOException {
    tree("target/a.txt", "build/b.txt", "x/pom.xml", "x/target/c.txt", "x/src/build/d.txt");
    assertThat(read(false, folder.toString()))
        .containsExactly("build/b.txt", "target/a.txt", "x/pom.xml", "x/src/build/d.txt");
    assertThat(skipped.toString()).endsWith("a build file: 1, such as " + folder + "/x/target");
    assertThat(read(false, folder + "/x/target")).containsExactly("c.txt");
  }

  @Test
  void whatAGlobSpellsIsRead() throws IOException {
    tree("d/node_modules/x.js", "a/b.md5", "a/c.jsonl", "a/LICENSE", "a/dataset_infos.json");
    assertThat(read(false, folder + "/*/node_modules/*.js")).containsExactly("d/node_modules/x.js");
    assertThat(read(false, folder + "/a/**/*.md5")).containsExactly("b.md5");
    assertThat(read(false, folder + "/*/LICENSE")).containsExactly("a/LICENSE");
    assertThat(read(false, folder + "/a/LICENSE")).containsExactly("LICENSE");
    assertThat(skipped.counts()).isEmpty();
    assertThat(read(false, folder + "/a/*")).containsExactly("c.jsonl");
  }

  @Test
  void listsSizesAndCountsWhatIsBeyondTheList() throws IOException {
    tree("a.jsonl", "LICENSE", "b.md5", "venv/x.py");
    read(false, folder.toString());
    IntStream.range(0, 100_000).forEach(i -> skipped.add("z", "/z/" + i, i));
    skipped.add("z", "/z/99999", 1); // once more
    Path list = folder.resolve("skipped.jsonl");
    skipped.publish(list.toString());
    List<SkippedInputs.Line> lines = SkippedInputs.read(list.toString());
    assertThat(lines).hasSize(100_001);
    assertThat(lines.get(0))
        .isEqualTo(new SkippedInputs.Line(folder + "/b.md5", 14L, "checksums", null, null, null));
    assertThat(lines.get(1).size()).isNull(); // a folder
    assertThat(lines.get(2).size()).isEqualTo(14);
    assertThat(lines.get(100_000))
        .isEqualTo(new SkippedInputs.Line(null, null, "z", 3, null, null));
    assertThat(skipped.counts()).containsEntry("z", 100_000);
    JsonNode first = Json.MAPPER.readTree(Files.readAllLines(list).get(0));
    assertThat(first.get("path").textValue()).isEqualTo(folder + "/b.md5");
    assertThat(SkippedInputs.read(folder + "/none")).isEmpty();
  }
}
