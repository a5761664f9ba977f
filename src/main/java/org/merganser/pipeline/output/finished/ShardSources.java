package org.merganser.pipeline.output.finished;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.job.ShardRules;
import org.merganser.job.ShardsSection;
import org.merganser.json.Json;
import org.merganser.message.ProgramCommand;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.shard.ShardColumn;
import org.merganser.store.FileStore;

/**
 * The finished runs whose shards a job continues from.
 *
 * @param outputs the outputs of the runs, in the order of the job
 * @param manifests the manifest of each run, in the same order
 */
public record ShardSources(List<OutputPaths> outputs, List<Manifest> manifests) {
  /** The key of {@code shards} with the token that begins a document. */
  private static final String BEGIN = "beginOfDocument";

  /** The key of {@code shards} with the token that ends a document. */
  private static final String END = "endOfDocument";

  /**
   * The runs in these folders.
   *
   * @param folders the locations of the outputs, in the order of the job
   * @throws RunException for a run without shards; for several runs, also for one that is damaged
   *     or named twice, or that differs from the first in its tokenizer or a token around documents
   */
  public static ShardSources of(List<String> folders) throws IOException {
    List<OutputPaths> runs = new ArrayList<>();
    List<Manifest> manifests = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    for (String folder : folders) {
      OutputPaths run = OutputPaths.of(folder);
      FinishedOutput finished = FinishedOutput.at(run);
      manifests.add(finished.manifest());
      if (finished.shards().isEmpty()) {
        throw refused(folder, ": that run has no shards");
      }
      String other = seen.put(FileStore.of(folder).resolved(folder), folder);
      if (other != null) {
        throw refused(folder, other.equals(folder) ? " is named twice" : " is the folder " + other);
      }
      runs.add(run);
    }
    ShardSources sources = new ShardSources(runs, manifests);
    if (runs.size() > 1) {
      for (int i = 0; i < runs.size(); i++) {
        if (i > 0) {
          sources.requireLikeFirst(i);
        }
        requireWhole(runs.get(i));
      }
    }
    return sources;
  }

  /** The first run, whose tokenizer is that of all. */
  public OutputPaths first() {
    return outputs.get(0);
  }

  /**
   * The token that begins the documents of these runs; null if there is none.
   *
   * @throws RunException if the job names another token, which only encoding could put there
   */
  public @Nullable String beginOfDocument(ShardsSection shards) {
    return tokenOfRuns(BEGIN, shards.beginOfDocument(), "begin", shards);
  }

  /**
   * The token that ends the documents of these runs; null if there is none.
   *
   * @throws RunException if the job names another token, which only encoding could put there
   */
  public @Nullable String endOfDocument(ShardsSection shards) {
    return tokenOfRuns(END, shards.endOfDocument(), "end", shards);
  }

  /**
   * The token around the documents of these runs; null if there is none.
   *
   * @param key the key of {@code shards} with the token
   * @param named the token that the job names; null for none
   * @param verb what documents do with the token, for the error
   * @throws RunException if the job names another token
   */
  private @Nullable String tokenOfRuns(
      String key, @Nullable String named, String verb, ShardsSection shards) {
    String own = token(manifests.get(0), key);
    if (named != null && !named.equals(own)) {
      throw RunException.wrong(
          "shards.%s: %s is not what documents of %s %s with, which is %s; encode again with it,"
              + " or leave it out",
          key,
          quoted(named),
          String.join(", ", Objects.requireNonNull(shards.from())),
          verb,
          quoted(own));
    }
    return own;
  }

  /** The fields that the shards of all runs keep; empty if the runs keep different fields. */
  public List<String> keptFields() {
    Set<List<String>> kept = new HashSet<>();
    for (Manifest manifest : manifests) {
      List<String> fields = new ArrayList<>();
      manifest.job().path("shards").path("keep").forEach(field -> fields.add(field.asText()));
      kept.add(fields);
    }
    return kept.size() == 1 ? kept.iterator().next() : List.of();
  }

