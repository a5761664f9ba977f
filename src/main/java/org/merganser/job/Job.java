package org.merganser.job;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.corpus.CorpusSettings;
import org.merganser.shard.PackSettings;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardColumns;
import org.merganser.tokenizer.SpecialText;

/**
 * A run as its user wants it: the whole truth about it but for the runner's own flags. Made by
 * {@link JobReader}, which has validated it; a component is a key of the job file.
 */
public record Job(
    @Field(doc = "What is read; absent only with shards.from.", byDefault = "null")
        @Nullable Corpus corpus,
    @Field(
            doc = "The vocabulary: trained on the corpus, or loaded; absent only with shards.from.",
            byDefault = "null")
        @Nullable TokenizerChoice tokenizer,
    @Field(doc = "The id shards.", byDefault = "{}") Shards shards,
    @Field(doc = "The join with an embedding table; no join when absent.", byDefault = "null")
        @Nullable Embeddings embeddings,
    @Field(doc = "What is learned from the ids; nothing when absent.", byDefault = "null")
        @Nullable Learn learn,
    @Field(doc = "Statistics and the page that shows them.", byDefault = "{}") Report report,
    @Field(doc = "The folder that the run writes.", isLocation = true) String output)
    implements Serializable {

  /** How the corpus is found and read. */
  public record Corpus(
      @Field(
              doc =
                  "What is read: each a path, or a section with the path and what holds for it in"
                      + " place of the keys of corpus.",
              orFirstKey = true)
          List<Input> inputs,
      @Field(doc = "What a file holds; auto looks at its content and name.", byDefault = "auto")
          Format format,
      @Field(
              doc =
                  "The text in records with fields: a field path, such as meta.body or"
                      + " messages[0].content, or a template of several, such as"
                      + " \"{title}\\n\\n{body}\".",
              byDefault = "text")
          String textField,
      @Field(
              doc =
                  "A field path in JSONL whose value is a list of segments, [{\"text\": …, \"loss\":"
                      + " true}, …], in place of textField: their texts are joined, each is encoded"
                      + " by itself, and shards have a loss mask beside the ids.",
              byDefault = "null")
          @Nullable String segmentsField,
      @Field(
              doc =
                  "The document id in records with fields: a field path, or a template of several.",
              byDefault = "id")
          String idField,
      @Field(
              doc =
                  "A larger document is cut where that is proved safe; where there is no such place"
                      + " it is encoded whole, up to maxWholeDocumentBytes.",
              byDefault = "67108864",
              min = 1024,
              max = 1073741824)
          long maxDocumentBytes,
      @Field(
              doc =
                  "A larger document, or part of one, that holds no place to cut it is a dead"
                      + " letter; encoding takes 12 bytes of heap for each byte of such a document,"
                      + " one at a time in a JVM; null: twice maxDocumentBytes, at most 1 GiB.",
              byDefault = "null",
              min = 1024,
              max = 1073741824)
          @Nullable Long maxWholeDocumentBytes,
      @Field(
              doc =
                  "Text that is not UTF-8: a dead letter, U+FFFD for each ill-formed part, or its"
                      + " raw bytes, losslessly.",
              byDefault = "deadLetter")
          CorpusSettings.InvalidUtf8 invalidUtf8,
      @Field(
              doc = "Whether a run that has dead letters ends with exit code 3.",
              byDefault = "false")
          boolean failOnDeadLetters,
      @Field(
              doc =
                  "The share of dead records (of all that are not blank) above which a run ends with"
                      + " exit code 3. A file that is cut, damaged or not supported is above any"
                      + " share below 1, since nobody knows how many records it lost. 1: no"
                      + " limit.",
              byDefault = "0.001",
              least = 0,
              most = 1)
          double maxDeadLetterRate,
      @Field(
              doc =
                  "The share of documents, chosen by a hash of their id, that is kept from training"
                      + " and encoded into validation/ instead of shards/.",
              byDefault = "0",
              least = 0,
              most = 0.5)
          double validation,
      @Field(
              doc =
                  "Documents with the same text: all are taken, or only the first in document order"
                      + " (the corpus is read once more, before all else).",
              byDefault = "none")
          Deduplicate deduplicate,
      @Field(
              doc =
                  "The output folder of a finished run: of the inputs only the records are read that"
                      + " are dead letters there.",
              byDefault = "null",
              isLocation = true)
          @Nullable String rescueFrom,
      @Field(
              doc =
                  "Files, folders and globs of ids, one a line, plain or compressed: documents with"
                      + " these ids are left out of everything, and counted.",
              byDefault = "[]",
              orOne = true,
              isLocation = true)
          List<String> excludeIds,
      @Field(
              doc =
                  "Files that the last run into the output did not know get work units behind its"
                      + " own, so that its shards keep their names and bytes; its manifest is kept in"
                      + " states/. Its files must all be there, unchanged.",
              byDefault = "false")
          boolean append)
      implements Serializable {}

  /** An input of a corpus; what it does not say is what the corpus says. */
  public record Input(
      @Field(
              doc = "A file, a folder or a glob, on any file system that Beam knows.",
              isLocation = true)
          String path,
      @Field(doc = "What its files hold; null: corpus.format.", byDefault = "null")
          @Nullable Format format,
      @Field(doc = "The text of its records; null: corpus.textField.", byDefault = "null")
          @Nullable String textField,
      @Field(doc = "The id of its documents; null: corpus.idField.", byDefault = "null")
          @Nullable String idField,
      @Field(
              doc = "The group of all its documents; null: what shards.groupBy finds.",
              byDefault = "null")
          @Nullable String group,
      @Field(
              doc =
                  "How often each of its documents counts when the vocabulary is learned; 0: it is"
                      + " not learned from.",
              byDefault = "1",
              min = 0,
              max = 1000000)
          int weight)
      implements Serializable {}

  /** What a file of the corpus holds; a file alone can also turn out to be unsupported. */
  public enum Format {
    AUTO,
    TEXT,
    LINES,
    PARAGRAPHS,
    JSONL,
    CSV,
    TSV,
    PARQUET,
    WARC
  }

  /** Which of several documents with the same text are taken. */
  public enum Deduplicate {
    NONE,
    EXACT
  }

  /** Exactly one of train and load. */
  public record TokenizerChoice(
      @Field(doc = "Learn a vocabulary from the corpus.", byDefault = "null") @Nullable Train train,
      @Field(
              doc = "Path of a tokenizer.json to use as it is, or of the output folder of a run.",
              byDefault = "null",
              isLocation = true)
          @Nullable String load,
      @Field(
              doc =
                  "Special-token text in the corpus: ordinary text, the special token, or a dead"
                      + " letter.",
              byDefault = "text")
          SpecialText specialText)
      implements Serializable {}

  /** How a vocabulary is learned. */
  public record Train(
      @Field(
              doc =
                  "Ids at the most: the alphabet, special and reserved tokens and what is learned."
                      + " addedTokens come on top of it, and padTo rounds the sum up.",
              min = 1,
              max = 16777216)
          int vocabSize,
      @Field(
              doc =
                  "A model family, which sets pattern, normalizer and ignore_merges as that family"
                      + " does.",
              byDefault = "null",
              known = {"gpt2", "llama3", "qwen2", "qwen3.5", "gpt-oss", "llama4", "deepseek3"})
          @Nullable String family,
      @Field(
              doc = "The split pattern: a family's name or a regular expression.",
              byDefault = "null",
              known = {
                "gpt2",
                "cl100k",
                "llama3",
                "qwen2",
                "qwen3.5",
                "o200k",
                "llama4",
                "tekken",
                "deepseek3"
              })
          @Nullable String pattern,
      @Field(
              doc = "How text is normalized before it is cut; null: as the family, or not at all.",
              byDefault = "null")
          @Nullable Normalizer normalizer,
      @Field(doc = "A pair that occurs less often is not merged.", byDefault = "2", min = 0)
          long minFrequency,
      @Field(
              doc =
                  "A pretoken that occurs less often is not learned from: what a run that ran short of"
                      + " memory says it had to cut.",
              byDefault = "1",
              min = 1,
              max = 65536)
          long minPretokenCount,
      @Field(doc = "Get the first ids, in this order.", byDefault = "[]")
          List<String> specialTokens,
      @Field(
              doc = "Other inputs to train on, as those of corpus; empty: the corpus.",
              byDefault = "[]",
              orFirstKey = true)
          List<Input> inputs,
      @Field(
              doc =
                  "Train on about this much text: documents chosen by a hash of their id; null:"
                      + " all.",
              byDefault = "null",
              min = 1)
          @Nullable Long maxBytes,
      @Field(
              doc =
                  "How much of what is learned from comes from each group of shards.groupBy: by"
                      + " weights, such as {en: 0.5, de: 0.2}, or quotas of bytes, such as {en:"
                      + " 50MB}. Documents without a group are the group (none); a group that is"
                      + " not named is not learned from. null: all text as it is.",
              byDefault = "null")
          @Nullable SortedMap<String, MixShare> mix,
      @Field(
              doc =
                  "Parity-aware BPE: each merge is chosen for the group of shards.groupBy that is"
                      + " worst off, such as a language. null: plain BPE.",
              byDefault = "null")
          @Nullable Parity parity,
      @Field(
              doc =
                  "Tokens that are matched before the text is cut, whatever they are: a word, an"
                      + " emoji, a sentence.",
              byDefault = "[]")
          List<String> addedTokens,
      @Field(
              doc =
                  "What one training sequence is: a document, or a line with its newline (as HF"
                      + " trains from files).",
              byDefault = "document")
          Feed feed,
      @Field(
              doc = "Which single bytes are in the vocabulary: all 256, or those seen.",
              byDefault = "bytes")
          TrainerSettings.Alphabet initialAlphabet,
      @Field(
              doc =
                  "Further single characters of the byte-level form that are in the vocabulary"
                      + " whether they occur or not.",
              byDefault = "[]")
          List<String> characters,
      @Field(
              doc = "Keep at most this many single bytes, the most frequent; null: all.",
              byDefault = "null",
              min = 1)
          @Nullable Integer limitAlphabet,
      @Field(
              doc =
                  "Longest merged token in characters of the byte-level form, exclusive as in HF;"
                      + " null: no limit.",
              byDefault = "null",
              min = 1)
          @Nullable Integer maxTokenLength,
      @Field(
              doc = "Spare special tokens <|reserved_0|> … behind the special tokens.",
              byDefault = "0",
              min = 0,
              max = 65536)
          int reserved,
      @Field(
              doc = "Round the rows of the vocabulary up to a multiple of this; 1: no padding.",
              byDefault = "1",
              min = 1,
              max = 65536)
          int padTo,
      @Field(
              doc =
                  "Learn from these (pretoken, count) tables and read no text: Parquet as keepCounts"
                      + " writes it, or TSV with the pretoken in byte-level form.",
              byDefault = "[]",
              isLocation = true)
          List<String> counts,
      @Field(
              doc = "A whole factor for each table of counts, in order; empty: 1 each.",
              byDefault = "[]",
              min = 1)
          List<Long> countWeights,
      @Field(
              doc =
                  "Go on merging from this tokenizer.json, or that of this output folder of a run;"
                      + " its tokens keep their ids, and pattern and normalizer are its own.",
              byDefault = "null",
              isLocation = true)
          @Nullable String continueFrom,
      @Field(
              doc =
                  "Write the merged (pretoken, count) table, counts.parquet, beside tokenizer.json.",
              byDefault = "false")
          boolean keepCounts,
      @Field(
              doc =
                  "Learn tokens that span words in a second stage (SuperBPE); null: no token does.",
              byDefault = "null")
          @Nullable Superwords superwords,
      @Field(
              doc = "Allow a special token that merges or a single pretoken could produce.",
              byDefault = "false")
          boolean allowMergeableSpecialTokens)
      implements Serializable {

    /** Whether pretokens are counted apart by group. */
    public boolean countsByGroup() {
      return mix != null || parity != null;
    }
  }

  /** A second stage of training, whose merges join words. */
  public record Superwords(
      @Field(
              doc =
                  "The share of vocabSize that is learned before, with the job's pattern: all bytes"
                      + " and words.",
              byDefault = "0.9",
              least = 0.01,
              most = 0.99)
          double from,
      @Field(
              doc =
                  "Where text is cut in the second stage, and by the tokenizer: a regular expression;"
                      + " null: that of SuperBPE.",
              byDefault = "null")
          @Nullable String pattern)
      implements Serializable {}

  /** How merges are shared among groups. */
  public record Parity(
      @Field(
              doc =
                  "How many bytes a token shall have in each group in proportion to the others, such"
                      + " as {en: 1, th: 1.5}; only groups that are named are learned from. null: 1"
                      + " each, for all groups.",
              byDefault = "null",
              least = 1e-6,
              most = 1e6)
          @Nullable SortedMap<String, Double> ratios,
      @Field(
              doc =
                  "Texts that say the same in each group, read as the corpus is: the group whose text"
                      + " has the most tokens is worst off. Empty: bytes per token of what is learned"
                      + " from decide.",
              byDefault = "[]",
              orFirstKey = true)
          List<Input> dev,
      @Field(
              doc = "So many merges come first that are chosen as plain BPE does, by all groups.",
              byDefault = "0",
              min = 0,
              max = 16777216)
          int globalMerges,
      @Field(
              doc =
                  "A group that had more than alpha / groups of the last so many merges is passed"
                      + " over, 100 in the paper; 0: none is.",
              byDefault = "0",
              min = 0,
              max = 1000000)
          int window,
      @Field(doc = "See window.", byDefault = "2", least = 1e-6, most = 1e6) double alpha)
      implements Serializable {}

  /** How text is normalized. */
  public enum Normalizer {
    NONE,
    NFC,
    NFD,
    NFKC,
    NFKD
  }

  /** What one training sequence is. */
  public enum Feed {
    DOCUMENT,
    LINE_WITH_NEWLINE
  }

  /** What is written of the ids. */
  public record Shards(
      @Field(
              doc =
                  "Layouts of the id shards, beside the Parquet shards that all are made from and"
                      + " that are always written; an empty list: the run only learns a"
                      + " vocabulary, and writes it straight into the output folder, or with"
                      + " tokenizer.load it only counts tokens.",
              byDefault = "[parquet]")
          List<ShardFormat> formats,
      @Field(
              doc =
                  "The output folder of an earlier run whose shards are joined with a table or made"
                      + " into other layouts; the text is not read then. Or a list of folders of"
                      + " runs with one tokenizer, whose shards follow one another in the layouts.",
              byDefault = "null",
              isLocation = true,
              orOne = true)
          @Nullable List<String> from,
      @Field(doc = "Token appended to each document; null: none.", byDefault = "null")
          @Nullable String endOfDocument,
      @Field(
              doc =
                  "Field path, or a template of several, whose value groups documents, such as lang:"
                      + " counts by group go into receipts and the report.",
              byDefault = "null")
          @Nullable String groupBy,
      @Field(doc = "The layout bin.", byDefault = "{}") Bin bin,
      @Field(doc = "The layout megatron.", byDefault = "{}") Files megatron,
      @Field(doc = "The layout npy.", byDefault = "{}") Files npy,
      @Field(doc = "The layout datatrove.", byDefault = "{}") Files datatrove,
      @Field(doc = "The layout arrow.", byDefault = "{}") Arrow arrow,
      @Field(doc = "The layout mds.", byDefault = "{}") Mds mds,
      @Field(doc = "The layout litdata.", byDefault = "{}") Files litdata,
      @Field(
              doc =
                  "Ids a file of shards at the most; a document is not cut for it, and a file with"
                      + " one document may be larger. null: the limit of each layout's readers.",
              byDefault = "null",
              min = 1)
          @Nullable Long maxTokens,
      @Field(
              doc =
                  "Bytes of ids a file of shards at the most, before compression, as maxTokens is;"
                      + " null: no such limit.",
              byDefault = "null",
              min = 1)
          @Nullable Long maxBytes,
      @Field(
              doc =
                  "Sequences of one length for training, in shards/packed; the other layouts are"
                      + " then made of them. null: documents as they are.",
              byDefault = "null")
          @Nullable Pack pack,
      @Field(
              doc =
                  "A global shuffle of documents (in shards/shuffled) or of packed sequences; the"
                      + " other layouts are then made of it. null: the order of the corpus.",
              byDefault = "null")
          @Nullable Shuffle shuffle,
      @Field(
              doc =
                  "What the columns of Parquet shards are called, and which there are: merganser;"
                      + " hf: as the Trainer of transformers reads them (input_ids, attention_mask,"
                      + " and labels in packed sequences); marin: as Levanter's format prebuilt"
                      + " does (input_ids, id).",
              byDefault = "merganser")
          ShardColumns.Preset preset,
      @Field(
              doc =
                  "Other names of columns than those of the preset, such as {tokenIds: tokens}; null"
                      + " leaves a column out.",
              byDefault = "{}")
          SortedMap<ShardColumn, @Nullable String> columns,
      @Field(
              doc =
                  "Field paths whose values go into columns of the Parquet shards beside the ids, such"
                      + " as [url, score:double]. Behind the colon is the type: string, integer, double"
                      + " or boolean; without one it is string, which takes every value.",
              byDefault = "[]")
          List<String> keep,
      @Field(
              doc =
                  "Field path whose value tells groups apart: each has a folder of its own in every"
                      + " layout, such as shards/parquet/lang=en/, and totals in dataset.json. null:"
                      + " all documents in one folder.",
              byDefault = "null")
          @Nullable String partitionBy,
      @Field(doc = "Which folders shards.partitionBy makes.", byDefault = "{}") Partition partition,
      @Field(doc = "The weights of groups in shards/blend/.", byDefault = "{}") Blend blend)
      implements Serializable {

    /**
     * The same with another token at the end of documents, and other fields kept: those of the runs
     * that it goes on from.
     */
    public Shards ofEarlier(@Nullable String token, List<String> kept) {
      return new Shards(
          formats,
          from,
          token,
          groupBy,
          bin,
          megatron,
          npy,
          datatrove,
          arrow,
          mds,
          litdata,
          maxTokens,
          maxBytes,
          pack,
          shuffle,
          preset,
          columns,
          kept,
          partitionBy,
          partition,
          blend);
    }

    /**
     * Ids of a file of a layout at the most, where the shards are merged into few files; null where
     * each shard has files of its own.
     */
    public @Nullable Long mergedTokens(ShardFormat format) {
      return switch (format) {
        case PARQUET -> null;
        case MEGATRON -> megatron.maxTokens();
        case BIN -> bin.maxTokens();
        case NPY -> npy.maxTokens();
        case DATATROVE -> datatrove.maxTokens();
        case ARROW -> arrow.maxTokens();
        case MDS -> mds.maxTokens();
        case LITDATA -> litdata.maxTokens();
      };
    }
  }

  /** Which groups have a folder of their own. */
  public record Partition(
      @Field(
              doc =
                  "Folders of groups at the most; a run that finds more groups fails. Each worker"
                      + " thread has a file open for each group of its unit.",
              byDefault = "100",
              min = 1,
              max = 10000)
          int maxGroups,
      @Field(
              doc =
                  "Groups that have a folder of their own; all others share the one that rest names."
                      + " Empty: each group has one.",
              byDefault = "[]")
          List<String> groups,
      @Field(doc = "The name of the folder of groups that are not listed.", byDefault = "rest")
          String rest)
      implements Serializable {}

  /** How much each group weighs when a trainer mixes them. */
  public record Blend(
      @Field(
              doc =
                  "A group weighs its ids to this power: 1 as they are, 0 each group alike, between"
                      + " them small groups more than their share.",
              byDefault = "1",
              least = 0,
              most = 10)
          double alpha,
      @Field(
              doc =
                  "Or these weights, such as {en: 0.7, de: 0.3}; a group that is not named is not in"
                      + " the blend, and documents without a group are the group (none).",
              byDefault = "null",
              least = 0)
          @Nullable SortedMap<String, Double> weights,
      @Field(
              doc =
                  "Text in front of each path in shards/blend/, such as /data/out/; null: paths are"
                      + " relative to the output folder.",
              byDefault = "null")
          @Nullable String root)
      implements Serializable {}

  /** Layouts of id shards. */
  public enum ShardFormat {
    PARQUET,
    /** Megatron-LM's and NeMo's .bin and .idx. */
    MEGATRON,
    /** Ids back to back, as nanoGPT and llm.c read them. */
    BIN,
    /** A numpy array. */
    NPY,
    /** datatrove's .ds, as Nanotron reads it. */
    DATATROVE,
    /** Arrow, in a folder that HF's datasets.load_from_disk opens. */
    ARROW,
    /** MosaicML streaming's MDS. */
    MDS,
    /** Lightning's litData, as litGPT reads it. */
    LITDATA
  }

  /**
   * What a layout's maxTokens means; not private, since Error Prone does not see annotations use
   * it.
   */
  static final String MERGED_FILES =
      "The shards are merged, in their order, into files of up to this many ids, instead of"
          + " shards.maxTokens and maxBytes; neither a shard nor a document is cut for it unless it"
          + " alone is larger. null: each shard has files of its own.";

  /** The files of a layout. */
  public record Files(
      @Field(doc = MERGED_FILES, byDefault = "null", min = 1) @Nullable Long maxTokens)
      implements Serializable {}

  /** A folder that HF's datasets opens. */
  public record Arrow(
      @Field(doc = MERGED_FILES, byDefault = "null", min = 1) @Nullable Long maxTokens,
      @Field(
              doc =
                  "Whether shards/arrow is a DatasetDict with the splits train and validation, and"
                      + " not a Dataset beside that of validation/arrow.",
              byDefault = "false")
          boolean splits)
      implements Serializable {}

  /** MosaicML streaming's MDS. */
  public record Mds(
      @Field(doc = MERGED_FILES, byDefault = "null", min = 1) @Nullable Long maxTokens,
      @Field(doc = "How each file is compressed as a whole.", byDefault = "none")
          MdsCompression compression)
      implements Serializable {}

  /** How files of MDS are compressed. */
  public enum MdsCompression {
    NONE,
    ZSTD
  }

  /** Ids back to back. */
  public record Bin(
      @Field(
              doc =
                  "What stands before the ids: nothing (nanoGPT, numpy.memmap), or llm.c's 256"
                      + " integers.",
              byDefault = "none")
          BinHeader header,
      @Field(doc = MERGED_FILES, byDefault = "null", min = 1) @Nullable Long maxTokens)
      implements Serializable {}

  /** What stands before the ids of a bin file. */
  public enum BinHeader {
    NONE,
    LLMC
  }

  /** How documents become sequences of one length. */
  public record Pack(
      @Field(doc = "Ids of a sequence.", min = 2, max = 1 << 26) int length,
      @Field(
              doc =
                  "concat: documents back to back, cut every length ids; bestFit: a document goes"
                      + " whole into the sequence where it leaves the least room, and only one"
                      + " longer than a sequence is cut; bestFitCrop: a sequence takes the longest"
                      + " of a thousand documents that fits, and where none does, the shortest is"
                      + " cropped and its rest is lost, as nanochat does.",
              byDefault = "concat")
          PackSettings.Strategy strategy,
      @Field(doc = "Whether a sequence may hold more than one document.", byDefault = "true")
          boolean crossDocuments,
      @Field(
              doc =
                  "Whether a document may go on in another sequence; false: one that does not fit"
                      + " begins a new sequence, and one longer than a sequence loses its end.",
              byDefault = "true")
          boolean splitDocuments,
      @Field(
              doc = "Documents of a sequence at the most; null: any number.",
              byDefault = "null",
              min = 1)
          @Nullable Integer maxDocumentsPerSequence,
      @Field(
              doc =
                  "Of bestFitCrop, how many percent of a unit's ids may be cropped; beyond, a"
                      + " sequence stays short, and a document longer than a sequence is split."
                      + " null: any share.",
              byDefault = "null",
              least = 0,
              most = 100)
          @Nullable Double maxCroppedPercent,
      @Field(
              doc =
                  "What becomes of sequences that stay short: keep: they are short, and filled in"
                      + " the layouts that have no lengths; drop: they are left out; pad: they are"
                      + " filled in all layouts.",
              byDefault = "keep")
          PackSettings.Remainder remainder,
      @Field(doc = "Token that is put before each document; null: none.", byDefault = "null")
          @Nullable String beginOfDocument,
      @Field(
              doc =
                  "Token that fills sequences which stay short, in the layouts that have no lengths"
                      + " (bin, npy, datatrove, litdata); null: endOfDocument.",
              byDefault = "null")
          @Nullable String padToken)
      implements Serializable {}

  /** A global shuffle. */
  public record Shuffle(
      @Field(doc = "Another seed gives another order.", byDefault = "0") long seed,
      @Field(
              doc =
                  "documents: before they are packed, so that a sequence mixes documents of the"
                      + " whole corpus; sequences: after. null: sequences where there are any.",
              byDefault = "null")
          @Nullable ShuffleOf of,
      @Field(
              doc =
                  "How often the documents for training are gone through, each time in another"
                      + " order; an epoch follows the one before.",
              byDefault = "1",
              min = 1,
              max = 1000)
          int epochs,
      @Field(
              doc =
                  "How often a document of each group of shards.groupBy is taken in an epoch, such"
                      + " as {en: 0.5, de: 2}: half of the documents in en, those in de twice. A"
                      + " group that is not named is taken once; documents without a group are the"
                      + " group (none). null: each document once.",
              byDefault = "null",
              least = 0,
              most = 1000)
          @Nullable SortedMap<String, Double> weights)
      implements Serializable {}

  /** What is shuffled. */
  public enum ShuffleOf {
    DOCUMENTS,
    SEQUENCES
  }

  /** The join with an embedding table. */
  public record Embeddings(
      @Field(
              doc =
                  "The table, as Parquet: row i is token i's vector; or the output folder of a run,"
                      + " whose table it is.",
              byDefault = "null",
              isLocation = true)
          @Nullable String table,
      @Field(
              doc =
                  "Or a table that is learned from the shards: vectors of tokens by their company.",
              byDefault = "null")
          @Nullable LearnedVectors learn,
      @Field(doc = "What is written of the join.", byDefault = "[rows, pooled]")
          List<EmbeddedOutput> output,
      @Field(
              doc =
                  "How a document's vectors become one: their mean, or the mean weighted by smooth"
                      + " inverse frequency, a / (a + p), with the corpus's own counts.",
              byDefault = "mean")
          Pooling pooling,
      @Field(
              doc = "The a of smooth inverse frequency: smaller, and frequent tokens count less.",
              byDefault = "0.001",
              least = 1e-9,
              most = 1000)
          double sifSmoothing,
      @Field(
              doc =
                  "With pooling sif: takes the first singular vector of all documents out of each, as"
                      + " the method does.",
              byDefault = "true")
          boolean sifRemoveComponent,
      @Field(doc = "Whether pooled vectors are scaled to length 1.", byDefault = "false")
          boolean normalize,
      @Field(doc = "Number type of the vectors of the output sequence.", byDefault = "f32")
          VectorType dtype,
      @Field(
              doc =
                  "The output sequence is refused, before it is written, where its vectors would take"
                      + " more than this: tokens x dim x 4 (f32) or 2 (f16).",
              byDefault = "1073741824",
              min = 0)
          long maxSequenceBytes)
      implements Serializable {}

  /** Vectors learned from which ids stand near each other. */
  public record LearnedVectors(
      @Field(doc = "Floats a vector.", byDefault = "256", min = 2, max = 4096) int dim,
      @Field(
              doc = "How far apart two ids may stand; nearer ones weigh more.",
              byDefault = "5",
              min = 1,
              max = 50)
          int window,
      @Field(
              doc = "The most frequent ids that count as company, at most.",
              byDefault = "4096",
              min = 2,
              max = 1000000)
          int contexts,
      @Field(
              doc =
                  "At most this many pairs are used: the least weight of a pair is raised until they"
                      + " fit; the figures say to what.",
              byDefault = "20000000",
              min = 1000,
              max = 200000000)
          long maxPairs,
      @Field(
              doc = "word2vec's negative samples: raises the mutual information that counts.",
              byDefault = "1",
              min = 1,
              max = 1000)
          int shift,
      @Field(doc = "Of the random projection.", byDefault = "1") long seed)
      implements Serializable {}

  /** What is learned from the ids of the shards. */
  public record Learn(
      @Field(
              doc =
                  "Counts n-grams of ids of up to this many and learns from them to predict the next"
                      + " token.",
              byDefault = "3",
              min = 1,
              max = 5)
          int ngrams,
      @Field(
              doc =
                  "Least occurrences of an n-gram that is kept, by order from 1; the last one holds"
                      + " for higher orders, none is below the one before it, and single ids are all"
                      + " kept; empty: 1.",
              byDefault = "[]",
              min = 1)
          List<Long> minCounts,
      @Field(
              doc =
                  "At most this many n-grams of two ids and more are kept: minimums are raised, from"
                      + " the highest order down, until they fit; the figures say what was cut.",
              byDefault = "10000000",
              min = 1000,
              max = 500000000)
          long maxNgrams)
      implements Serializable {}

  /** What is measured and shown of a run that encodes. */
  public record Report(
      @Field(doc = "Whether statistics.json and report.html are written.", byDefault = "true")
          boolean enabled,
      @Field(
              doc =
                  "Whether the vocabularies that words, sentences and letters would need are"
                      + " counted, to compare ways of cutting.",
              byDefault = "true")
          boolean granularities,
      @Field(
              doc =
                  "Words and ways of cutting are measured on a sample of half this many bytes of"
                      + " text to all of them: documents, and excerpts of long ones, chosen by a"
                      + " hash of where they lie; null: all text.",
              byDefault = "8388608",
              min = 1)
          @Nullable Long sampleBytes,
      @Field(
              doc =
                  "Path of another tokenizer.json, or of the output folder of a run, to compare with,"
                      + " on texts of the corpus; or a list of them.",
              byDefault = "null",
              isLocation = true,
              orOne = true)
          @Nullable List<String> reference)
      implements Serializable {}

  /** What is written of the join. */
  public enum EmbeddedOutput {
    /** One row for each token of the vocabulary that occurs. */
    ROWS,
    /** One vector a document: the mean of its tokens' vectors. */
    POOLED,
    /** Every token in order with its vector: dim x 4 bytes a token. */
    SEQUENCE
  }

  /** How a document's vectors become one. */
  public enum Pooling {
    MEAN,
    SIF
  }

  /** Number types of vectors. */
  public enum VectorType {
    F32,
    F16
  }
}
