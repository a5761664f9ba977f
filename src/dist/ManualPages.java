import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import org.asciidoctor.jruby.AsciiDocDirectoryWalker;
import org.merganser.cli.Main;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes a manual page for each command, and the completion of the shell, for a release. */
final class ManualPages {
  /** The first argument is the folder to write into: {@code man} and {@code completion} there. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path sources = Files.createDirectories(folder.resolve("manual"));
    int exitCode =
        ManPageGenerator.generateManPage(
            sources.toFile(), null, new boolean[0], true, Main.commandLine().getCommandSpec());
    try (Asciidoctor asciidoctor = Asciidoctor.Factory.create()) {
      asciidoctor.convertDirectory(
          new AsciiDocDirectoryWalker(sources.toString()),
          Options.builder()
              .backend("manpage")
              .docType("manpage")
              .attributes(Attributes.builder().attribute("reproducible", "true").build())
              .toDir(Files.createDirectories(folder.resolve("man")).toFile())
              .safe(SafeMode.UNSAFE)
              .build());
    }
    Path completion = Files.createDirectories(folder.resolve("completion")).resolve("merganser");
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(completion))) {
      exitCode += Main.run(out, out, "generate-completion");
    }
    System.exit(exitCode);
  }
}
