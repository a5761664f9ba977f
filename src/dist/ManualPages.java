import java.io.File;
import java.io.IOException;
import org.merganser.cli.Main;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes a manual page for each command, in AsciiDoc, into the folder that is given. */
final class ManualPages {
  public static void main(String[] folder) throws IOException {
    int exitCode =
        ManPageGenerator.generateManPage(
            new File(folder[0]), null, new boolean[0], true, Main.commandLine().getCommandSpec());
    System.exit(exitCode);
  }
}
