package org.merganser.pipeline;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;

/**
 * Joins shards with the embedding table, which every worker has as a flat file on its own disk: a
 * broadcast join, in which nothing is shuffled by token. Hands on the locations of receipts: one a
 * set of shards, and one for the rows of the vocabulary.
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
    PCollection<String> joined =
        shards
            .apply("JoinShards", ParDo.of(new JoinFn(spec, tokenizer, table)).withSideInputs(tokenizer, table))
            .setCoder(StringUtf8Coder.of());
    return joined
        .apply("AllJoined", ToOneWorker.sorted())
        .apply("WriteRows", ParDo.of(new RowsFn(spec, tokenizer, table)).withSideInputs(tokenizer, table))
        .setCoder(StringUtf8Coder.of());
  }

  private static final class JoinFn extends DoFn<ShardSet, String> {
    private final RunSpec spec;
    private final PCollectionView<TokenizerRef> tokenizer;
    private final PCollectionView<FileRef> table;
    private transient @Nullable UnitJoiner joiner;

    JoinFn(
      RunSpec spec, PCollectionView<TokenizerRef> tokenizer, PCollectionView<FileRef> table) {
      this.spec = spec;
      this.tokenizer = tokenizer;
    this.table = table;
    }

    @ProcessElement
    public void join(@Element ShardSet shards, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      UnitJoiner unitJoiner = joiner;
      if (unitJoiner == null) {
        unitJoiner = new UnitJoiner(spec, context.sideInput(tokenizer), context.sideInput(table));
        joiner = unitJoiner;
      }
      out.output(unitJoiner.join(shards));
    }
  }

  private static final class RowsFn extends DoFn<List<String>, String> {
    private final RunSpec spec;
    private final PCollectionView<TokenizerRef> tokenizer;
    private final PCollectionView<FileRef> table;

    RowsFn(
      RunSpec spec, PCollectionView<TokenizerRef> tokenizer, PCollectionView<FileRef> table) {
      this.spec = spec;
      this.tokenizer = tokenizer;
    this.table = table;
    }

    @ProcessElement
    public void write(
        @Element List<String> joined, OutputReceiver<String> out, ProcessContext context)
        throws IOException {
      joined.forEach(out::output);
      if (CoreParts.embeddings(spec.job()).output().contains(Job.EmbeddedOutput.ROWS)) {
        out.output(new RowsJoiner(spec, context.sideInput(tokenizer), context.sideInput(table)).write(joined));
      }
    }
  }
}
