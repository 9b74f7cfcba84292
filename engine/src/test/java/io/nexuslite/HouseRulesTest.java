package io.nexuslite;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.nexuslite.error.ReadsTheDoor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the structure of the house: which room may use which, and what only some rooms may touch. Every rule is also shown to fail,
 * since a rule that cannot fail holds nothing.
 */
public class HouseRulesTest {
    private static final String ROOT = "io.nexuslite";
    private static final String DOOR = "";

    /** Floors from the ground up. A room may use those below; rooms of one floor do not know each other. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("error"), Set.of("memory"), Set.of("io"), Set.of("format"), Set.of("bson"), Set.of("counters"),
            Set.of("store"),
            Set.of("wasp", "wal", "check"), Set.of("cache"), Set.of("catalog"), Set.of("index"), Set.of("query"),
            Set.of("transfer"),
            Set.of(DOOR));

    /** Rooms that may use less than their floor would let them. */
    private static final Map<String, Set<String>> NARROWED = Map.of("error", Set.of(), "format", Set.of("error"));

    private static final JavaClasses ENGINE = new ClassFileImporter().importPath(classesOf(NexusLite.class));

    @Test
    void importsTheEngine() {
        assertTrue(ENGINE.contain(NexusLite.class), "the rules below would hold over nothing");
    }

    @Test
    void roomsUseOnlyWhatLiesBelow() {
        classes().should(useOnlyRoomsBelow()).check(ENGINE);
    }

    @Test
    void packagesFormNoCircle() {
        slices().assignedFrom(EachPackage.INSTANCE).should().beFreeOfCycles().check(ENGINE);
    }

    @Test
    void nothingUsesBuffersThatNeedAFlag() {
        noFlaggedAgrona().check(ENGINE);
    }

    @Test
    void concreteClassesAreFinal() {
        finalUnlessExtended().check(ENGINE);
    }

    @Test
    void sourcesKeepTheRules() {
        List<String> violations = new ArrayList<>();
        for (Path file : sources()) {
            violations.addAll(SourceRules.violations(pathOf(file), read(file)));
        }
        assertEquals(List.of(), violations);
    }

    @Test
    void nothingIsImportedInVain() {
        List<String> unused = new ArrayList<>();
        for (Path root : List.of(sourceRoot(), testRoot())) {
            for (Path file : sourcesUnder(root)) {
                unused.addAll(SourceRules.unusedImports(root.relativize(file).toString(), read(file)));
            }
        }
        assertEquals(List.of(), unused);
    }

    @Test
    void everyPackageIntroducesItself() throws IOException {
        List<String> silent = new ArrayList<>();
        for (Path directory : sources().stream().map(Path::getParent).distinct().toList()) {
            if (!directory.equals(sourceRoot()) && !Files.exists(directory.resolve("package-info.java"))) {
                silent.add(pathOf(directory));
            }
        }
        assertEquals(List.of(), silent, "packages without package-info.java");
    }

    // ---- the rules can fail ----

    @ParameterizedTest
    @CsvSource({
            "io/nexuslite/store/A.java, FileChannel channel;",
            "io/nexuslite/store/A.java, long t = System.nanoTime();",
            "io/nexuslite/store/A.java, long t = System . currentTimeMillis();",
            "io/nexuslite/query/A.java, var t = Instant.now();",
            "io/nexuslite/query/A.java, var r = new Random();",
            "io/nexuslite/NexusLite.java, var r = new SecureRandom();",
            "io/nexuslite/NexusLite.java, UUID.randomUUID();",
            "io/nexuslite/cache/A.java, double d = Math.random();",
            "io/nexuslite/wasp/log/A.java, Arena arena = Arena.ofShared();",
            "io/nexuslite/bson/BsonView.java, memory.reinterpret(8);",
            "io/nexuslite/wasp/tree/A.java, memory.asSlice(8);",
            "io/nexuslite/io/A.java, System.out.println();",
            "io/nexuslite/io/A.java, failure.printStackTrace();",
            "io/nexuslite/io/A.java, System.exit(1);",
            "io/nexuslite/memory/A.java, sun.misc.Unsafe unsafe;",
            "io/nexuslite/memory/A.java, // TODO later",
            "io/nexuslite/memory/A.java, /* FIXME */"})
    void scannerRefuses(String path, String code) {
        assertFalse(SourceRules.violations(path, "class A {\n" + code + "\n}\n").isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
            "io/nexuslite/io/A.java, long t = System.nanoTime();",
            "io/nexuslite/io/A.java, FileChannel channel;",
            "io/nexuslite/memory/A.java, Arena arena = Arena.ofShared();",
            "io/nexuslite/bson/GrowableBuffer.java, Arena arena = Arena.ofShared();",
            "io/nexuslite/store/A.java, // not System.nanoTime()",
            "io/nexuslite/store/A.java, String s = \"System.nanoTime() \\\" Arena\";",
            "io/nexuslite/store/A.java, char c = '\"'; /* Arena */ char d = '\\'';",
            "io/nexuslite/store/A.java, var r = new Random(seed);"})
    void scannerAccepts(String path, String code) {
        assertEquals(List.of(), SourceRules.violations(path, "class A {\n" + code + "\n}\n"));
    }

    @Test
    void scannerFindsUnusedImports() {
        String head = "import java.util.List;\nimport static a.B.list;\n";
        assertEquals(List.of("A: unused import java.util.List;", "A: unused import static a.B.list;"),
                SourceRules.unusedImports("A", head + "class A { Lists lists; }"));
        assertEquals(List.of(),
                SourceRules.unusedImports("A", head + "/** {@link List} */ class A { int i = list(); }"));
    }

