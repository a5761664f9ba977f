package org.merganser.pipeline.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.HeldOutTexts;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.select.DocumentChoice;
import org.merganser.pipeline.select.DocumentSelection;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.CountingPlan;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunFn;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.StepFn;
import org.merganser.pipeline.step.ToOneWorker;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;
import org.merganser.text.pretokenize.CutRule;

/**
 * Counts the pretokens of each counting unit in several ways while its text is read once, and keeps
 * the texts for validation that it meets. The tables lie where {@link CountPretokens} looks for its
 * own, which finds them there and reads nothing; what is there already is not counted again.
 *
 * <p>A document is cut into parts only where all ways allow it. The counts are those of each way
 * alone but for a document above {@code corpus.maxWholeDocumentBytes} that has no such place.
 */
public final class CountInOneReading
    extends PTransform<PCollection<CountingUnit>, PCollection<String>> {
  private final List<RunSpec> ways;
  private final Broadcast<DocumentChoice> choice;
  private final Broadcast<DuplicateList> duplicates;

  /**
   * Counts the documents that {@code choice} trains on, {@code duplicates} left out.
   *
   * @param ways at least one; all learn from the same units of one corpus, selected in one way, and
   *     write into one folder
   */
  public CountInOneReading(
      List<RunSpec> ways, Broadcast<DocumentChoice> choice, Broadcast<DuplicateList> duplicates) {
    this.ways = List.copyOf(ways);
    this.choice = choice;
    this.duplicates = duplicates;
  }

  /** Writes the list of what was kept, once all is counted, and hands on its location. */
  @Override
  public PCollection<String> expand(PCollection<CountingUnit> units) {
    Broadcast<DocumentChoice> chosen = choice;
    String list = list(ways);
    return units
        .apply(
            "CountUnitOnce",
            ParDo.of(new CountFn(ways, choice, duplicates))
                .withSideInputs(Broadcast.views(choice, duplicates)))
        .setCoder(StringUtf8Coder.of())
        .apply("AllCounted", new ToOneWorker())
        .apply(
            "ListTexts",
            StepFn.of(
                ways.get(0),
                Stage.COUNT,
                (run, context) -> chosen.get(context),
                (DocumentChoice choice, List<String> texts) ->
                    new CountedOnce(choice, texts).publish(list),
                chosen))
        .setCoder(StringUtf8Coder.of());
  }

  /** Where the list of what was kept lies; a whole one says that all is counted. */
  public static String list(List<RunSpec> ways) {
    RunSpec first = ways.get(0);
    return first
        .layout()
        .at(
            first
                .layout()
                .heldOutList(
                    Fingerprint.of(
                        JobComponents.reading(settings(first)),
                        text(first).plan().substring(text(first).plan().lastIndexOf('/') + 1),
                        JobComponents.train(first.job()).maxBytes(),
                        ways.stream().map(way -> text(way).countFingerprint()).sorted().toList())));
  }

  /**
   * Where the texts for validation of a counting unit lie.
   *
   * @param cuts where documents are cut into parts, each of which is a text
   */
  private static String texts(
      RunSpec way,
      CountingUnit counting,
      List<DocumentSelection> selections,
      @Nullable CutRule cuts) {
    return way.layout()
        .at(
            way.layout()
                .heldOutTexts(
                    Fingerprint.of(
                        JobComponents.reading(settings(way)),
                        String.valueOf(cuts),
                        counting.units(),
                        selections.stream().map(DocumentSelection::fingerprint).toList()),
                    counting.number()));
  }

  /** How the corpus is read: with the groups of documents, whether a way counts by them or not. */
  private static CorpusSettings settings(RunSpec way) {
    return JobComponents.settings(
        way.job(),
        JobComponents.groupField(way.job()),
        List.of(),
        JobComponents.corpus(way.job()).inputs());
  }

  private static TokenizerSource.FromText text(RunSpec way) {
    return (TokenizerSource.FromText) way.tokenizer();
  }

  /** Cuts only where all rules do; null: nowhere. */
  private static @Nullable CutRule cutRule(List<RunSpec> ways) {
    SortedMap<String, CutRule> rules = new TreeMap<>(); // equal rules are written alike
    for (RunSpec way : ways) {
      CutRule rule = JobComponents.cutRule(way);
      if (rule == null) {
        return null;
      }
      rules.put(rule.toString(), rule);
    }
    return rules.size() == 1
        ? rules.get(rules.firstKey())
        : new CommonCuts(List.copyOf(rules.values()));
  }

  /**
   * Places that all of some rules allow. It finds not all of them: a rule that needs more than the
   * byte behind a place to allow it is not asked about more.
   */
  private record CommonCuts(List<CutRule> rules) implements CutRule {
    @Override
    public int lastCut(byte[] text, int from, int to) {
      int at = to;
      int agreed = 0;
      for (int rule = 0; agreed < rules.size(); rule = (rule + 1) % rules.size()) {
        // The last cut before the byte behind: the place itself, where this rule allows it, too.
        int cut = rules.get(rule).lastCut(text, from, agreed == 0 ? at : Math.min(to, at + 1));
        if (cut < 0) {
          return -1;
        }
        agreed = cut == at ? agreed + 1 : 1;
        at = cut;
      }
      return at;
    }
  }

  private static final class CountFn extends RunFn<CountingUnit, String> {
    private final List<RunSpec> ways;
    private final Broadcast<DocumentChoice> choice;
    private final Broadcast<DuplicateList> duplicates;
    private transient @Nullable CutRule cuts;
    private transient @Nullable UnitReader reader;

    CountFn(
        List<RunSpec> ways, Broadcast<DocumentChoice> choice, Broadcast<DuplicateList> duplicates) {
      super(ways.get(0));
      this.ways = List.copyOf(ways);
      this.choice = choice;
      this.duplicates = duplicates;
    }

    @ProcessElement
    public void count(
        @Element CountingUnit counting, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      try (StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.COUNT).begin()) {
        DocumentChoice chosen = choice.get(context);
        List<DocumentSelection> selections =
            CountPretokens.selections(spec, counting, duplicates.get(context));
        if (reader == null) {
          cuts = cutRule(ways);
          reader = new UnitReader(settings(spec), cuts);
        }
        String texts = texts(spec, counting, selections, cuts);
        boolean all = CheckedFile.isWhole(texts) && CountPretokens.isNoted(spec, counting);
        List<Table> missing = new ArrayList<>();
        for (RunSpec way : ways) {
          String location =
              CountPretokens.location(way, text(way), counting, chosen, selections, null);
          if (PartialCountFile.find(location) == null) {
            missing.add(new Table(way, location, chosen, ways.size()));
          }
        }
        if (all && missing.isEmpty()) {
          counting.units().forEach(unit -> busy.meter().unitSkipped());
        } else {
          read(Objects.requireNonNull(reader), counting, selections, missing, texts);
          counting.units().forEach(unit -> busy.meter().unitDone());
        }
        out.output(texts);
      }
    }

    private void read(
        UnitReader units,
        CountingUnit counting,
        List<DocumentSelection> selections,
        List<Table> missing,
        String texts)
        throws IOException {
      List<List<String>> sha256s =
          units.readOnce(
              () -> {
                List<DocumentHandler> handlers = new ArrayList<>();
                for (Table table : missing) {
                  table.counter.begin();
                  handlers.add(table.counter.handler());
                }
                List<List<String>> sums = new ArrayList<>();
                CheckedFile.publish(
                    texts,
                    file -> {
                      try (HeldOutTexts.Writer writer = new HeldOutTexts.Writer(file)) {
                        handlers.add(writer);
                        for (int i = 0; i < selections.size(); i++) {
                          WorkUnit unit = counting.units().get(i);
                          sums.add(
                              UnitCounter.count(
                                  units, unit, selections.get(i), new ToAll(handlers)));
                        }
                      }
                    });
                return sums;
              });
      for (int i = 0; i < selections.size(); i++) {
        CountedInputDigests.note(spec.layout(), counting.units().get(i), sha256s.get(i));
      }
      for (Table table : missing) {
        FileStore.of(table.location)
            .publish(
                table.location,
                sink ->
                    PartialCountFile.write(
                        sink,
                        file ->
                            table.counter.finish(
                                (partition, block) ->
                                    PartialCountFile.append(partition, block, file))));
      }
    }
  }

  /** What one way counts of a counting unit. */
  private static final class Table {
    private final String location;
    private final UnitCounter counter;

    /**
     * @param ways that share the memory of a table
     */
    Table(RunSpec way, String location, DocumentChoice chosen, int ways) {
      this.location = location;
      CountingPlan plan = text(way).counting();
      this.counter =
          UnitCounter.of(
              way,
              new CountingPlan(
                  plan.targetBytes(), plan.partitions(), Math.max(1, plan.maxDistinct() / ways)),
              chosen);
    }
  }

  /** Hands each document to several handlers. */
  private record ToAll(List<DocumentHandler> handlers) implements DocumentHandler {
    @Override
    public void document(Document document) throws IOException {
      for (DocumentHandler handler : handlers) {
        handler.document(document);
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) throws IOException {
      for (DocumentHandler handler : handlers) {
        handler.deadLetter(letter);
      }
    }

    @Override
    public void rangeRead(RangeReceipt receipt) throws IOException {
      for (DocumentHandler handler : handlers) {
        handler.rangeRead(receipt);
      }
    }
  }
}