  /**
   * Whether the documents of these runs have a loss mask.
   *
   * @throws RunException if only some have one, or the job's columns or layouts do not fit
   */
  public boolean haveLossMask(ShardsSection shards) {
    List<String> masked = new ArrayList<>();
    List<String> unmasked = new ArrayList<>();
    for (int i = 0; i < manifests.size(); i++) {
      boolean hasSegments = manifests.get(i).job().path("corpus").hasNonNull("segmentsField");
      (hasSegments ? masked : unmasked).add(outputs.get(i).root());
    }
    if (masked.isEmpty()) {
      if (shards.columns().get(ShardColumn.LOSS_MASK) != null) {
        throw RunException.wrong(
            "shards.columns.lossMask: the documents of %s have no loss mask", unmasked.get(0));
      }
      return false;
    }
    if (!unmasked.isEmpty()) {
      throw RunException.wrong(
          "shards.from: the documents of %s have a loss mask (corpus.segmentsField), those of %s"
              + " have none; write texts that are trained on as a whole as one segment with loss:"
              + " true, and encode them so",
          masked.get(0), unmasked.get(0));
    }
    requirePlaceForMasks(shards, masked.get(0));
    return true;
  }

  /**
   * The error about a run that the job must not name.
   *
   * @param why the end of the message
   */
  private static RunException refused(String folder, String why) {
    return RunException.wrong("shards.from: %s%s", folder, why);
  }

  /** Requires that run {@code number} has the tokenizer and the tokens of the first one. */
  private void requireLikeFirst(int number) {
    Manifest expected = manifests.get(0);
    Manifest manifest = manifests.get(number);
    String run = outputs.get(number).root();
    if (!manifest.tokenizerSha256().equals(expected.tokenizerSha256())) {
      throw RunException.wrong(
          "shards.from: %s was made with the tokenizer of sha256 %s, and %s with that of %s; the"
              + " same id means another text in each: encode one corpus again with the tokenizer of"
              + " the other (tokenizer.load)",
          run, manifest.tokenizerSha256(), first().root(), expected.tokenizerSha256());
    }
    requireTokenOfFirst(number, BEGIN, "begin");
    requireTokenOfFirst(number, END, "end");
  }

  /**
   * Requires that the documents of run {@code number} begin or end with the token of the first run.
   *
   * @param key the key of {@code shards} with the token
   * @param verb what documents do with the token, for the error
   */
  private void requireTokenOfFirst(int number, String key, String verb) {
    String own = token(manifests.get(number), key);
    String expected = token(manifests.get(0), key);
    if (!Objects.equals(own, expected)) {
      throw RunException.wrong(
          "shards.from: documents of %s %s with %s, and those of %s with %s"
              + " (shards.%s); encode one corpus again with the token of the other",
          outputs.get(number).root(), verb, quoted(own), first().root(), quoted(expected), key);
    }
  }

  /** A token in a message. */
  private static String quoted(@Nullable String token) {
    return token == null ? "nothing" : Json.line(token);
  }

  /** The value of a key of {@code shards} in the job of a run; null if it is not set. */
  private static @Nullable String token(Manifest manifest, String key) {
    return manifest.job().path("shards").path(key).textValue();
  }

  /** Requires that the files of a run are those of its manifest. */
  private static void requireWhole(OutputPaths run) throws IOException {
    List<ManifestVerification.Finding> findings =
        ManifestVerification.check(run.root(), false).findings();
    if (!findings.isEmpty()) {
      ManifestVerification.Finding finding = findings.get(0);
      throw RunException.changed(
          "shards.from: %s is damaged: %s: %s: %s; %s lists all that is wrong, and running that"
              + " job again repairs it",
          run.root(),
          finding.where(),
          finding.what(),
          finding.detail(),
          ProgramCommand.line("verify", run.root()));
    }
  }

  /**
   * Requires that the job has a place for the loss mask in its columns and layouts.
   *
   * @param run the output of a run with a loss mask, for the error
   */
  private static void requirePlaceForMasks(ShardsSection shards, String run) {
    List<String> problems = new ArrayList<>(ShardRules.maskProblems(shards));
    if (shards.leavesOut(ShardColumn.LOSS_MASK)) {
      problems.add("shards.columns.lossMask: null leaves out the loss mask of ids");
    }
    if (!problems.isEmpty()) {
      throw RunException.wrong(
          "%s; the documents of %s have one (corpus.segmentsField)",
          String.join("; ", problems), run);
    }
  }
}
