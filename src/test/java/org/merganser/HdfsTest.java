package org.merganser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample on HDFS (a MiniDFSCluster). Runs with {@code mvn -Pcluster,s3 surefire:test}. */
@Tag("stores")
final class HdfsTest {
  @TempDir Path folder;

  @Test
  void readsItsCorpusFromAndWritesTheSameBytesToHdfs() throws IOException {
    Path servers = StoreServer.installed();
    int port = StoreServer.freePort();
    Path log = folder.resolve("hdfs.log");
    Path ready = folder.resolve("ready.json"); // written once the data node is up, too
    try (StoreServer server =
        StoreServer.start(
            port,
            log,
            List.of(
                "-cp",
                servers.resolve("lib") + "/*",
                "-Dtest.build.data=" + folder.resolve("dfs"),
                "org.apache.hadoop.test.MiniDFSClusterManager",
                "-format",
                "-nnport",
                Integer.toString(port),
                "-writeDetails",
                ready.toString()))) {
      server.awaitFile(ready, log);
      String address = "hdfs://127.0.0.1:" + server.port();
      new RemoteSample(address + "/merganser", List.of())
          .check(Files.createDirectory(folder.resolve("local")));
    }
  }
}
