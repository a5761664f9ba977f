package org.merganser.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * The poms of src/clusters repeat some of what pom.xml says, since they are builds of their own.
 */
final class EngineBuildsTest {
  private static final Path BUILDS = Path.of("src", "clusters");

  @Test
  void theyHaveTheLibrariesOfThePipeline() throws Exception {
    Document plain = parsed(Path.of("pom.xml"));
    Document engines = parsed(BUILDS.resolve("pom.xml"));
    Map<String, String> expected = libraries(plain, "optional='true'");
    assertThat(expected).containsKey("com.github.luben:zstd-jni").hasSizeGreaterThan(10);
    assertThat(libraries(engines, "not(scope='test') and artifactId!='merganser'"))
        .isEqualTo(expected);
    assertThat(libraries(plain, "scope='test'"))
        .containsAllEntriesOf(libraries(engines, "scope='test'"));
  }

  /** Beam names the versions of an engine that a runner takes by their first numbers. */
  @Test
  void theClustersHaveVersionsThatTheRunnersTake() throws Exception {
    for (String engine : new String[] {"flink", "spark"}) {
      String runner =
          text(
              parsed(BUILDS.resolve(engine).resolve("pom.xml")),
              "/project/dependencies/dependency[1]/artifactId");
      String installed =
          text(
              parsed(BUILDS.resolve(engine).resolve("installation.xml")),
              "/project/properties/" + engine + ".version");
      assertThat(runner).startsWith("beam-runners-" + engine + "-");
      assertThat(installed).startsWith(runner.replaceAll(".*-", "") + ".");
    }
  }

  /** What a pom depends on and at which version, which is empty where another pom says it. */
  private static Map<String, String> libraries(Document pom, String which) throws Exception {
    NodeList nodes =
        (NodeList)
            XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                    "/project/dependencies/dependency[" + which + "]", pom, XPathConstants.NODESET);
    Map<String, String> libraries = new TreeMap<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      Node library = nodes.item(i);
      String version = text(library, "version");
      if (version.startsWith("${")) {
        version = text(pom, "/project/properties/" + version.substring(2, version.length() - 1));
        assertThat(version).isNotEmpty();
      }
      libraries.put(text(library, "groupId") + ":" + text(library, "artifactId"), version);
    }
    return libraries;
  }

  private static String text(Node node, String path) throws Exception {
    return XPathFactory.newInstance().newXPath().evaluate(path, node);
  }

  private static Document parsed(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
  }
}
