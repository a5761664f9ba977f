package org.merganser.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command {@code predict}: prints the next tokens of a text and continues it, as a {@link
 * TextPredictor} draws them from the n-gram model of a run.
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
    TextPredictor predictor = new TextPredictor(model, tokenizer, text);
    if (json) {
      printJson(predict(predictor, tokenizer, model.shape(), text));
      return ExitCode.DONE.code();
    }
    PrintWriter out = out();
    if (top > 0) {
      printMostProbable(predictor.distribution(), tokenizer, model.shape(), out);
    }
    if (maxTokens > 0) {
      out.print(text);
      predictor.continueText(sampling(), maxTokens, out);
      out.println();
    }
    return ExitCode.DONE.code();
  }

  /** How the options want the next tokens to be drawn. */
  private TextPredictor.Sampling sampling() {
    return new TextPredictor.Sampling(strategy, k, temperature, seed);
  }

  /** Refuses options without effect, and values that are not allowed. */
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

  /** The result of {@code --json}. */
  private ObjectNode predict(
      TextPredictor predictor, Tokenizer tokenizer, NgramShape shape, String text) {
    ObjectNode result = Json.MAPPER.createObjectNode().put("text", text);
    ArrayNode listed = result.putArray("next");
    double[] distribution = predictor.distribution();
    for (int symbol : NgramModel.mostProbable(distribution, top)) {
      listed.add(symbolJson(tokenizer, shape, symbol).put("probability", distribution[symbol]));
    }
    result.put("strategy", strategy.toString()).put("seed", seed);
    StringWriter written = new StringWriter();
    TextPredictor.Continuation drawn =
        predictor.continueText(sampling(), maxTokens, new PrintWriter(written));
    result.set("ids", Json.MAPPER.valueToTree(drawn.ids()));
    return result.put("continuation", written.toString()).put("ended", drawn.ended());
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
      double[] distribution, Tokenizer tokenizer, NgramShape shape, PrintWriter out) {
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
}
