package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;

/**
 * Media types of formats whose files are UTF-8 and are not plain text, by strict signatures: each
 * run looks at each file, and plain text must not be taken for one of these. Apache Tika does not
 * know pointers of Git LFS, Jupyter notebooks, dumps of MediaWiki, and most formats of subtitles.
 */
final class Utf8Types {
  private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/v";

  /** The beginning of a file of each type, after a byte order mark. */
  private static final Map<String, Pattern> BEGINNINGS = new LinkedHashMap<>();

  static {
    begins("application/x-git-lfs-pointer", Pattern.quote(LFS_POINTER));
    begins("application/rtf", "\\{\\\\rtf");
    begins("application/pdf", "%PDF-");
    begins("application/postscript", "%!PS-Adobe");
    begins(
        "application/mbox", // not the patches of git, whose first line has a commit
        "From (?![0-9a-f]{40} )\\S+ [^\\n]*\\d:\\d\\d[^\\n]*\\d{4}[^\\n]*\\r?\\n"
            + ">?[!-9;-~]+:[^\\n]*\\n(?:[ \\t][^\\n]*\\n)*>?[!-9;-~]+:");
    begins(
        "application/x-mediawiki+xml", "(?:\\s++|<\\?xml[^>]*>|<!--.*?-->){0,9}+<mediawiki[\\s>]");
    begins(
        "application/x-stackexchange+xml",
        "(?:\\s++|<\\?xml[^>]*>){0,9}+<(?:posts|comments|posthistory|users|tags|votes|badges|postlinks)>\\s*<row"
            + " ");
    begins("text/x-twitter-archive", "window\\.YTD\\.\\w+\\.part\\d+ = \\[");
    begins("application/x-subrip", "\\s*\\d+\\r?\\n\\d{1,2}:\\d\\d:\\d\\d[,.]\\d{1,3} *--> *\\d");
    begins("text/vtt", "WEBVTT[ \\t\\r\\n].{0,2000}?\\d\\d[.,]\\d{3} --> ");
    begins("text/x-ass", "\\[Script Info\\]\\r?\\n");
    begins("text/x-microdvd", "\\{\\d+\\}\\{\\d+\\}");
    begins("text/x-sbv", "\\d:\\d\\d:\\d\\d\\.\\d{3},\\d:\\d\\d:\\d\\d\\.\\d{3}\\r?\\n");
    String lrcTag = "\\[[a-z]{2,6}:[^\\]\\n]*\\]\\r?\\n";
    String lrcLine = "\\[\\d\\d:\\d\\d\\.\\d{2,3}\\][^\\n]*\\n";
    begins("text/x-lrc", "(?:" + lrcTag + "|\\s++){0,30}+(?:" + lrcLine + "){3}");
  }

  /** A line of the header of a message: a field, or the continuation of one. */
  private static final Pattern HEADER_LINE = Pattern.compile("[!-9;-~]+:.*|[ \\t].*");

  /** Fields that mail programs write, in a header in lower case. */
  private static final Pattern OF_MAIL =
      Pattern.compile("(?m)^(received|return-path|message-id|mime-version|delivered-to):");

  /** Fields of a header, in lower case, whose body is not plain text. */
  private static final Pattern ENCODED =
      Pattern.compile(
          "(?m)^(content-transfer-encoding:\\s*(base64|quoted-printable)|content-type:\\s*multipart/)");

  /** The list of cells, or of worksheets, that a notebook has. */
  private static final Pattern CELLS =
      Pattern.compile("(?<!\\\\)\"(cells|worksheets)\"\\s*:\\s*\\[");

  /** A further key of a notebook. */
  private static final Pattern OF_CELLS =
      Pattern.compile("(?<!\\\\)\"(cell_type\"\\s*:\\s*\"|nbformat\"\\s*:\\s*\\d)");

  private Utf8Types() {}

  private static void begins(String type, String pattern) {
    BEGINNINGS.put(type, Pattern.compile(pattern, Pattern.DOTALL));
  }

  /** Whether bytes begin like a pointer of Git LFS. */
  static boolean isPointer(byte[] bytes, int from, int to) {
    int length = Math.min(to - from, LFS_POINTER.length());
    return new String(bytes, from, length, ISO_8859_1).equals(LFS_POINTER);
  }

  /** The type of a file by its first bytes; null if it may be text. */
  static @Nullable String of(byte[] bytes, int from, int to, String path) {
    String head = new String(bytes, from, to - from, ISO_8859_1);
    if (head.startsWith("\u00ef\u00bb\u00bf")) {
      head = head.substring(3);
    }
    for (Map.Entry<String, Pattern> known : BEGINNINGS.entrySet()) {
      if (known.getValue().matcher(head).lookingAt()) {
        return known.getKey();
      }
    }
    String name = Compression.withoutSuffix(path.toLowerCase(Locale.ROOT));
    if (head.stripLeading().startsWith("{") && isNotebook(head, name)) {
      return "application/x-ipynb+json";
    }
    return isEncodedMail(head) ? "message/rfc822" : null;
  }

  /** A notebook by its keys; lines of records may hold such keys, too. */
  private static boolean isNotebook(String head, String name) {
    return name.endsWith(".ipynb")
        || !name.matches(".*\\.(jsonl|ndjson|jsonlines)")
            && CELLS.matcher(head).find()
            && OF_CELLS.matcher(head).find();
  }

  /**
   * Whether a file is a mail whose body is not plain text. A mail with a plain body is text. A
   * header that does not end within the sample is that of a current mail program, whose bodies are
   * rarely plain.
   */
  private static boolean isEncodedMail(String head) {
    int end = 0;
    boolean ended = head.length() < FileKindDetector.SAMPLE - 3;
    for (String line : head.split("\r?\n", -1)) {
      if (line.isEmpty()) {
        ended = true;
        break;
      }
      if (!HEADER_LINE.matcher(line).matches()) {
        break;
      }
      end = Math.min(head.length(), end + line.length() + 2);
    }
    String header = head.substring(0, end).toLowerCase(Locale.ROOT);
    return OF_MAIL.matcher(header).find() && (!ended || ENCODED.matcher(header).find());
  }
}
