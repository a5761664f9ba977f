package org.merganser.job;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.InputFormat;
import org.merganser.json.Decides;
import org.merganser.json.Field;
import org.merganser.json.Unwrapped;
import org.merganser.tokenizer.SpecialText;

/**
 * A run as its user wants it, complete except for the runner's own flags. It is made by {@link
 * JobReader}, which validates it; each component except {@code folder} is a key of the job file.
 * Its locations are as they were written; {@link #at} resolves them.
 *
 * @param folder from which relative locations are resolved: that of the job file; empty for the
 *     current folder
 */
public record Job(
    @Field(
            decides = Decides.PLACE,
            doc =
                "The title of the report page, such as Legal texts; null: the name of the output"
                    + " folder. No other file depends on it.")
        @Nullable String name,
    @Field(decides = Decides.TEXT, doc = "What is read; absent only with shards.from.")
        @Nullable Corpus corpus,
    @Field(
            decides = Decides.VOCABULARY,
            doc = "The vocabulary: trained on the corpus, or loaded; absent only with shards.from.")
        @Nullable TokenizerChoice tokenizer,
    @Field(doc = "The id shards.") ShardsSection shards,
    @Field(
            decides = Decides.VECTORS,
            grows = true,
            doc = "The join with an embedding table; no join when absent.")
        @Nullable Embeddings embeddings,
    @Field(
            decides = Decides.NGRAMS,
            grows = true,
            doc = "What is learned from the ids; nothing when absent.")
        @Nullable Learn learn,
    @Field(doc = "Statistics and the page that shows them.") Report report,
    @Field(decides = Decides.PLACE, doc = "The folder that the run writes.", isLocation = true)
        String output,
    String folder)
    implements Serializable {

  public JobKind kind() {
    return JobKind.of(this);
  }

  /** A location of the job, resolved from the current folder. */
  public String at(String location) {
    return Locations.below(folder, location);
  }

  /** The locations that the job names, as they were written, by the paths of their keys. */
  public SortedMap<String, String> locations() {
    SortedMap<String, String> locations = new TreeMap<>();
    Locations.change(
        JobWriter.tree(this),
        (key, location) -> {
          locations.put(key, location);
          return location;
        });
    return locations;
  }

  /** The same job with locations that are valid in processes that were started in other folders. */
  public Job anywhere() {
    return with(shards, Locations.absolute(folder));
  }

  public Job with(ShardsSection other) {
    return with(other, folder);
  }

  private Job with(ShardsSection other, String from) {
    return new Job(name, corpus, tokenizer, other, embeddings, learn, report, output, from);
  }

  @Field.Keys(Decides.FILES)
  public record Corpus(
      @Field(
              doc =
                  "What is read: each a path, or a section with the path and what holds for it in"
                      + " place of the keys of corpus.",
              orFirstKey = true)
          List<CorpusInput> inputs,
      @Field(
              doc =
                  "Globs of files and folders that are not read: of their names (*.tmp), of the"
                      + " ends of their paths below an input (drafts/**), or of whole paths as in"
                      + " inputs. Names that begin with . or _ are read only where inputs name"
                      + " them.",
              byDefault = "[]",
              orOne = true)
          List<String> exclude,
      @Field(
              doc =
                  "Whether a folder is read to its last file: also hidden names, node_modules and"
                      + " venv, target and build beside a build file, checksums,"
                      + " descriptions and cards of data sets, and licence files beside data, which"
                      + " are left out otherwise and reported.",
              byDefault = "false")
          boolean includeAll,
      @Unwrapped Records records,
      @Unwrapped Limits limits,
      @Unwrapped Faults faults,
      @Unwrapped Choice choice,
      @Field(
              grows = true,
              doc =
                  "Files that the last run into the output did not know get work units behind its"
                      + " own, so that its shards keep their names and bytes; its manifest is kept"
                      + " in states/. Its files must all be there, unchanged.",
              byDefault = "false")
          boolean append,
      @Unwrapped Nights nights)
      implements Serializable {}

  /** How a corpus that grows is treated while it changes; only with {@link Corpus#append}. */
  @Field.Keys(Decides.NOTHING)
  public record Nights(
      @Field(
              doc =
                  "With append: a new file that was modified less than this before the run began"
                      + " waits for a later run, such as 30s, 10min, 2h or 1d; null: none waits.")
          @Nullable String minAge,
      @Field(
              doc =
                  "With append: a file that changed after it was encoded fails the run with exit"
                      + " code 8, or its documents are kept as they are while new files are"
                      + " encoded.",
              byDefault = "fail")
          ChangedFiles changedFiles)
      implements Serializable {
    private static final Pattern AGE = Pattern.compile("([0-9]{1,9}) ?(s|min|h|d)");

    /**
     * Zero without one.
     *
     * @throws IllegalArgumentException for a text that is no age
     */
    public Duration leastAge() {
      Matcher age = AGE.matcher(minAge == null ? "0s" : minAge);
      if (!age.matches()) {
        throw new IllegalArgumentException(
            "\"" + minAge + "\" is no age such as 30s, 10min, 2h or 1d");
      }
      long number = Long.parseLong(age.group(1));
      return switch (age.group(2)) {
        case "s" -> Duration.ofSeconds(number);
        case "min" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }

  public enum ChangedFiles {
    FAIL,
    KEEP
  }

  /** The fields of a record with the text and the id. */
  @Field.Keys(Decides.TEXT)
  public record Records(
      @Field(
              decides = Decides.FILES,
              doc = "What a file holds. auto looks at its content and name.",
              byDefault = "auto")
          InputFormat format,
      @Field(
              doc =
                  "The text in records with fields: a field path or template."
                      + " Examples: meta.body, messages[0].content and \"{title}\\n\\n{body}\".",
              byDefault = "text")
          String textField,
      @Field(
              doc =
                  "A field path in JSONL or Parquet whose value is a list of segments, [{\"text\":"
                      + " …, \"loss\": true}, …], in place of textField: their texts are joined,"
                      + " each is encoded by itself, and shards have a loss mask beside the ids.")
          @Nullable String segmentsField,
      @Field(
              doc = "The document id in records with fields: a field path or template.",
              byDefault = "id")
          String idField)
      implements Serializable {}

  /** How large a document may be. */
  @Field.Keys(Decides.TEXT)
  public record Limits(
      @Field(
              doc =
                  "A larger document is cut where the rule of a known pattern allows it; where"
                      + " there is no such place it is encoded whole, up to maxWholeDocumentBytes.",
              byDefault = "67108864",
              min = 1024,
              max = 1073741824)
          long maxDocumentBytes,
      @Field(
              doc =
                  "A larger document, or part of one, that holds no place to cut it is a dead"
                      + " letter; encoding takes 12 bytes of heap for each byte of such a document,"
                      + " one at a time in a JVM; null: twice maxDocumentBytes, at most 1 GiB.",
              min = 1024,
              max = 1073741824)
          @Nullable Long maxWholeDocumentBytes)
      implements Serializable {}

  /** How records that are not documents are handled. */
  @Field.Keys(Decides.NOTHING)
  public record Faults(
      @Field(
              decides = Decides.TEXT,
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
                  "The share of dead records (of all that are not blank) above which a run ends"
                      + " with exit code 3. A file that is cut, damaged or not supported is above"
                      + " any share below 1, since nobody knows how many records it lost. 1: no"
                      + " limit.",
              byDefault = "0.001",
              least = 0,
              most = 1)
          double maxDeadLetterRate)
      implements Serializable {}

  /** The choice of documents. */
  @Field.Keys(Decides.SPLIT)
  public record Choice(
      @Field(
              doc =
                  "The share of documents, chosen by a hash of their id, that is kept from training"
                      + " and encoded into validation/ instead of shards/.",
              byDefault = "0",
              least = 0,
              most = 0.5)
          double validation,
      @Field(
              decides = Decides.FILES,
              doc =
                  "What is encoded into validation/ instead of shards/ and never learned from:"
                      + " paths and sections as in inputs. A file that inputs name too is only"
                      + " here.",
              byDefault = "[]",
              orFirstKey = true)
          List<CorpusInput> validationInputs,
      @Field(
              decides = Decides.DUPLICATES,
              doc =
                  "Documents with the same text: all are taken, or only the first in document order"
                      + " (the corpus is read once more, before all else).",
              byDefault = "none")
          Deduplicate deduplicate,
      @Field(
              doc =
                  "Files, folders and globs of the ids of documents that are left out, one a line."
                      + " They may be compressed. What is left out is counted.",
              byDefault = "[]",
              orOne = true,
              isLocation = true)
          List<String> excludeIds)
      implements Serializable {}

  public enum Deduplicate {
    NONE,
    EXACT
  }

  /** Exactly one of train and load. */
  @Field.Keys(Decides.VOCABULARY)
  public record TokenizerChoice(
      @Field(doc = "Learn a vocabulary from the corpus.") @Nullable TrainSection train,
      @Field(
              doc = "Path of a tokenizer.json to use as it is, or of the output folder of a run.",
              isLocation = true)
          @Nullable String load,
      @Field(
              decides = {Decides.COUNTED, Decides.ENCODED},
              doc =
                  "Special-token text in the corpus: ordinary text, the special token, or a dead"
                      + " letter.",
              byDefault = "text")
          SpecialText specialText,
      @Field(
              doc =
                  "The version of tokenizer.json in the output, whatever a loaded one has: 1 is"
                      + " read by HF's tokenizers below 1.0, transformers and transformers.js; 2 by"
                      + " HF's tokenizers from 1.0 on.",
              byDefault = "1",
              min = 1,
              max = 2)
          int fileVersion)
      implements Serializable {}

  /** The join with an embedding table. */
  @Field.Keys(Decides.VECTORS)
  public record Embeddings(
      @Field(
              doc =
                  "The table, as Parquet: row i is token i's vector; or the output folder of a run,"
                      + " whose table it is.",
              isLocation = true)
          @Nullable String table,
      @Field(
              doc =
                  "Or a table that is learned from the shards: vectors of tokens by their company.")
          @Nullable LearnedVectors learn,
      @Field(
              decides = Decides.JOIN,
              grows = true,
              doc = "What is written of the join.",
              byDefault = "[rows, pooled]")
          List<EmbeddedOutput> output,
      @Field(
              decides = Decides.JOIN,
              doc = "Number type of the vectors of the output sequence.",
              byDefault = "f32")
          VectorType dtype,
      @Field(
              decides = Decides.NOTHING,
              doc =
                  "The output sequence is refused, before it is written, where its vectors would"
                      + " take more than this: tokens x dim x 4 (f32) or 2 (f16).",
              byDefault = "1073741824",
              min = 0)
          long maxSequenceBytes)
      implements Serializable {}

  /** Vectors learned from ids that occur near each other. */
  public record LearnedVectors(
      @Field(
              decides = Decides.VECTORS,
              doc = "Floats a vector.",
              byDefault = "256",
              min = 2,
              max = 4096)
          int dim,
      @Field(
              decides = Decides.PAIRS,
              doc = "How far apart two ids may stand; nearer ones weigh more.",
              byDefault = "5",
              min = 1,
              max = 50)
          int window)
      implements Serializable {}

  /** Models learned from the ids of the shards. */
  @Field.Keys(Decides.NGRAMS)
  public record Learn(
      @Field(
              doc =
                  "Counts n-grams of ids of up to this many and learns from them to predict the"
                      + " next token; of n-grams of two ids and more, ten million at most are"
                      + " kept.",
              byDefault = "3",
              min = 1,
              max = 5)
          int ngrams)
      implements Serializable {}

  /** The measurements and the report of a run that encodes. */
  @Field.Keys(Decides.REPORT)
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
                      + " hash of where they lie.",
              byDefault = "8388608",
              min = 1,
              max = 67108864)
          long sampleBytes,
      @Field(
              doc =
                  "How many documents for training the page shows, chosen by a hash: each whole, or"
                      + " its first 2,000 characters. A page with them publishes text; 0: no text"
                      + " of a document is in the page, neither these nor examples.",
              byDefault = "20",
              min = 0,
              max = 1000)
          int documents,
      @Field(
              doc =
                  "Path of another tokenizer.json, or of the output folder of a run, to compare"
                      + " with, on texts of the corpus; or a list of them.",
              isLocation = true,
              orOne = true)
          @Nullable List<String> reference)
      implements Serializable {}

  /** The files of the join. */
  public enum EmbeddedOutput {
    /** One row for each token of the vocabulary that occurs. */
    ROWS,
    /** One vector for each document, or part of a cut one: the mean of its tokens' vectors. */
    POOLED,
    /** The vector of every token in order: dim x 4 bytes a token. */
    SEQUENCE
  }

  /** Number types of vectors. */
  public enum VectorType {
    F32,
    F16
  }
}
