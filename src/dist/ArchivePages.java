import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the README, the pages of docs and the jobs of pipelines as the archive has them. There the
 * command is {@code bin/merganser}, and nothing is written into the unpacked folder: the outputs
 * that a checkout has in {@code target} are in {@code ~/merganser}. A page that has not the text
 * which is replaced ends the build.
 */
final class ArchivePages {
  /** They speak of what is built and measured in a checkout. */
  private static final Set<String> OF_A_CHECKOUT =
      Set.of("architecture.md", "clusters.md", "performance.md");

  /** The inputs of the others lie beside a checkout. */
  private static final List<String> JOBS = List.of("sample.yaml", "tutorial.yaml");

  private static final Pattern COMMAND = Pattern.compile("\\./merganser(?! bench)\\b");
  private static final Pattern OUTPUT = Pattern.compile("\\btarget/(?=sample|tutorial)");
  private static final Pattern EXAMPLE = Pattern.compile("\\btarget/");

  /** The languages that do not know {@code ~}. */
  private static final Pattern PROGRAM = Pattern.compile("```(java|js|python)");

  /** The arguments are the folder of the checkout and the folder to write, which is replaced. */
  public static void main(String[] arguments) throws IOException {
    Path checkout = Path.of(arguments[0]);
    Path folder = Path.of(arguments[1]);
    if (Files.exists(folder)) {
      try (Stream<Path> old = Files.walk(folder)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Path docs = Files.createDirectories(folder.resolve("docs"));
    Path pipelines = Files.createDirectories(folder.resolve("pipelines"));
    String readme = readme(Files.readString(checkout.resolve("README.md")));
    Files.writeString(folder.resolve("README.md"), readme);
    try (Stream<Path> pages = Files.list(checkout.resolve("docs"))) {
      for (Path page : pages.filter(file -> file.toString().endsWith(".md")).toList()) {
        String name = page.getFileName().toString();
        Files.writeString(docs.resolve(name), page(name, Files.readString(page)));
      }
    }
    for (String job : JOBS) {
      String text = Files.readString(checkout.resolve("pipelines").resolve(job));
      text = replaced(job, text, "output: ../target/", "output: ~/merganser/");
      Files.writeString(pipelines.resolve(job), text.replace("./merganser", "bin/merganser"));
    }
  }

  private static String readme(String text) {
    text =
        replaced(
            "README.md",
            text,
            "Clone the repository, or unpack an archive of it. You need JDK 17 and Maven:"
                + " `./merganser` builds itself.",
            "You have the archive, which needs only Java 17 or newer.");
    String data = "## Try it on your data\n\n";
    String archive =
        """
        This is the README of the archive, which needs Java 17 or newer. Its commands are run in the unpacked folder; from
        another folder, call `bin/merganser` by its path. Nothing is written into the unpacked folder, so it may be read-only:
        the sample writes `~/merganser/sample`, below your home folder.

        """;
    text = replaced("README.md", text, data, data + archive);
    text =
        replaced(
            "README.md",
            text,
            "init FOLDER --output job.yaml  ",
            "init FOLDER --output ~/job.yaml");
    text =
        replaced(
            "README.md",
            text,
            "merganser run job.yaml                    #",
            "merganser run ~/job.yaml                  #");
    text =
        replaced(
            "README.md",
            text,
            "merganser run job.yaml --explain",
            "merganser run ~/job.yaml --explain");
    text =
        replaced("README.md", text, "Two commands do everything:", "One command does everything:");
    text = replaced("README.md", text, "# builds (once), trains, encodes", "# trains, encodes");
    text =
        replaced(
            "README.md", text, "mvn verify                                # the test suite\n", "");
    text = replaced("README.md", text, "The first command reads", "It reads");
    text =
        replaced(
            "README.md",
            text,
            "## Use it\n\n",
            "## Use it\n\n"
                + "The examples in Python, JavaScript and Java run in your home folder.\n\n");
    return lines(text, OUTPUT);
  }

  private static String page(String name, String text) {
    switch (name) {
      case "how-do-i.md" -> {
        text =
            replaced(
                name,
                text,
                "The commands run in a checkout (`./merganser`; in the archive it is"
                    + " `bin/merganser`), on the sample:",
                "The commands run in the unpacked folder, on the sample, and the programs in your"
                    + " home folder:");
        return lines(text, EXAMPLE);
      }
      case "tutorial.md" -> {
        text =
            replaced(
                name, text, "the sample in the checkout:", "the sample in the unpacked folder:");
        text = replaced(name, text, "You need JDK 17 and Maven.", "You need Java 17 or newer.");
        text = replaced(name, text, " The first run of `./merganser` builds the program.", "");
        return lines(text, EXAMPLE);
      }
      default -> {
        return OF_A_CHECKOUT.contains(name) ? text : lines(text, OUTPUT);
      }
    }
  }

  /** The lines with the archive's command and outputs. What is said of a checkout stays. */
  private static String lines(String text, Pattern output) {
    StringBuilder result = new StringBuilder();
    boolean program = false;
    for (String line : text.split("(?<=\n)")) {
      if (line.startsWith("```")) {
        program = PROGRAM.matcher(line).lookingAt();
      }
      if (!line.contains("checkout")) {
        line = COMMAND.matcher(line).replaceAll("bin/merganser");
        line = output.matcher(line).replaceAll(program ? "merganser/" : "~/merganser/");
      }
      result.append(line);
    }
    return result.toString();
  }

  private static String replaced(String page, String text, String old, String replacement) {
    if (!text.contains(old)) {
      throw new IllegalStateException(
          page
              + " has no \""
              + old.strip()
              + "\"; change src/dist/ArchivePages.java with the page");
    }
    return text.replace(old, replacement);
  }
}
