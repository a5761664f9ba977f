import java.nio.file.Path;
import java.util.Arrays;
import org.merganser.tokenizer.Tokenizer;

/** The lines of the README, with a tokenizer of this project. */
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
  }
}
