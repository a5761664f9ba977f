package org.merganser.pipeline;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * Joins shards with the embedding table, which every worker has as a flat file on its own disk: a
 * broadcast join, in which nothing is shuffled by token. What a unit's join depends on beside its
 * shards (counts of all ids, documents cut between units) is gathered first; what needs all units
 * is done behind them. Hands on the locations of receipts.
 */
final class JoinEmbeddings extends PTransform<PCollection<ShardSet>, PCollection<String>> {
  private final RunSpec spec;
  private final PCollectionView<TokenizerRef> tokenizer;

  private final PCollectionView<FileRef> table;

  private JoinEmbeddings(
      RunSpec spec, PCollectionView<TokenizerRef> tokenizer, PCollectionView<FileRef> table) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.table = table;
  }

  static JoinEmbeddings of(
      RunSpec spec, PCollectionView<TokenizerRef> tokenizer, PCollectionView<FileRef> table) {
    return new JoinEmbeddings(spec, tokenizer, table);
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> shards) {
    PCollectionView<List<UnitIds>> units =
        shards
            .apply("FindIds", ParDo.of(new FindIdsFn(spec)))
            .setCoder(SerializableCoder.of(UnitIds.class))
            .apply("IdsOfAllUnits", View.asList());
    PCollectionView<JoinFrame> frame =
        shards
            .getPipeline()
            .apply("BeforeTheJoin", Create.of(""))
            .apply(
                "FrameJoin", ParDo.of(new FrameFn(spec, units, table)).withSideInputs(units, table))
            .setCoder(SerializableCoder.of(JoinFrame.class))
            .apply("FrameToWorkers", View.asSingleton());
    PCollection<JoinedUnit> joined =
        shards
            .apply(
                "JoinShards",
                ParDo.of(new JoinFn(spec, tokenizer, frame)).withSideInputs(tokenizer, frame))
            .setCoder(SerializableCoder.of(JoinedUnit.class));
    PCollectionView<List<JoinedUnit>> all = joined.apply("AllJoined", View.asList());
    PCollection<JoinedRun> finished =
        shards
            .getPipeline()
            .apply("BehindTheJoin", Create.of(""))
            .apply(
                "FinishJoin",
                ParDo.of(new FinishFn(spec, tokenizer, frame, all))
                    .withSideInputs(tokenizer, frame, all))
            .setCoder(SerializableCoder.of(JoinedRun.class));
    PCollectionList<String> receipts =
        PCollectionList.of(
                joined.apply(
                    "JoinedReceipts",
                    MapElements.into(TypeDescriptors.strings()).via(JoinedUnit::receipt)))
            .and(
                finished.apply(
                    "FinishedReceipts",
                    FlatMapElements.into(TypeDescriptors.strings()).via(JoinedRun::receipts)));
    if (CoreParts.removesComponent(CoreParts.embeddings(spec.job()))) {
      PCollectionView<JoinedRun> run = finished.apply("ComponentToWorkers", View.asSingleton());
      receipts =
          receipts.and(
              joined
                  .apply(
                      "RemoveComponent",
                      ParDo.of(new RemoveFn(spec, tokenizer, table, run))
                          .withSideInputs(tokenizer, table, run))
                  .setCoder(StringUtf8Coder.of()));
    }
    return receipts.apply("EmbeddedReceipts", Flatten.pCollections());
  }

  private static final class FindIdsFn extends RunFn<ShardSet, UnitIds> {

    FindIdsFn(RunSpec spec) {
      super(spec);
    }

    @ProcessElement
    public void find(@Element ShardSet shards, OutputReceiver<UnitIds> out) throws IOException {
      out.output(new UnitIdsReader(spec).read(shards));
    }
  }

  private static final class FrameFn extends RunFn<String, JoinFrame> {
    private final PCollectionView<List<UnitIds>> units;

    private final PCollectionView<FileRef> table;

    FrameFn(RunSpec spec, PCollectionView<List<UnitIds>> units, PCollectionView<FileRef> table) {
      super(spec);
      this.units = units;
      this.table = table;
    }

    @ProcessElement
    public void frame(OutputReceiver<JoinFrame> out, ProcessContext context) throws IOException {
      out.output(JoinFrame.of(spec, context.sideInput(units), context.sideInput(table)));
    }
  }

  private static final class JoinFn extends RunFn<ShardSet, JoinedUnit> {
    private final PCollectionView<TokenizerRef> tokenizer;
    private final PCollectionView<JoinFrame> frame;
    private transient @Nullable UnitJoiner joiner;

    JoinFn(
        RunSpec spec, PCollectionView<TokenizerRef> tokenizer, PCollectionView<JoinFrame> frame) {
      super(spec);
      this.tokenizer = tokenizer;
      this.frame = frame;
    }

    @ProcessElement
    public void join(
        @Element ShardSet shards, OutputReceiver<JoinedUnit> out, ProcessContext context)
        throws IOException {
      UnitJoiner unitJoiner = joiner;
      if (unitJoiner == null) {
        unitJoiner = new UnitJoiner(spec, context.sideInput(tokenizer), context.sideInput(frame));
        joiner = unitJoiner;
      }
      out.output(unitJoiner.join(shards));
    }
  }

  private static final class FinishFn extends RunFn<String, JoinedRun> {
    private final PCollectionView<TokenizerRef> tokenizer;
    private final PCollectionView<JoinFrame> frame;
    private final PCollectionView<List<JoinedUnit>> joined;

    FinishFn(
        RunSpec spec,
        PCollectionView<TokenizerRef> tokenizer,
        PCollectionView<JoinFrame> frame,
        PCollectionView<List<JoinedUnit>> joined) {
      super(spec);
      this.tokenizer = tokenizer;
      this.frame = frame;
      this.joined = joined;
    }

    @ProcessElement
    public void finish(OutputReceiver<JoinedRun> out, ProcessContext context) throws IOException {
      out.output(
          new JoinFinish(spec, context.sideInput(tokenizer), context.sideInput(frame))
              .finish(context.sideInput(joined)));
    }
  }

  private static final class RemoveFn extends RunFn<JoinedUnit, String> {
    private final PCollectionView<TokenizerRef> tokenizer;
    private final PCollectionView<FileRef> table;
    private final PCollectionView<JoinedRun> run;
    private transient @Nullable ComponentRemover remover;

    RemoveFn(
        RunSpec spec,
        PCollectionView<TokenizerRef> tokenizer,
        PCollectionView<FileRef> table,
        PCollectionView<JoinedRun> run) {
      super(spec);
      this.tokenizer = tokenizer;
      this.table = table;
      this.run = run;
    }

    @ProcessElement
    public void remove(@Element JoinedUnit unit, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      ComponentRemover componentRemover = remover;
      if (componentRemover == null) {
        String component = Objects.requireNonNull(context.sideInput(run).component());
        componentRemover =
            new ComponentRemover(
                spec, context.sideInput(tokenizer), context.sideInput(table), component);
        remover = componentRemover;
      }
      out.output(componentRemover.remove(Objects.requireNonNull(unit.raw())));
    }
  }
}
