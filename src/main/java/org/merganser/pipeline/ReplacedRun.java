package org.merganser.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.Manifest;
import org.merganser.parquet.ShardException;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.store.FileStore;

/** The finished result of another job in the output of a run, which the run would replace. */
final class ReplacedRun {
  /** Keys in which a job may differ from the one before it in the same output. */
  private static final Set<String> FREE =
      Set.of(
          "corpus.inputs",
          "corpus.append",
          "corpus.failOnDeadLetters",
          "corpus.maxDeadLetterRate",
          "tokenizer.train.inputs",
          "shards.from",
          "shards.formats",
          "embeddings",
          "report");

  /** The most differences that a message lists. */
  private static final int LISTED = 6;

  private ReplacedRun() {}

  /**
   * Describes what is replaced and made again, with the next step. Null where nothing is replaced,
   * where the earlier result has no documents, or where the jobs differ only in {@link #FREE} keys.
   */
  static @Nullable String of(PreparedRun run) throws IOException {
    OutputLayout layout = run.layout();
    if (!FileStore.of(layout.root()).exists(layout.at(Manifest.FILE))) {
      return null;
    }
    Manifest manifest;
    try {
      manifest = FinishedOutput.manifest(layout);
    } catch (ShardException damaged) {
      return null; // what it was is not known
    }
    if (manifest.fromEarlierProgram()) {
      return String.format(
          Locale.ROOT,
          "%s was written by an earlier version of merganser (%s has schema %d, this version writes"
              + " %d); cat, verify, inspect and embed still read it, but a run cannot continue it;"
              + " add --replace to make its %,d files anew, or name another output",
          layout.root(),
          Manifest.FILE,
          manifest.schema(),
          Manifest.SCHEMA,
          manifest.outputs().lines());
    }
    List<String> differences = new ArrayList<>();
    compare("", manifest.job(), ManifestPublication.portableJob(run.spec().job()), differences);
    if (run.loaded() != null && Sha256.of(run.loaded().json()).equals(manifest.tokenizerSha256())) {
      differences.removeIf(difference -> difference.startsWith("tokenizer.load:"));
    }
    return differences.isEmpty() || holdsNothing(manifest)
        ? null
        : text(run, manifest, differences);
  }

  private static boolean holdsNothing(Manifest manifest) {
    return manifest.totals().documents() == 0
        && manifest.totals().validation().documents() == 0
        && manifest.totals().files() > 0;
  }

  private static String text(PreparedRun run, Manifest manifest, List<String> differences) {
    List<String> listed = differences.subList(0, Math.min(LISTED, differences.size()));
    String more =
        differences.size() > LISTED ? " and " + (differences.size() - LISTED) + " more" : "";
    boolean learns = !(run.spec().tokenizer() instanceof TokenizerSource.Ready);
    return String.format(
        Locale.ROOT,
        "%s holds the result of another job, which differs in %s%s; this one would replace its"
            + " %,d files (%,d documents, %,d tokens) and make %s; add --replace to do so, or"
            + " name another output",
        run.layout().root(),
        String.join(", ", listed),
        more,
        manifest.outputs().lines(),
        manifest.totals().documents(),
        manifest.totals().tokens(),
        made(run.spec().kind(), differences, learns));
  }

  private static String made(RunKind kind, List<String> differences, boolean learns) {
    if (kind instanceof RunKind.CountTokens) {
      return "no shards";
    }
    if (differences.stream().allMatch(difference -> difference.startsWith("learn"))) {
      return "anew what was learned from the ids";
    }
    return "anew "
        + (learns ? "the tokenizer, " : "")
        + "the shards and all that is made from them";
  }

  private static void compare(String key, JsonNode before, JsonNode now, List<String> differences) {
    boolean added = before.isMissingNode() || before.isNull() && key.equals("learn");
    boolean free = FREE.contains(key) && !dropsShards(key, before, now);
    if (free || added || before.toString().equals(now.toString())) {
      return;
    }
    if (before.isObject() && now.isObject()) {
      Set<String> names = new TreeSet<>();
      before.fieldNames().forEachRemaining(names::add);
      now.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        compare(
            key.isEmpty() ? name : key + "." + name,
            before.path(name),
            now.path(name),
            differences);
      }
      return;
    }
    differences.add(key + ": " + shown(before) + " (now " + shown(now) + ")");
  }

  private static boolean dropsShards(String key, JsonNode before, JsonNode now) {
    return key.equals("shards.formats") && !before.isEmpty() && now.isEmpty();
  }

  private static String shown(JsonNode value) {
    String text = value instanceof MissingNode ? "nothing" : value.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
