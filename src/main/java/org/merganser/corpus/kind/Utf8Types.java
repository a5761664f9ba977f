package org.merganser.corpus.kind;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.field.ByteOrderMark;

/**
 * Media types of formats whose files are UTF-8 and are not plain text, by strict signatures: each
 * run looks at each file, and plain text must not be taken for one of these. Apache Tika does not
 * know pointers of Git LFS, Jupyter notebooks, dumps of MediaWiki, and most formats of subtitles.
 */
final class Utf8Types {
  /** The type of a pointer of Git LFS, which has nothing of the file's content. */
  static final String LFS_POINTER = "application/x-git-lfs-pointer";

  /** The beginning of such a pointer. */
  private static final String LFS_BEGINNING = "version https://git-lfs.github.com/spec/v";

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

  /** The beginning of a file of each type, after a byte order mark. */
  private static final Map<String, Pattern> BEGINNINGS = new LinkedHashMap<>();

  static {
    add(LFS_POINTER, Pattern.quote(LFS_BEGINNING));
    add("application/rtf", "\\{\\\\rtf");
    add("application/pdf", "%PDF-");
    add("application/postscript", "%!PS-Adobe");
    add(
        "application/mbox", // not the patches of git, whose first line has a commit
        "From (?![0-9a-f]{40} )\\S+ [^\\n]*\\d:\\d\\d[^\\n]*\\d{4}[^\\n]*\\r?\\n"
            + ">?[!-9;-~]+:[^\\n]*\\n(?:[ \\t][^\\n]*\\n)*>?[!-9;-~]+:");
    add("application/x-mediawiki+xml", "(?:\\s++|<\\?xml[^>]*>|<!--.*?-->){0,9}+<mediawiki[\\s>]");
    add(
        "application/x-stackexchange+xml",
        "(?:\\s++|<\\?xml[^>]*>){0,9}+<(?:posts|comments|posthistory|users|tags|votes|badges|postlinks)>\\s*<row"
            + " ");
    add("text/x-twitter-archive", "window\\.YTD\\.\\w+\\.part\\d+ = \\[");
    add("application/x-subrip", "\\s*\\d+\\r?\\n\\d{1,2}:\\d\\d:\\d\\d[,.]\\d{1,3} *--> *\\d");
    add("text/vtt", "WEBVTT[ \\t\\r\\n].{0,2000}?\\d\\d[.,]\\d{3} --> ");
    add("text/x-ass", "\\[Script Info\\]\\r?\\n");
    add("text/x-microdvd", "\\{\\d+\\}\\{\\d+\\}");
    add("text/x-sbv", "\\d:\\d\\d:\\d\\d\\.\\d{3},\\d:\\d\\d:\\d\\d\\.\\d{3}\\r?\\n");
    String lrcTag = "\\[[a-z]{2,6}:[^\\]\\n]*\\]\\r?\\n";
    String lrcLine = "\\[\\d\\d:\\d\\d\\.\\d{2,3}\\][^\\n]*\\n";
    add("text/x-lrc", "(?:" + lrcTag + "|\\s++){0,30}+(?:" + lrcLine + "){3}");
  }

  private Utf8Types() {}

  /** Adds a type whose files begin with a pattern. */
  private static void add(String type, String pattern) {
    BEGINNINGS.put(type, Pattern.compile(pattern, Pattern.DOTALL));
  }

  /** Whether bytes begin like a pointer of Git LFS. */
  static boolean isPointer(byte[] bytes, int from, int to) {
    int length = Math.min(to - from, LFS_BEGINNING.length());
    return new String(bytes, from, length, ISO_8859_1).equals(LFS_BEGINNING);
  }

  /**
   * The type of a file; null if it may be text.
   *
   * @param bytes its first bytes, uncompressed, in {@code [from, to)}
   * @param path of the file; its name only decides what is a notebook
   */
  static @Nullable String of(byte[] bytes, int from, int to, String path) {
    String head = new String(bytes, from, to - from, ISO_8859_1);
    if (head.startsWith(ByteOrderMark.LATIN_1)) {
      head = head.substring(ByteOrderMark.LENGTH);
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

  /**
   * Whether a file that begins with an object is a notebook, by its name in lower case or by its
   * keys; lines of records may have such keys, too.
   */
  private static boolean isNotebook(String head, String name) {
    if (name.endsWith(".ipynb")) {
      return true;
    }
    boolean isNamedLines = name.matches(".*\\.(jsonl|ndjson|jsonlines)");
    return !isNamedLines && CELLS.matcher(head).find() && OF_CELLS.matcher(head).find();
  }

  /**
   * Whether a file is a mail whose body is not plain text. A mail with a plain body is text. A
   * header that does not end within the sample is that of a current mail program, whose bodies are
   * rarely plain.
   */
  private static boolean isEncodedMail(String head) {
    StringBuilder fields = new StringBuilder();
    // A shorter head, without a byte order mark, is the complete file.
    boolean ended = head.length() < FileKindDetector.SAMPLE - ByteOrderMark.LENGTH;
    for (String line : head.split("\r?\n", -1)) {
      if (line.isEmpty()) {
        ended = true;
        break;
      }
      if (!HEADER_LINE.matcher(line).matches()) {
        break;
      }
      fields.append(line).append('\n');
    }
    String header = fields.toString().toLowerCase(Locale.ROOT);
    return OF_MAIL.matcher(header).find() && (!ended || ENCODED.matcher(header).find());
  }
}
