package org.merganser.cli.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.kind.FileKindDetector;
import org.merganser.corpus.read.FileBeginning;

/**
 * Texts that Apache Tika takes for something more than plain text, which a run reads as they are.
 * Tika's signatures for text are weak, so they are reported and decide nothing.
 */
final class MarkedUpTexts {
  /** What a sentence says of a text, by its media type. */
  private static final Map<String, String> FINDINGS =
      Map.of(
          "text/html", "HTML, and its markup is read as text",
          "application/xhtml+xml", "HTML, and its markup is read as text",
          "application/xml", "XML, and its markup is read as text",
          "image/svg+xml", "an SVG image, and its markup is read as text",
          "message/rfc822", "a mail message, and its header is read as text",
          "message/news", "a post of a newsgroup, and its header is read as text");

  private MarkedUpTexts() {}

  /**
   * A sentence for each of the {@link #FINDINGS} that is true of a text, about all such texts.
   *
   * @param files of any format
   */
  static List<String> sentences(List<InputFile> files) throws IOException {
    Map<String, List<InputFile>> found = new TreeMap<>();
    for (InputFile file : files) {
      if (file.format() == InputFormat.TEXT) {
        String type =
            FileKindDetector.mediaType(FileBeginning.bytes(file, FileKindDetector.SAMPLE));
        String finding = FINDINGS.get(type);
        if (finding != null) {
          found.computeIfAbsent(finding, f -> new ArrayList<>()).add(file);
        }
      }
    }
    List<String> sentences = new ArrayList<>();
    found.forEach(
        (finding, texts) -> sentences.add(ProposedText.files(texts) + " seems to be " + finding));
    return sentences;
  }
}
