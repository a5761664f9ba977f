package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SpreadOverWorkers;

/**
 * Joins shards with the embedding table, which every worker has as a flat file on its own disk: a
 * broadcast join, in which nothing is shuffled by token. What a unit's join depends on beside its
 * shards (counts of all ids, documents cut between units) is gathered first; what needs all units
 * is done behind them. Hands on the locations of receipts.
 */
public final class JoinEmbeddings extends PTransform<PCollection<ShardSet>, PCollection<String>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;

  private final Broadcast<FileRef> table;
  private final int threads;

  private JoinEmbeddings(
      RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<FileRef> table, int threads) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.table = table;
    this.threads = threads;
  }

  /**
   * @param threads of the direct runner; 1 of other runners
   */
  public static JoinEmbeddings of(
      RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<FileRef> table, int threads) {
    return new JoinEmbeddings(spec, tokenizer, table, threads);
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> shards) {
    Broadcast<List<UnitJoinInputs>> units =
        Broadcast.all(
            "IdsOfAllUnits",
            shards
                .apply("FindIds", ParDo.of(new FindIdsFn(spec)))
                .setCoder(SerializableCoder.of(UnitJoinInputs.class)));
    PCollection<JoinInputs> framed =
        shards
            .getPipeline()
            .apply("BeforeTheJoin", Impulse.create())
            .apply(
                "FrameJoin",
                ParDo.of(new FrameFn(spec, units, table))
                    .withSideInputs(Broadcast.views(units, table)))
            .setCoder(SerializableCoder.of(JoinInputs.class));
    Broadcast<JoinInputs> frame = Broadcast.one("FrameToWorkers", framed);
    PCollection<JoinedUnit> joined =
        behind(framed, units, shards)
            .apply(
                "JoinShards",
                ParDo.of(new JoinFn(spec, tokenizer, frame))
                    .withSideInputs(Broadcast.views(tokenizer, frame)))
            .setCoder(SerializableCoder.of(JoinedUnit.class));
    Broadcast<List<JoinedUnit>> all = Broadcast.all("AllJoined", joined);
    PCollection<JoinedRun> finished =
        shards
            .getPipeline()
            .apply("BehindTheJoin", Impulse.create())
            .apply(
                "FinishJoin",
                ParDo.of(new FinishFn(spec, tokenizer, frame, all))
                    .withSideInputs(Broadcast.views(tokenizer, frame, all)))
            .setCoder(SerializableCoder.of(JoinedRun.class));
    PCollectionList<String> receipts =
        PCollectionList.of(
            finished.apply(
                "JoinedReceipts",
                FlatMapElements.into(TypeDescriptors.strings()).via(JoinedRun::receipts)));
    if (JobComponents.removesComponent(JobComponents.embeddings(spec.job()))) {
      Broadcast<String> component =
          Broadcast.one(
              "ComponentToWorkers",
              finished
                  .apply(
                      "Component",
                      MapElements.into(TypeDescriptors.strings())
                          .via(run -> Objects.requireNonNull(run.component())))
                  .setCoder(StringUtf8Coder.of()));
      receipts =
          receipts.and(
              joined
                  .apply(
                      "RemoveComponent",
                      ParDo.of(new RemoveFn(spec, tokenizer, table, component))
                          .withSideInputs(Broadcast.views(tokenizer, table, component)))
                  .setCoder(StringUtf8Coder.of()));
    }
    return receipts.apply("EmbeddedReceipts", Flatten.pCollections());
  }

  /**
   * The shards when the frame is there: the direct runner takes what waits for a side input up
   * again and again, translating the step each time. An engine waits.
   */
  private PCollection<ShardSet> behind(
      PCollection<JoinInputs> frame,
      Broadcast<List<UnitJoinInputs>> units,
      PCollection<ShardSet> shards) {
    if (!RunnerFlags.runsHere(frame.getPipeline().getOptions())) {
      return shards;
    }
    return SpreadOverWorkers.over(
        threads,
        frame
            .apply(
                "ShardsBehindTheFrame",
                ParDo.of(new ShardsFn(spec, units)).withSideInputs(Broadcast.views(units)))
            .setCoder(SerializableCoder.of(ShardSet.class)));
  }

  private static final class ShardsFn extends RunFn<JoinInputs, ShardSet> {
    private final Broadcast<List<UnitJoinInputs>> units;

    ShardsFn(RunSpec spec, Broadcast<List<UnitJoinInputs>> units) {
      super(spec);
      this.units = units;
    }

    @ProcessElement
    public void shards(OutputReceiver<ShardSet> out, ProcessContext context) {
      units.get(context).forEach(unit -> out.output(unit.shards()));
    }
  }

  private static final class FindIdsFn extends RunFn<ShardSet, UnitJoinInputs> {

    FindIdsFn(RunSpec spec) {
      super(spec);
    }

    @ProcessElement
    public void find(@Element ShardSet shards, OutputReceiver<UnitJoinInputs> out)
        throws IOException {
      out.output(new UnitJoinInputsReader(spec).read(shards));
    }
  }

  private static final class FrameFn extends RunFn<byte[], JoinInputs> {
    private final Broadcast<List<UnitJoinInputs>> units;

    private final Broadcast<FileRef> table;

    FrameFn(RunSpec spec, Broadcast<List<UnitJoinInputs>> units, Broadcast<FileRef> table) {
      super(spec);
      this.units = units;
      this.table = table;
    }

    @ProcessElement
    public void frame(OutputReceiver<JoinInputs> out, ProcessContext context) throws IOException {
      out.output(JoinInputs.of(spec, units.get(context), table.get(context)));
    }
  }

  private static final class JoinFn extends RunFn<ShardSet, JoinedUnit> {
    private final Broadcast<FileRef> tokenizer;
    private final Broadcast<JoinInputs> frame;
    private transient @Nullable UnitJoiner joiner;

    JoinFn(RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<JoinInputs> frame) {
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
        unitJoiner = new UnitJoiner(spec, tokenizer.get(context), frame.get(context));
        joiner = unitJoiner;
      }
      out.output(unitJoiner.join(shards));
    }
  }

  private static final class FinishFn extends RunFn<byte[], JoinedRun> {
    private final Broadcast<FileRef> tokenizer;
    private final Broadcast<JoinInputs> frame;
    private final Broadcast<List<JoinedUnit>> joined;

    FinishFn(
        RunSpec spec,
        Broadcast<FileRef> tokenizer,
        Broadcast<JoinInputs> frame,
        Broadcast<List<JoinedUnit>> joined) {
      super(spec);
      this.tokenizer = tokenizer;
      this.frame = frame;
      this.joined = joined;
    }

    @ProcessElement
    public void finish(OutputReceiver<JoinedRun> out, ProcessContext context) throws IOException {
      out.output(
          new JoinFinish(spec, tokenizer.get(context), frame.get(context))
              .finish(joined.get(context)));
    }
  }

  private static final class RemoveFn extends RunFn<JoinedUnit, String> {
    private final Broadcast<FileRef> tokenizer;
    private final Broadcast<FileRef> table;
    private final Broadcast<String> component;
    private transient @Nullable ComponentRemover remover;

    RemoveFn(
        RunSpec spec,
        Broadcast<FileRef> tokenizer,
        Broadcast<FileRef> table,
        Broadcast<String> component) {
      super(spec);
      this.tokenizer = tokenizer;
      this.table = table;
      this.component = component;
    }

    @ProcessElement
    public void remove(@Element JoinedUnit unit, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      ComponentRemover componentRemover = remover;
      if (componentRemover == null) {
        componentRemover =
            new ComponentRemover(
                spec, tokenizer.get(context), table.get(context), component.get(context));
        remover = componentRemover;
      }
      out.output(componentRemover.remove(Objects.requireNonNull(unit.raw())));
    }
  }
}
