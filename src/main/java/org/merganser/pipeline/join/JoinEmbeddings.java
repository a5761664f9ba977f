package org.merganser.pipeline.join;

import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.Pipeline;
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
import org.merganser.pipeline.engine.RunnerGraph;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;

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

  public JoinEmbeddings(RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<FileRef> table) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.table = table;
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> shards) {
    Pipeline pipeline = shards.getPipeline();
    Broadcast<FileRef> tokenizerRef = tokenizer; // the steps hold these, not this transform
    Broadcast<FileRef> tableRef = table;
    Broadcast<List<UnitJoinInputs>> units =
        Broadcast.all(
            "IdsOfAllUnits",
            shards
                .apply(
                    "FindIds",
                    StepFn.of(
                        spec,
                        Stage.JOIN,
                        (run, context) -> new UnitJoinInputsReader(run),
                        UnitJoinInputsReader::read))
                .setCoder(SerializableCoder.of(UnitJoinInputs.class)));
    PCollection<JoinInputs> gathered =
        pipeline
            .apply("BeforeTheJoin", Impulse.create())
            .apply(
                "FrameJoin",
                StepFn.of(
                    spec,
                    Stage.JOIN,
                    (run, context) -> JoinInputs.of(run, units.get(context), tableRef.get(context)),
                    (JoinInputs inputs, byte[] impulse) -> inputs,
                    units,
                    tableRef))
            .setCoder(SerializableCoder.of(JoinInputs.class));
    Broadcast<JoinInputs> inputs = Broadcast.one("FrameToWorkers", gathered);
    PCollection<JoinedUnit> joined =
        shardsAfter(gathered, units)
            .apply(
                "JoinShards",
                StepFn.of(
                    spec,
                    Stage.JOIN,
                    (run, context) ->
                        new UnitJoiner(run, tokenizerRef.get(context), inputs.get(context)),
                    UnitJoiner::join,
                    tokenizerRef,
                    inputs))
            .setCoder(SerializableCoder.of(JoinedUnit.class));
    Broadcast<List<JoinedUnit>> all = Broadcast.all("AllJoined", joined);
    PCollection<JoinFinish.JoinedRun> finished =
        pipeline
            .apply("BehindTheJoin", Impulse.create())
            .apply(
                "FinishJoin",
                StepFn.of(
                    spec,
                    Stage.JOIN,
                    (run, context) ->
                        new JoinFinish(run, tokenizerRef.get(context), inputs.get(context))
                            .finish(all.get(context)),
                    (JoinFinish.JoinedRun run, byte[] impulse) -> run,
                    tokenizerRef,
                    inputs,
                    all))
            .setCoder(SerializableCoder.of(JoinFinish.JoinedRun.class));
    PCollectionList<String> receipts =
        PCollectionList.of(
            finished.apply(
                "JoinedReceipts",
                FlatMapElements.into(TypeDescriptors.strings())
                    .via(JoinFinish.JoinedRun::receipts)));
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
                      StepFn.of(
                          spec,
                          Stage.JOIN,
                          (run, context) ->
                              new ComponentRemover(
                                  run,
                                  tokenizerRef.get(context),
                                  tableRef.get(context),
                                  component.get(context)),
                          (ComponentRemover remover, JoinedUnit unit) ->
                              remover.remove(Objects.requireNonNull(unit.raw())),
                          tokenizerRef,
                          tableRef,
                          component))
                  .setCoder(StringUtf8Coder.of()));
    }
    return receipts.apply("EmbeddedReceipts", Flatten.pCollections());
  }

  /**
   * The shards of all units once what the join depends on is there: they wait for it anyway, and
   * the direct runner takes what waits for a side input up again and again.
   */
  private PCollection<ShardSet> shardsAfter(
      PCollection<JoinInputs> gathered, Broadcast<List<UnitJoinInputs>> units) {
    return RunnerGraph.of(gathered.getPipeline())
        .spread(
            "SpreadUnits",
            gathered
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
}
