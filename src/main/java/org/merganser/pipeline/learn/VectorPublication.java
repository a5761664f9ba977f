package org.merganser.pipeline.learn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.IdHistogram;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.learn.IdDocuments;
import org.merganser.learn.SplitMix64;
import org.merganser.learn.vector.ContextTest;
import org.merganser.learn.vector.IdContexts;
import org.merganser.learn.vector.Nearest;
import org.merganser.learn.vector.TokenMap;
import org.merganser.learn.vector.VectorFigures;
import org.merganser.learn.vector.VectorLearner;
import org.merganser.learn.vector.VectorSettings;
import org.merganser.pipeline.join.LearnedTable;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/**
 * Learns vectors from merged tables and publishes them as an embedding table, with figures and, in
 * a run's output, a map; the receipt comes last.
 */
final class VectorPublication {
  private static final String STAGE = "vectors";

  /** Singular values that the figures list. */
  private static final int LISTED_VALUES = 16;

  private final VectorSpec spec;
  private final VectorSettings settings;
  private final FileRef ref;
  private final Tokenizer tokenizer;
  private final FileRef ids;
  private final int end;

  VectorPublication(VectorSpec spec, FileRef ref, FileRef ids) {
    this.spec = spec;
    this.settings = spec.settings();
    this.ref = ref;
    this.tokenizer = WorkerTokenizers.get(ref);
    this.ids = ids;
    this.end = spec.endOfDocument(tokenizer);
  }

  /**
   * @param merged locations of the merged tables, sorted
   * @param heldOut shards whose documents are kept from training, by unit
   */
  LearnedTable publish(List<String> merged, List<ShardSet> heldOut) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.LEARN_VECTORS);
    LearnedTable table =
        spec.table() == null
            ? inRun(merged, heldOut, meter)
            : outside(merged, heldOut, spec.table(), meter);
    meter.unitDone();
    return table;
  }

  private LearnedTable inRun(List<String> merged, List<ShardSet> heldOut, StageMeter meter)
      throws IOException {
    OutputLayout layout = spec.layout();
    String fingerprint =
        Fingerprint.of(
            STAGE,
            ref.sha256(),
            ids.sha256(),
            settings,
            end,
            TupleTables.sums(merged),
            heldOut.stream().map(ShardSet::sums).toList());
    UnitReceipt receipt = Receipts.find(layout, fingerprint, OutputLayout.AFTER_ALL_UNITS);
    if (receipt == null) {
      IdContexts contexts = LearnVectors.contexts(spec, ref, ids);
      VectorLearner.Vectors vectors =
          VectorLearner.learn(
              TupleTables.merged(2, merged),
              contexts,
              settings,
              new StageProgress(meter, 2 * heldOut.size()));
      IdHistogram counts = CountIds.read(ids);
      List<WrittenFile> files = new ArrayList<>();
      String location = layout.at(layout.learnedVectors());
      try (FileStore.Draft draft = FileStore.of(location).draft(location)) {
        write(draft.file(), vectors);
        files.add(WrittenFile.of(draft.file(), layout.learnedVectors(), 0, 0));
        draft.publish();
      }
      TokenMap map =
          TokenMap.of(
              Nearest.of(vectors.rows(), vectors.dim()),
              counts,
              end,
              id -> new String(tokenizer.bytes(id), StandardCharsets.UTF_8),
              settings.seed());
      files.add(Receipts.publish(layout, layout.tokenMap(), map.toJson(), 0));
      byte[] figures = figures(vectors, contexts, counts, heldOut).toJson();
      files.add(Receipts.publish(layout, layout.vectorFigures(), figures, 0));
      receipt =
          Receipts.publish(layout, OutputLayout.AFTER_ALL_UNITS, STAGE, fingerprint, files, null);
    }
    WrittenFile table =
        receipt.files().stream()
            .filter(file -> file.path().equals(layout.learnedVectors()))
            .findFirst()
            .orElseThrow();
    return new LearnedTable(
        spec.ref(table),
        layout.at(UnitReceipt.path(receipt.fingerprint(), OutputLayout.AFTER_ALL_UNITS)));
  }

  private LearnedTable outside(
      List<String> merged, List<ShardSet> heldOut, String location, StageMeter meter)
      throws IOException {
    IdContexts contexts = LearnVectors.contexts(spec, ref, ids);
    VectorLearner.Vectors vectors =
        VectorLearner.learn(
            TupleTables.merged(2, merged),
            contexts,
            settings,
            new StageProgress(meter, 2 * heldOut.size()));
    FileStore.of(location).publishFile(location, file -> write(file, vectors));
    byte[] json = figures(vectors, contexts, CountIds.read(ids), heldOut).toJson();
    Receipts.publish(spec.layout(), spec.layout().latestVectorFigures(), json, 0);
    return new LearnedTable(new FileRef(location, Receipts.sha256(location)), "");
  }

  private void write(Path file, VectorLearner.Vectors vectors) throws IOException {
    String source =
        "mutual information in a window of %s with %s contexts, shift %s, seed %s"
            .formatted(settings.window(), settings.contexts(), settings.shift(), settings.seed());
    try (EmbeddingTableWriter out =
        new EmbeddingTableWriter(file, vectors.dim(), "F32", source, ref.sha256())) {
      for (int id = 0; id < tokenizer.idBound(); id++) {
        out.write(tokenizer.token(id), vectors.rows(), id * vectors.dim());
      }
    }
  }

  private VectorFigures figures(
      VectorLearner.Vectors vectors,
      IdContexts contexts,
      IdHistogram counts,
      List<ShardSet> heldOut)
      throws IOException {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < Math.min(LISTED_VALUES, vectors.singularValues().length); i++) {
      values.add(vectors.singularValues()[i]);
    }
    return new VectorFigures(
        tokenizer.idBound(),
        vectors.dim(),
        settings.window(),
        contexts.size(),
        settings.seed(),
        ref.sha256(),
        vectors.pairs(),
        vectors.pairsUsed(),
        vectors.minWeight(),
        vectors.idsWithoutVector(),
        values,
        heldOut.isEmpty() ? null : validation(vectors, counts, heldOut));
  }

  private VectorFigures.@Nullable Validation validation(
      VectorLearner.Vectors vectors, IdHistogram counts, List<ShardSet> heldOut)
      throws IOException {
    SplitMix64 random = new SplitMix64(settings.seed());
    float[] normal = new float[vectors.rows().length];
    for (int i = 0; i < normal.length; i++) {
      normal[i] = (float) random.nextGaussian();
    }
    ContextTest learned = contextTest(vectors.rows(), vectors.dim(), counts, heldOut);
    ContextTest byChance = contextTest(normal, vectors.dim(), counts, heldOut);
    return learned.pairs() == 0
        ? null
        : new VectorFigures.Validation(learned.pairs(), learned.score(), byChance.score());
  }

  private ContextTest contextTest(float[] rows, int dim, IdHistogram counts, List<ShardSet> heldOut)
      throws IOException {
    ContextTest test =
        new ContextTest(Nearest.of(rows, dim), counts, settings.window(), end, settings.seed());
    for (ShardSet set : heldOut) {
      IdDocuments.read(TupleTables.local(set.locations()), test);
      StageMeter.of(spec.layout(), Stage.LEARN_VECTORS).stepsDone(1);
    }
    return test;
  }
}
