package org.merganser.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * HF's Rust library with one tokenizer.json, without its truncation and padding. It is the one in
 * DJL (0.21.4), or with {@code -Dmerganser.hfNode=FOLDER} that of the npm package {@code
 * tokenizers} which was installed in that folder, in a process of Node.js.
 */
public abstract sealed class HfLibrary implements AutoCloseable {
  private static final @Nullable String NODE = System.getProperty("merganser.hfNode");

  /**
   * @param words the number of each id's pretoken
   * @param spans begin and end of each id in code points, null for an id that was added
   */
  public record Encoded(int[] ids, int[] words, List<int @Nullable []> spans) {}

  public abstract Encoded encode(String text, boolean addSpecialTokens);

  public abstract String decode(int[] ids, boolean skipSpecialTokens);

  @Override
  public abstract void close();

  /**
   * @throws RuntimeException with HF's message, if HF refuses the file
   */
  public static HfLibrary open(byte[] tokenizerJson) {
    return NODE == null ? new InDjl(tokenizerJson) : new InNode(tokenizerJson, NODE);
  }

  /** Else it is a newer one, which may know more of Unicode. */
  public static boolean inDjl() {
    return NODE == null;
  }

  private static final class InDjl extends HfLibrary {
    private final HuggingFaceTokenizer tokenizer;

    InDjl(byte[] json) {
      try {
        tokenizer =
            HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(json),
                Map.of("padding", "false", "truncation", "false", "addSpecialTokens", "false"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Encoded encode(String text, boolean addSpecialTokens) {
      Encoding encoding = tokenizer.encode(text, addSpecialTokens, false);
      List<int @Nullable []> spans = new ArrayList<>();
      for (CharSpan span : encoding.getCharTokenSpans()) {
        spans.add(span == null ? null : new int[] {span.getStart(), span.getEnd()});
      }
      return new Encoded(ints(encoding.getIds()), ints(encoding.getWordIds()), spans);
    }

    private static int[] ints(long[] values) {
      return LongStream.of(values).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
      return tokenizer.decode(IntStream.of(ids).asLongStream().toArray(), skipSpecialTokens);
    }

    @Override
    public void close() {
      tokenizer.close();
    }
  }

  private static final class InNode extends HfLibrary {
    private static final JsonMapper JSON = new JsonMapper();

    /** In ASCII: the lines that Node.js reads also end at U+2028. */
    private static final ObjectWriter REQUEST =
        JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    /** One process for all tokenizers; it ends with this one. */
    private static @Nullable Process node;

    private static int opened;
    private final int handle;

    InNode(byte[] json, String folder) {
      synchronized (InNode.class) {
        handle = opened++;
        if (node == null) {
          node = start(Path.of(folder).toAbsolutePath());
        }
      }
      ask("open", handle, new String(json, StandardCharsets.UTF_8));
    }

    private static Process start(Path folder) {
      try {
        Path script =
            Path.of(Objects.requireNonNull(HfLibrary.class.getResource("hf-node.js")).toURI());
        return new ProcessBuilder("node", script.toString(), folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
      } catch (IOException | URISyntaxException e) {
        throw new IllegalStateException("node is needed for -Dmerganser.hfNode", e);
      }
    }

    private static synchronized JsonNode ask(Object... request) {
      Process process = Objects.requireNonNull(node);
      try {
        BufferedWriter requests = process.outputWriter(StandardCharsets.UTF_8);
        requests.write(REQUEST.writeValueAsString(request));
        requests.write('\n');
        requests.flush();
        BufferedReader replies = process.inputReader(StandardCharsets.UTF_8);
        String reply = replies.readLine();
        if (reply == null) {
          throw new IllegalStateException("node ended at " + Arrays.toString(request));
        }
        JsonNode answer = JSON.readTree(reply);
        if (answer.has("error")) {
          throw new IllegalStateException(answer.get("error").asText());
        }
        return answer.get("result");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Encoded encode(String text, boolean addSpecialTokens) {
      JsonNode encoding = ask("encode", handle, text, addSpecialTokens);
      List<int @Nullable []> spans = new ArrayList<>();
      for (JsonNode span : encoding.get("spans")) {
        spans.add(span.isNull() ? null : JSON.convertValue(span, int[].class));
      }
      return new Encoded(ints(encoding.get("ids")), ints(encoding.get("words")), spans);
    }

    private static int[] ints(JsonNode array) {
      return JSON.convertValue(array, int[].class);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
      return ask("decode", handle, ids, skipSpecialTokens).asText();
    }

    @Override
    public void close() {
      ask("close", handle);
    }
  }
}
