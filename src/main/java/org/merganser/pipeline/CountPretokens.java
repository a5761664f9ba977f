package org.merganser.pipeline;

import java.io.IOException;
import java.util.Objects;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DuplicateList;
import org.merganser.corpus.WorkUnit;
import org.merganser.store.FileStore;

/**
 * Counts the pretokens of each unit into partial tables, packed and compressed, keyed by hash
 * partition. A unit's tables are kept in {@code run/counts}, so that a run that was killed does not
 * count it again.
 */
final class CountPretokens
    extends PTransform<PCollection<WorkUnit>, PCollection<KV<Integer, byte[]>>> {
  private final RunSpec spec;
  private final PCollectionView<DocumentChoice> choice;
  private final PCollectionView<DuplicateList> duplicates;

  private CountPretokens(
      RunSpec spec,
      PCollectionView<DocumentChoice> choice,
      PCollectionView<DuplicateList> duplicates) {
    this.spec = spec;
    this.choice = choice;
    this.duplicates = duplicates;
  }

  /** Counts the documents that {@code choice} trains on, {@code duplicates} left out. */
  static CountPretokens of(
      RunSpec spec,
      PCollectionView<DocumentChoice> choice,
      PCollectionView<DuplicateList> duplicates) {
    return new CountPretokens(spec, choice, duplicates);
  }

  @Override
  public PCollection<KV<Integer, byte[]>> expand(PCollection<WorkUnit> units) {
    return units
        .apply(
            "CountUnit",
            ParDo.of(new CountFn(spec, choice, duplicates)).withSideInputs(choice, duplicates))
        .setCoder(KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of()));
  }

  private static final byte[] NOT_COUNTED = {};

  private static final class CountFn extends RunFn<WorkUnit, KV<Integer, byte[]>> {
    private final PCollectionView<DocumentChoice> choice;
    private final PCollectionView<DuplicateList> duplicates;
    private transient @Nullable UnitCounter counter;

    CountFn(
        RunSpec spec,
        PCollectionView<DocumentChoice> choice,
        PCollectionView<DuplicateList> duplicates) {
      super(spec);
      this.choice = choice;
      this.duplicates = duplicates;
    }

    @ProcessElement
    public void count(
        @Element WorkUnit unit, OutputReceiver<KV<Integer, byte[]>> out, ProcessContext context)
        throws IOException {
      StageMeter.of(Stage.COUNT).begin();
      DocumentChoice chosen = context.sideInput(choice);
      DocumentSelection selection = DocumentSelection.of(spec, unit, context.sideInput(duplicates));
      String location =
          spec.layout()
              .at(
                  spec.layout()
                      .unitCounts(
                          Fingerprint.of(unit),
                          Fingerprint.of(
                              spec.countFingerprint(),
                              chosen.bound(),
                              selection.fingerprint()),
                          unit.number()));
      FileStore store = FileStore.of(location);
      byte[] counts = store.exists(location) ? store.readAll(location) : moved(store, location);
      if (CountFile.isWhole(counts)) {
        StageMeter.of(Stage.COUNT).unitSkipped();
      } else {
        if (counter == null) {
          counter = CoreParts.counter(spec, chosen);
        }
        UnitCounter unitCounter = Objects.requireNonNull(counter);
        store.publish(
            location,
            sink ->
                CountFile.write(
                    sink,
                    file ->
                        FirstReading.note(
                            spec.layout(),
                            unit,
                            unitCounter.count(
                                unit, selection, tables -> CountFile.append(tables, file)))));
        counts = store.readAll(location);
        StageMeter.of(Stage.COUNT).unitDone();
      }
      CountFile.forEach(
          counts,
          (partition, block) -> {
            StageMeter.of(Stage.COUNT).handOn(Integer.BYTES + block.length);
            out.output(KV.of(partition, block));
          });
    }

    /** What the unit counted when it had another number; its folder is its own. */
    private static byte[] moved(FileStore store, String location) throws IOException {
      String folder = location.substring(0, location.lastIndexOf('/'));
      if (store.exists(folder)) {
        for (FileStore.Entry entry : store.listFolder(folder)) {
          byte[] counts = store.readAll(entry.location());
          if (!FileStore.isTemporary(entry.location()) && CountFile.isWhole(counts)) {
            store.publish(location, sink -> sink.write(counts));
            return counts;
          }
        }
      }
      return NOT_COUNTED;
    }
  }
}
