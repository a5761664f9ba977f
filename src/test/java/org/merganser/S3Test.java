package org.merganser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample on a real S3 server (S3Proxy). Runs with {@code mvn -Pcluster,s3 surefire:test}. */
@Tag("stores")
final class S3Test {
  private static final String KEY = S3Server.CREDENTIALS.get("AWS_ACCESS_KEY_ID");
  private static final String SECRET = S3Server.CREDENTIALS.get("AWS_SECRET_ACCESS_KEY");

  @TempDir Path folder;

  @Test
  void readsItsCorpusFromAndWritesTheSameBytesToABucket() throws Exception {
    withBucket(sample -> sample.check(Files.createDirectory(folder.resolve("local"))));
  }

  @Test
  void addsToACorpusInABucketThroughKills() throws Exception {
    withBucket(
        sample ->
            sample.checkAppending(
                Files.createDirectory(folder.resolve("local")),
                List.of(
                    "-Xmx500m", "-Daws.accessKeyId=" + KEY, "-Daws.secretAccessKey=" + SECRET)));
  }

  @FunctionalInterface
  private interface Proof {
    void of(RemoteSample sample) throws Exception;
  }

  private void withBucket(Proof proof) throws Exception {
    System.setProperty("aws.accessKeyId", KEY);
    System.setProperty("aws.secretAccessKey", SECRET);
    try (S3Server server = S3Server.start(folder)) {
      proof.of(new RemoteSample(server.location("merganser"), server.flags()));
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }
}
