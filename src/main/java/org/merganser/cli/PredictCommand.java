package org.merganser.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.OutputArgument;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.cli.tokenizer.TokenJson;
import org.merganser.json.Json;
import org.merganser.learn.ngram.NgramModel;
import org.merganser.learn.ngram.NgramShape;
import org.merganser.learn.ngram.SamplingStrategy;
import org.merganser.pipeline.learn.LearnedModels;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.StreamingDecoder;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code predict}: the next tokens by the {@link NgramModel} of a run. A symbol of the
 * model is an id, or the end of a document.
 */
@Command(
    name = "predict",
    description =
        "Predict the next tokens, and continue a text. The job of the run must have "
            + "the section learn.",
    footer =
        """
        Examples: ${ROOT-COMMAND-NAME} predict target/tutorial 'The sun is shining, and the sky is'
                  ${ROOT-COMMAND-NAME} predict --run target/tutorial --strategy greedy 'Once'
        pipelines/tutorial.yaml is the job of target/tutorial.
        """)
final class PredictCommand extends FiguresCommand {
  @Mixin private OutputArgument run = new OutputArgument();

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "List this many next tokens (${DEFAULT-VALUE}).")
  private int top = 10;

  @Option(
      names = "--strategy",
      paramLabel = "STRATEGY",
      description =
          "Choose each token by this strategy: ${COMPLETION-CANDIDATES} "
              + "(${DEFAULT-VALUE}); greedy takes the most probable token and needs no seed.")
  private SamplingStrategy strategy = SamplingStrategy.TOP_K;

  @Option(
      names = "--k",
      paramLabel = "N",
      description = "Let top-k draw from this many tokens (${DEFAULT-VALUE}).")
  private int k = 40;

  @Option(
      names = "--temperature",
      paramLabel = "N",
      description =
          "Draw at this temperature, with temperature and top-k: near 0 like greedy, 1 "
              + "by the model's probabilities, large uniformly (${DEFAULT-VALUE}).")
  private double temperature = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draw with this seed (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Continue by at most this many tokens; 0: none (${DEFAULT-VALUE}). The end of "
              + "a document ends it.")
  private int maxTokens = 32;

  @Parameters(
      arity = "1..*",
      paramLabel = "OUT TEXT",
      description =
          "The output folder of a run that learned, unless --run names it, and how the "
              + "document begins.")
  private List<String> texts = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    checkOptions();
    LearnedModels learned = LearnedModels.open(run.takeFirst(texts, "the output folder of a run"));
    if (texts.isEmpty()) {
      throw wrongUsage("a text is missing: how the document begins, after the run");
    }
    NgramModel model = learned.ngrams();
    Tokenizer tokenizer = learned.tokenizer();
    String text = String.join(" ", texts);
    IdBuffer history = encode(text, model, tokenizer);
    if (json) {
      printJson(predict(model, tokenizer, text, history));
      return ExitCode.DONE.code();
    }
    PrintWriter out = out();
    if (top > 0) {
      printMostProbable(tokenizer, model.shape(), distribution(model, history), out);
    }
    if (maxTokens > 0) {
      out.print(text);
      continueText(model, tokenizer, history, out);
      out.println();
    }
    return ExitCode.DONE.code();
  }

  /** The begin-of-document id of the model, then the ids of a text. */
  private static IdBuffer encode(String text, NgramModel model, Tokenizer tokenizer) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    IdBuffer history = new IdBuffer(64);
    history.add(model.shape().begin());
    tokenizer.newEncoder(SpecialText.TEXT).encode(bytes, 0, bytes.length, history);
    return history;
  }

  private void checkOptions() {
    boolean isTopK = strategy == SamplingStrategy.TOP_K;
    boolean hasTemperature = isTopK || strategy == SamplingStrategy.TEMPERATURE;
    refuseIf(!isTopK, "without --strategy top-k", "--k");
    refuseIf(!hasTemperature, "with --strategy " + strategy, "--temperature");
    requireAtLeast(0, "--top", top);
    requireAtLeast(1, "--k", k);
    requireAtLeast(0, "--temperature", temperature);
    requireAtLeast(0, "--max-tokens", maxTokens);
  }

  private void requireAtLeast(int least, String option, Number value) {
    if (!(value.doubleValue() >= least)) { // refuses NaN as well
      throw wrongUsage(option + " is " + value + "; it must be at least " + least);
    }
  }

  /** The probability of each symbol after a history, also of ids without a token. */
  private static double[] distribution(NgramModel model, IdBuffer history) {
    double[] distribution = new double[model.shape().symbols()];
    model.distribution(history.ids(), 0, history.size(), distribution);
    return distribution;
  }

  /** The result of {@code --json}; appends the continuation to {@code history}. */
  private ObjectNode predict(NgramModel model, Tokenizer tokenizer, String text, IdBuffer history) {
    ObjectNode result = Json.MAPPER.createObjectNode().put("text", text);
    ArrayNode listed = result.putArray("next");
    double[] distribution = distribution(model, history);
    for (int symbol : NgramModel.mostProbable(distribution, top)) {
      listed.add(
          symbolJson(tokenizer, model.shape(), symbol).put("probability", distribution[symbol]));
    }
    result.put("strategy", strategy.toString()).put("seed", seed);
    StringWriter continuation = new StringWriter();
    int from = history.size();
    boolean ended = continueText(model, tokenizer, history, new PrintWriter(continuation));
    int[] ids = Arrays.copyOfRange(history.ids(), from, history.size());
    result.set("ids", Json.MAPPER.valueToTree(ids));
    return result.put("continuation", continuation.toString()).put("ended", ended);
  }

  /** A symbol as JSON: a token, or the end of a document, which may have no token. */
  private static ObjectNode symbolJson(Tokenizer tokenizer, NgramShape shape, int symbol) {
    boolean hasToken = symbol < shape.idBound();
    ObjectNode token =
        hasToken
            ? TokenJson.of(tokenizer, symbol)
            : Json.MAPPER.createObjectNode().putNull("id").putNull("token").putNull("text");
    return token.put("endOfDocument", !hasToken || symbol == shape.end());
  }

  /** Prints the {@code --top} most probable symbols. */
  private void printMostProbable(
      Tokenizer tokenizer, NgramShape shape, double[] distribution, PrintWriter out) {
    out.println("probability        id  next token");
    for (int symbol : NgramModel.mostProbable(distribution, top)) {
      out.printf(
          Locale.ROOT,
          "%11.6f  %8s  %s%n",
          distribution[symbol],
          symbol < shape.idBound() ? Integer.toString(symbol) : "-",
          describe(tokenizer, shape, symbol));
    }
    out.println();
  }

  /** A symbol for a person. */
  private static String describe(Tokenizer tokenizer, NgramShape shape, int symbol) {
    if (symbol >= shape.idBound()) {
      return "(end of document)";
    }
    String shown = TerminalText.printable(tokenizer.bytes(symbol), tokenizer.token(symbol));
    return symbol == shape.end() ? shown + "  (end of document)" : shown;
  }

  /**
   * Sets the probabilities of ids without a token, such as padding, to 0, and scales the others to
   * a sum of 1. Such an id has no text, so it is never chosen.
   */
  private static void clearGaps(Tokenizer tokenizer, int idBound, double[] distribution) {
    double gaps = 0;
    for (int id = 0; id < idBound; id++) {
      if (tokenizer.token(id) == null) {
        gaps += distribution[id];
        distribution[id] = 0;
      }
    }
    if (gaps > 0) {
      for (int symbol = 0; symbol < distribution.length; symbol++) {
        distribution[symbol] /= 1 - gaps;
      }
    }
  }

  /**
   * Draws the next tokens, appends them to {@code history} and prints their text.
   *
   * @return whether the end of the document was drawn
   */
  private boolean continueText(
      NgramModel model, Tokenizer tokenizer, IdBuffer history, PrintWriter out) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean skipSpecialTokens = false;
    StreamingDecoder decoder = tokenizer.newStreamingDecoder(skipSpecialTokens);
    for (int i = 1; i < history.size(); i++) { // after the begin-of-document id
      String unused = decoder.add(history.ids()[i]); // its text is already printed
    }
    boolean hasEnded = false;
    for (int i = 0; i < maxTokens; i++) {
      int symbol = draw(model, tokenizer, history, random);
      if (symbol == model.shape().end()) {
        hasEnded = true;
        break;
      }
      history.add(symbol);
      out.print(decoder.add(symbol));
      out.flush();
    }
    out.print(decoder.end());
    return hasEnded;
  }

  /** Draws the symbol after a history, by the strategy of the options. */
  private int draw(
      NgramModel model, Tokenizer tokenizer, IdBuffer history, SplittableRandom random) {
    double[] distribution = distribution(model, history);
    clearGaps(tokenizer, model.shape().idBound(), distribution);
    strategy.apply(distribution, k, temperature);
    return SamplingStrategy.draw(distribution, random);
  }
}
