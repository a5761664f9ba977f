import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.merganser.bpe.IdBuffer;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/** The lines of the README, with a tokenizer of this project. */
public final class Library {
  public static void main(String[] args) throws Exception {
    Tokenizer tokenizer = Tokenizer.read(Path.of("tokenizer.json"));
    Encoder encoder = tokenizer.newEncoder(SpecialText.TEXT);
    IdBuffer ids = new IdBuffer(1024);
    byte[] text = "The sun".getBytes(StandardCharsets.UTF_8);
    encoder.encode(text, 0, text.length, ids);
    if (!Arrays.equals(ids.toArray(), new int[] {10, 5})) {
      throw new AssertionError(Arrays.toString(ids.toArray()));
    }
  }
}
