package org.merganser.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.Manifest;
import org.merganser.job.JobKeys;
import org.merganser.job.JobWriter;
import org.merganser.json.Decides;
import org.merganser.layout.ShardFormat;
import org.merganser.parquet.ShardException;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.request.RequestedSources;
import org.merganser.pipeline.step.RunKind;
import org.merganser.store.FileStore;

/** The finished result of another job in the output of a run, which the run would replace. */
final class ReplacedRun {
  /** Keys that decide data and in which a job may differ from the one before it in its output. */
  private static final Set<String> FREE =
      Set.of(
          RequestedSources.CORPUS,
          RequestedSources.VALIDATION,
          "tokenizer.train.inputs",
          "embeddings.table");

  /** Keys with lists to which a job may add; files of what it leaves out would be deleted. */
  private static final Set<String> GROWING =
      Set.of("shards.from", "shards.formats", "embeddings.output");

  /** Sections that a job may have although the earlier job did not. */
  private static final Set<String> ADDED = Set.of("learn", "embeddings");

  /** The most differences that a message lists. */
  private static final int LISTED = 6;

  private ReplacedRun() {}

  /**
   * Describes what is replaced, with the next step. Null where nothing is replaced, where the
   * earlier result has no documents, or where the jobs differ only in {@link #FREE} keys, in those
   * that decide no data, and in what this one adds. Where the manifest is damaged, the earlier job
   * is the one that began last.
   */
  static @Nullable String of(PreparedRun run) throws IOException {
    OutputLayout layout = run.layout();
    if (!FileStore.of(layout.root()).exists(layout.at(Manifest.FILE))) {
      return null;
    }
    JsonNode now = JobWriter.tree(run.spec().job());
    List<String> differences = new ArrayList<>();
    Manifest manifest;
    try {
      manifest = FinishedOutput.manifest(layout);
    } catch (ShardException damaged) {
      RunRecord record = RunRecord.find(layout);
      compare("", record == null ? MissingNode.getInstance() : record.job(), now, differences);
      String files = "its files (" + Manifest.FILE + ", which lists them, is damaged)";
      return differences.isEmpty() ? null : text(layout.root(), files, differences);
    }
    compare("", manifest.job(), now, differences);
    if (manifest.tokenizerSha256().equals(run.spec().asked().keys().get("tokenizer.load"))) {
      differences.removeIf(difference -> difference.startsWith("tokenizer.load:"));
    }
    if (run.spec().kind() instanceof RunKind.FromShards from && takesAll(from, manifest, layout)) {
      differences.removeIf(difference -> difference.startsWith("shards.from:"));
    }
    return differences.isEmpty() || holdsNothing(manifest)
        ? null
        : text(layout.root(), files(manifest), differences);
  }

  /** Whether the shards of all earlier runs are taken again, however their folders are spelled. */
  private static boolean takesAll(RunKind.FromShards from, Manifest before, OutputLayout layout)
      throws IOException {
    Set<String> taken = new HashSet<>();
    for (OutputLayout run : from.earlier()) {
      taken.add(FileStore.of(run.root()).resolved(run.root()));
    }
    for (int i = 0; i < before.job().at("/shards/from").size(); i++) {
      String run = FinishedOutput.location(layout, "/shards/from/" + i);
      if (run == null || !taken.contains(FileStore.of(run).resolved(run))) {
        return false;
      }
    }
    return true;
  }

  private static boolean holdsNothing(Manifest manifest) {
    return manifest.totals().sums().documents() == 0
        && manifest.totals().sums().validation().documents() == 0
        && manifest.totals().files() > 0;
  }

  private static String files(Manifest manifest) {
    return String.format(
        Locale.ROOT,
        "its %,d files (%,d documents, %,d tokens)",
        manifest.outputs().lines(),
        manifest.totals().sums().documents(),
        manifest.totals().sums().tokens());
  }

  private static String text(String root, String files, List<String> differences) {
    List<String> listed = differences.subList(0, Math.min(LISTED, differences.size()));
    String more =
        differences.size() > LISTED ? " and " + (differences.size() - LISTED) + " more" : "";
    return ("%s holds the result of another job, which differs in %s%s; this one would replace or"
            + " delete those of %s that it does not make alike; add --replace to do so, or name"
            + " another output")
        .formatted(root, String.join(", ", listed), more, files);
  }

  private static void compare(String key, JsonNode before, JsonNode now, List<String> differences) {
    boolean added = before.isMissingNode() || before.isNull() && ADDED.contains(key);
    boolean any = FREE.contains(key) || decidesNothing(key);
    boolean free = any || GROWING.contains(key) && keeps(before, now);
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

  private static boolean decidesNothing(String key) {
    return !key.isEmpty()
        && JobKeys.at(key).decides().length > 0
        && !JobKeys.decides(JobKeys.at(key), Decides.requested())
        && !JobKeys.namesFiles(JobKeys.at(key));
  }

  /** Whether a list still has all that it had; Parquet is made for every other layout. */
  private static boolean keeps(JsonNode before, JsonNode now) {
    Set<String> left = new HashSet<>();
    before.forEach(value -> left.add(value.asText()));
    now.forEach(value -> left.remove(value.asText()));
    left.removeIf(value -> value.equals(ShardFormat.PARQUET.spelled()) && !now.isEmpty());
    return left.isEmpty();
  }

  private static String shown(JsonNode value) {
    String text = value instanceof MissingNode ? "nothing" : value.toString();
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }
}
