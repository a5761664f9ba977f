package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which vocabularies a section {@code study} asks for, and the job of each. */
final class StudyArms {
  /** A page of more says nothing. */
  private static final int MOST = 64;

  /** The lists of ways of learning, one at a time in the place of those of the job. */
  private static final List<String> WAYS = List.of("mix", "parity", "superwords");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private StudyArms() {}

  /**
   * One vocabulary, by places in the lists of the section; -1 for what the job says.
   *
   * @param way the key among mix, parity and superwords that is replaced; null: none
   */
  record Arm(
      String name,
      String learning,
      @Nullable Integer vocabSize,
      int pattern,
      @Nullable String way,
      int wayPlace) {

    /**
     * The job that learns it.
     *
     * @param file the tree of the job file
     */
    ObjectNode job(ObjectNode file) {
      ObjectNode job = file.deepCopy();
      JsonNode study = file.path(StudySection.KEY);
      job.remove(StudySection.KEY);
      if (job.path("tokenizer").get("train") instanceof ObjectNode train) {
        if (vocabSize != null) {
          train.put("vocabSize", vocabSize);
        }
        if (pattern >= 0) {
          train.set("pattern", study.path("pattern").get(pattern).deepCopy());
        }
        if (way != null) {
          train.remove(WAYS);
          train.set(way, study.path(way).get(wayPlace).deepCopy());
        }
      }
      section(job, "shards").putArray("formats");
      return job;
    }

    private static ObjectNode section(ObjectNode job, String key) {
      return job.get(key) instanceof ObjectNode there ? there : job.putObject(key);
    }
  }

  /**
   * The vocabularies of a job file; none where something is wrong, which is among the problems of
   * {@code reader} then.
   */
  static List<Arm> of(ObjectNode file, JobTree reader) {
    JsonNode node = file.get(StudySection.KEY);
    if (node == null || node.isNull()) {
      reader
          .problems()
          .add(
              "study: is required: which vocabularies are compared, such as {vocabSize: [16000,"
                  + " 32000], pattern: [qwen2, o200k]}");
      return List.of();
    }
    StudySection study = reader.section(node, StudySection.class, StudySection.KEY);
    if (study == null) {
      return List.of();
    }
    requireLists(node, reader.problems());
    requireJob(file, study, reader.problems());
    return reader.problems().isEmpty() ? arms(file, study, reader.problems()) : List.of();
  }

  private static void requireLists(JsonNode study, List<String> problems) {
    List<String> keys = new ArrayList<>(List.of("vocabSize", "pattern"));
    keys.addAll(WAYS);
    for (String key : keys) {
      JsonNode list = study.path(key);
      String at = StudySection.KEY + "." + key + ": ";
      if (list.isArray() && list.isEmpty()) {
        problems.add(at + "[] names nothing; leave the key out for what tokenizer.train says");
      }
      Set<JsonNode> found = new HashSet<>();
      for (JsonNode element : list) {
        if (!found.add(element)) {
          problems.add(at + element + " is listed twice");
        }
      }
    }
  }

  /** What of the job cannot stand beside a study. */
  private static void requireJob(ObjectNode file, StudySection study, List<String> problems) {
    JsonNode train = file.path("tokenizer").path("train");
    if (!train.isObject()) {
      problems.add(
          "tokenizer.train: is required with study, which learns vocabularies; it says what all of"
              + " them have in common");
    }
    if (study.pattern() != null && train.hasNonNull("family")) {
      problems.add(
          "study.pattern: cannot stand beside tokenizer.train.family, which sets the pattern; give"
              + " tokenizer.train.normalizer in the place of family");
    }
    for (String key : List.of("counts", "inputs")) {
      if (!train.path(key).isEmpty()) {
        problems.add(
            "tokenizer.train."
                + key
                + ": cannot stand beside study, which learns from corpus.inputs and measures"
                + " there");
      }
    }
    if (!train.path("mustHave").isEmpty()) {
      problems.add(
          "tokenizer.train.mustHave: cannot stand beside study, in which a smaller vocabulary is the"
              + " beginning of a larger one");
    }
    for (String key : List.of("embeddings", "learn")) {
      if (file.hasNonNull(key)) {
        problems.add(
            key
                + ": cannot stand beside study, which makes no shards; give --set "
                + key
                + "=null");
      }
    }
    if (file.path("shards").hasNonNull("from")) {
      problems.add("shards.from: cannot stand beside study, which reads the corpus");
    }
    JsonNode validation = file.path("corpus").path("validation");
    if (validation.isMissingNode() || (validation.isNumber() && validation.doubleValue() == 0)) {
      problems.add(
          "corpus.validation: is required with study: the share of documents that nothing is"
              + " learned from and that vocabularies are measured on, such as 0.01");
    }
  }

  private static List<Arm> arms(ObjectNode file, StudySection study, List<String> problems) {
    JsonNode train = file.path("tokenizer").path("train");
    List<Way> ways = ways(study);
    int sizes = study.vocabSize() == null ? 1 : study.vocabSize().size();
    int patterns = study.pattern() == null ? 1 : study.pattern().size();
    long all = (long) sizes * patterns * ways.size();
    if (all > MOST) {
      problems.add(
          "study: asks for %s vocabularies (%s sizes, %s patterns, %s ways of learning); at most %s are possible"
              .formatted(all, sizes, patterns, ways.size(), MOST));
      return List.of();
    }
    List<Arm> arms = new ArrayList<>();
    for (int pattern = 0; pattern < patterns; pattern++) {
      String cut =
          study.pattern() == null
              ? name(train.hasNonNull("pattern") ? train.path("pattern") : train.path("family"), 0)
              : name(JSON.textNode(study.pattern().get(pattern)), pattern + 1);
      for (Way way : ways) {
        String learning = way.name().isEmpty() ? cut : cut + "-" + way.name();
        int ofList = study.pattern() == null ? -1 : pattern;
        if (study.vocabSize() == null) {
          arms.add(new Arm(learning, learning, null, ofList, way.key(), way.place()));
          continue;
        }
        for (int size : new TreeSet<>(study.vocabSize())) {
          arms.add(new Arm(learning + "-" + size, learning, size, ofList, way.key(), way.place()));
        }
      }
    }
    return arms;
  }

  /** How a pattern is called: a family's by its name, a regular expression by its number. */
  private static String name(JsonNode pattern, int number) {
    String text = pattern.asText("");
    Map<String, Key> keys = Key.of(TrainSection.class);
    boolean known =
        Stream.of("pattern", "family")
            .map(key -> Objects.requireNonNull(keys.get(key)))
            .anyMatch(key -> List.of(key.field().known()).contains(text));
    return known ? text : "pattern" + (number == 0 ? "" : number);
  }

  /** A way of learning; the first is that of the job. */
  private record Way(String name, @Nullable String key, int place) {}

  private static List<Way> ways(StudySection study) {
    List<Way> ways = new ArrayList<>(List.of(new Way("", null, -1)));
    add(ways, "mix", study.mix());
    add(ways, "parity", study.parity());
    add(ways, "superwords", study.superwords());
    return ways;
  }

  private static void add(List<Way> ways, String key, @Nullable List<?> list) {
    for (int i = 0; list != null && i < list.size(); i++) {
      ways.add(new Way(list.size() == 1 ? key : key + (i + 1), key, i));
    }
  }
}
