import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.merganser.tokenizer.Tokenizer;

/**
 * The lines of the README, with a tokenizer of this project; and which jars an application gets.
 */
public final class Library {
  public static void main(String[] args) throws Exception {
    Tokenizer tokenizer = Tokenizer.read(Path.of("tokenizer.json"));
    int[] ids = tokenizer.encode("The sun");
    if (!Arrays.equals(ids, new int[] {10, 5})) {
      throw new AssertionError(Arrays.toString(ids));
    }
    if (!tokenizer.decode(ids).equals("The sun") || tokenizer.count("The sun") != ids.length) {
      throw new AssertionError(tokenizer.decode(ids));
    }
    List<String> jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> new File(entry).getName())
            .filter(name -> name.endsWith(".jar"))
            .toList();
    String expected = "(merganser|jackson-\\w+|jspecify)-[0-9.]+\\.jar";
    if (jars.size() > 5
        || jars.isEmpty()
        || !jars.stream().allMatch(jar -> jar.matches(expected))) {
      throw new AssertionError("an application gets " + jars);
    }
  }
}