    @Test
    void scannerTellsTheLine() {
        List<String> violations = SourceRules.violations("io/nexuslite/store/A.java",
                "/* a\n comment */\nString s = \"\"\"\n  Arena \\\"\"\"\n  \"\"\";\nlong t = System.nanoTime();\n");
        assertEquals(1, violations.size(), violations.toString());
        assertTrue(violations.getFirst().startsWith("io/nexuslite/store/A.java:6: clocks"), violations.toString());
    }

    @Test
    void arrowsUpAreRefused() {
        assertTrue(mayUse("wasp", "store"));
        assertTrue(mayUse(DOOR, "query"));
        assertTrue(mayUse("wasp", "wasp"));
        assertFalse(mayUse("store", "wasp"));
        assertFalse(mayUse("check", "wasp"));
        assertFalse(mayUse("wasp", "check"));
        assertFalse(mayUse("format", "io"));
        assertFalse(mayUse("memory", "io"));
        assertFalse(mayUse("error", DOOR));
        assertFalse(mayUse("shed", "error"), "a package outside the table");
    }

    @Test
    void archRulesSeeWhatTheyForbid() {
        assertTrue(finalUnlessExtended().evaluate(imported(Extensible.class)).hasViolation());
        assertTrue(noFlaggedAgrona().evaluate(imported(UsesFlaggedBuffer.class)).hasViolation());
        assertTrue(classes().should(useOnlyRoomsBelow()).evaluate(imported(ReadsTheDoor.class)).hasViolation());
        assertTrue(slices().assignedFrom(EachPackage.INSTANCE).should().beFreeOfCycles()
                .evaluate(imported(ReadsTheDoor.class, KnowsItsReader.class)).hasViolation());
    }

    static class Extensible {
    }

    static final class UsesFlaggedBuffer {
        org.agrona.concurrent.UnsafeBuffer buffer;
    }

    /** Half of a circle on purpose; the other half is {@link ReadsTheDoor}. */
    public static final class KnowsItsReader {
        ReadsTheDoor reader;
    }

    // ---- the rules ----

    static boolean mayUse(String room, String other) {
        if (room.equals(other)) {
            return floorOf(room) >= 0;
        }
        if (NARROWED.containsKey(room)) {
            return NARROWED.get(room).contains(other);
        }
        return floorOf(other) >= 0 && floorOf(other) < floorOf(room);
    }

    private static int floorOf(String room) {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            if (FLOORS.get(floor).contains(room)) {
                return floor;
            }
        }
        return -1;
    }

    private static String roomOf(String packageName) {
        String below = packageName.substring(ROOT.length());
        return below.isEmpty() ? DOOR : below.substring(1).split("\\.")[0];
    }

    private static ArchCondition<JavaClass> useOnlyRoomsBelow() {
        return new ArchCondition<>("use only rooms below their own") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                String room = roomOf(item.getPackageName());
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                    String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
                    if ((target.equals(ROOT) || target.startsWith(ROOT + ".")) && !mayUse(room, roomOf(target))) {
                        events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
                    }
                }
                if (floorOf(room) < 0) {
                    events.add(
                            SimpleConditionEvent.violated(item, item.getName() + " lives in a room outside the table"));
                }
            }
        };
    }

    private static ArchRule noFlaggedAgrona() {
        return noClasses().should()
                .dependOnClassesThat(new DescribedPredicate<JavaClass>("need --add-exports (Agrona)") {
                    @Override
                    public boolean test(JavaClass used) {
                        return used.getPackageName().startsWith("org.agrona") && used.getSimpleName().matches(
                                "UnsafeBuffer|Expandable.*Buffer|UnsafeApi|.*ArrayQueue|.*LinkedQueue|CountersManager|AtomicCounter|DistinctErrorLog");
                    }
                }).because("the engine runs without any flag of the JVM").allowEmptyShould(true);
    }

    private static ArchRule finalUnlessExtended() {
        return classes().that(new DescribedPredicate<JavaClass>("are concrete and have no subclass") {
            @Override
            public boolean test(JavaClass item) {
                return !item.isInterface() && !item.isEnum() && !item.isAnonymousClass()
                        && !item.getModifiers().contains(JavaModifier.ABSTRACT)
                        && !item.getModifiers().contains(JavaModifier.SYNTHETIC)
                        && !item.getSimpleName().equals("package-info") && item.getSubclasses().isEmpty();
            }
        }).should().haveModifier(JavaModifier.FINAL);
    }

    /** One slice for each package, subpackages apart. */
    private static final class EachPackage implements SliceAssignment {
        static final EachPackage INSTANCE = new EachPackage();

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass item) {
            return item.getPackageName().startsWith(ROOT)
                    ? SliceIdentifier.of(item.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of " + ROOT;
        }
    }

    // ---- where things lie ----

    private static JavaClasses imported(Class<?>... types) {
        return new ClassFileImporter().importClasses(types);
    }

    private static Path classesOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path sourceRoot() {
        return Path.of(System.getProperty("basedir", ""), "src", "main", "java");
    }

    private static Path testRoot() {
        return sourceRoot().resolve(Path.of("..", "..", "test", "java")).normalize();
    }

    private static List<Path> sources() {
        return sourcesUnder(sourceRoot());
    }

    private static List<Path> sourcesUnder(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
            assertFalse(sources.isEmpty(), "no sources under " + root.toAbsolutePath());
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pathOf(Path file) {
        return sourceRoot().relativize(file).toString().replace('\\', '/');
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
