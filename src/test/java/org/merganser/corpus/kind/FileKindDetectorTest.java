package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;
import org.merganser.json.Json;

/** Kinds by the first bytes; that documents of kinds become dead letters is in FileKindTest. */
class FileKindDetectorTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "a.npy, \\x93NUMPY\\x01\\x00v\\x00, an array of NumPy (npy)",
        "a.txt, \\x80\\x04\\x95\\x10\\x00\\x00, a pickle of Python",
        "m.safetensors, `P\\x00\\x00\\x00\\x00\\x00\\x00\\x00{\"w\": {}}`, a file of tensors"
            + " (safetensors)",
        "m.gguf, GGUF\\x03\\x00\\x00\\x00, a model (GGUF)",
        "a.arrow, ARROW1\\x00\\x00, `an Arrow file, as data sets of HF are cached`",
        "a.avro, Obj\\x01\\x04\\x14, an Avro file",
        "a.orc, ORC\\x0a\\x03, an ORC file",
        "a.db, SQLite format 3\\x00\\x10\\x00, a database of SQLite",
        "a.txt, \\x89PNG\\r\\n\\x1a\\n\\x00\\x00\\x00\\x0dIHDR, an image",
        "a, \\xff\\xd8\\xff\\xe0\\x00\\x10JFIF\\x00, an image",
        "a.mp3, ID3\\x03\\x00\\x00, a sound file",
        "a, \\x7fELF\\x02\\x01\\x01\\x00, a program",
        "fortunes.dat,"
            + " \\x00\\x00\\x00\\x02\\x00\\x00\\x00d\\x00\\x00\\x00!\\x00\\x00\\x00\\x05\\x00\\x00\\x00\\x00%\\x00\\x00\\x00,"
            + " binary data",
        "a.7z, 7z\\xbc\\xaf\\x27\\x1c\\x00\\x04, an archive",
        "a.doc, \\xd0\\xcf\\x11\\xe0\\xa1\\xb1\\x1a\\xe1\\x00\\x00, a document of an older Office",
        "a.txt,"
            + " PK\\x03\\x04\\x14\\x00\\x00\\x00\\x00\\x00................\\x13\\x00\\x00\\x00word/document.xml,"
            + " a Word document (docx)",
        "a.txt,"
            + " PK\\x03\\x04\\x14\\x00\\x00\\x00\\x00\\x00................\\x13\\x00\\x00\\x00[Content_Types].xml..xl/workbook.xml,"
            + " an Excel workbook (xlsx)",
        "a.txt,"
            + " PK\\x03\\x04\\x0a\\x00\\x00\\x00\\x00\\x00................\\x08\\x00\\x00\\x00mimetypeapplication/epub+zip,"
            + " an EPUB book"
      })
  void aFileOfBytesThatTextDoesNotHaveIsNamed(String path, String escaped, String name) {
    byte[] bytes = unescaped(escaped);
    FileKind kind = FileKindDetector.of(bytes, 0, bytes.length, path);
    assertThat(kind).isNotNull();
    assertThat(kind.name()).isEqualTo(name);
    assertThat(kind.isUtf8()).isFalse();
  }

  /** Tika takes the first of these for a picture by two bytes. */
  @ParameterizedTest
  @ValueSource(strings = {"\\n\\x00word Word\\r\\n", "\\n\\x05a", "one \\x00 two\\n"})
  void aTextWithAStrayControlCharacterIsText(String escaped) {
    byte[] bytes = unescaped(escaped);
    assertThat(FileKindDetector.of(bytes, 0, bytes.length, "a.txt")).isNull();
  }

  @Test
  void aPictureOfPaintbrushIsAnImage() {
    byte[] bytes = unescaped("\\n\\x05\\x01\\x08\\x00\\x00\\x00\\x00\\x3f\\x01\\xc7\\x00");
    assertThat(FileKindDetector.of(bytes, 0, bytes.length, "a").name()).isEqualTo("an image");
  }

  private static byte[] unescaped(String escaped) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.startsWith("\\x", i)) {
        bytes.append((char) Integer.parseInt(escaped, i + 2, i + 4, 16));
        i += 3;
      } else if (escaped.startsWith("\\r", i) || escaped.startsWith("\\n", i)) {
        bytes.append(escaped.charAt(++i) == 'r' ? '\r' : '\n');
      } else {
        bytes.append(escaped.charAt(i));
      }
    }
    return bytes.toString().getBytes(ISO_8859_1);
  }

  @Test
  void anImageHoldsNoTextAndADocumentDoes() {
    byte[] png = unescaped("\\x89PNG\\r\\n\\x1a\\n\\x00\\x00\\x00\\x0dIHDR");
    assertThat(FileKindDetector.of(png, 0, png.length, "a").holdsText()).isFalse();
    byte[] pdf = "%PDF-1.7".getBytes(UTF_8);
    assertThat(FileKindDetector.of(pdf, 0, pdf.length, "a").holdsText()).isTrue();
  }

  @Test
  void theSampleAndTheCodeOfThisProjectAreText() throws IOException {
    try (Stream<Path> tree = Files.walk(Path.of("src"))) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        boolean isText =
            !file.toString().matches(".*\\.(parquet|zst|gz|bin|safetensors|png|zip|npy)")
                && !file.toString().contains("FuzzTestInputs");
        if (isText) {
          FileKind kind = FileKindDetector.of(bytes, 0, bytes.length, file.toString());
          assertThat(kind).as(file.toString()).isNull();
        }
      }
    }
    for (String name : List.of("asia", "europe", "symbols-and-code")) {
      for (String line : Files.readAllLines(Path.of("sample-data/corpus", name + ".jsonl"))) {
        byte[] text = Json.MAPPER.readTree(line).get("text").asText().getBytes(UTF_8);
        assertThat(FileKindDetector.of(text, 0, text.length, name)).as(line).isNull();
        assertThat(FileKindDetector.markup(text)).as(line).isNull();
      }
    }
  }

  /** The header has line feeds alone, and the body begins with what would be a field. */
  @Test
  void aMailWithAPlainBodyIsTextWhateverItsBodyBeginsWith() {
    String header = "Message-ID: <1@a>\n" + "X-Note: a\n".repeat(40);
    byte[] mail = (header + "\nContent-Type: multipart/mixed is discussed").getBytes(UTF_8);
    assertThat(FileKindDetector.of(mail, 0, mail.length, "a.txt")).isNull();
  }

  /** Its tables take a third of a second, which a job of a few small files would notice. */
  @Test
  void tikaIsNotLoadedForText(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"one\"}\n");
    Files.write(folder.resolve("b.txt"), "une soir\u00e9e".getBytes(ISO_8859_1));
    String job =
        "corpus: { inputs: [ '%s' ] }\noutput: '%s'\ntokenizer: { train: { family: gpt2, vocabSize: 300 } }\n"
            .formatted(folder, folder.resolveSibling("never-written"));
    Path file = Files.writeString(folder.resolve("job.yaml"), job);
    List<String> command =
        JavaProcess.command(
            List.of("-verbose:class"),
            "org.merganser.cli.Main",
            List.of("run", "--explain", file.toString()));
    String classes = ChildProcess.output(new ProcessBuilder(command));
    assertThat(classes.contains("org.merganser.corpus.kind.FileKindDetector")).isTrue();
    assertThat(classes.contains("org.apache.tika")).isFalse();
    assertThat(classes.contains("org.mozilla.universalchardet")).isFalse();
  }
}
