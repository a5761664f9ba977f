List<String> jars = new File(basedir, 'target/dependency').list().sort()
assert jars.size() <= 5 : "an application gets ${jars.size()} jars: ${jars}"
assert jars.every { it ==~ /(merganser|jackson-\w+|jspecify)-[0-9.]+\.jar/ } : jars
