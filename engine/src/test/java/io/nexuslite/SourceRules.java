package io.nexuslite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The house rules that the text of a source can break. Comments, strings and characters are blanked before the code rules look,
 * so that a comment may name what the code may not use; lines keep their numbers.
 */
final class SourceRules {
    private static final Predicate<String> NOWHERE = path -> false;
    private static final Predicate<String> IO = inRoom("io");
    private static final Predicate<String> MEMORY = IO.or(inRoom("memory"))
            .or(path -> path.matches("io/nexuslite/bson/(GrowableBuffer|IdGenerators)\\.java"));
    private static final Predicate<String> NOT_PAGE_CODE = inRoom("wasp/tree").or(inRoom("format")).negate();

    private static final List<Rule> CODE_RULES = List.of(
            new Rule("files are reached through .io",
                    "\\b(FileChannel|AsynchronousFileChannel|RandomAccessFile|FileInputStream|FileOutputStream|FileLock)\\b",
                    IO),
            new Rule("clocks are read through .io",
                    "\\bSystem\\s*\\.\\s*(currentTimeMillis|nanoTime)\\b|\\b(Instant|LocalDateTime|LocalDate|ZonedDateTime)\\s*\\.\\s*now\\b"
                            + "|\\bClock\\s*\\.\\s*system|\\bnew\\s+Date\\s*\\(\\s*\\)",
                    IO),
            new Rule("randomness comes from .io or from a seed",
                    "\\bnew\\s+(Random|SplittableRandom)\\s*\\(\\s*\\)|\\bSecureRandom\\b|\\bThreadLocalRandom\\b"
                            + "|\\b(Math|StrictMath)\\s*\\.\\s*random\\b|\\bUUID\\s*\\.\\s*randomUUID\\b"
                            + "|\\bRandomGenerator\\s*\\.\\s*(of|getDefault)\\b",
                    IO),
            new Rule("memory is obtained in .memory, .io and two classes of .bson",
                    "\\bArena\\b|\\.\\s*reinterpret\\s*\\(",
                    MEMORY),
            new Rule("page code passes memory and offset, not slices", "\\.\\s*asSlice\\s*\\(", NOT_PAGE_CODE),
            new Rule("the engine does not print",
                    "\\bSystem\\s*\\.\\s*(out|err)\\b|\\.\\s*printStackTrace\\s*\\(", NOWHERE),
            new Rule("the engine does not end its host", "\\bSystem\\s*\\.\\s*exit\\b|\\bRuntime\\b[^;]*\\.\\s*halt\\b",
                    NOWHERE),
            new Rule("no Unsafe", "\\bsun\\.misc\\b|\\bUnsafe\\b", NOWHERE));

    private static final List<Rule> TEXT_RULES = List.of(
            new Rule("nothing is left for later", "\\b(TODO|FIXME|XXX|HACK)\\b", NOWHERE),
            new Rule("no tabs", "\t", NOWHERE));

    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?[\\w.]+\\.(\\w+);$");

    private record Rule(String says, Pattern pattern, Predicate<String> allowedIn) {
        Rule(String says, String pattern, Predicate<String> allowedIn) {
            this(says, Pattern.compile(pattern), allowedIn);
        }
    }

    private SourceRules() {
    }

    /**
     * Every broken rule as one line {@code path:line: rule [found]}.
     *
     * @param path below the source root, with forward slashes
     */
    static List<String> violations(String path, String source) {
        List<String> violations = new ArrayList<>();
        collect(CODE_RULES, path, blankCommentsAndLiterals(source), violations);
        collect(TEXT_RULES, path, source, violations);
        return violations;
    }

    /** Imports whose last name occurs nowhere else, neither in code nor in a comment that may link to it. */
    static List<String> unusedImports(String path, String source) {
        List<String> unused = new ArrayList<>();
        Matcher imports = IMPORT.matcher(source);
        while (imports.find()) {
            Matcher uses = Pattern.compile("\\b" + imports.group(1) + "\\b").matcher(source.substring(imports.end()));
            boolean used = false;
            while (!used && uses.find()) {
                used = !lineOf(source, imports.end() + uses.start()).startsWith("import ");
            }
            if (!used) {
                unused.add(path + ": unused " + imports.group());
            }
        }
        return unused;
    }

    private static String lineOf(String source, int at) {
        return source.substring(source.lastIndexOf('\n', at) + 1, at + 1);
    }

    private static void collect(List<Rule> rules, String path, String text, List<String> violations) {
        for (Rule rule : rules) {
            if (rule.allowedIn().test(path)) {
                continue;
            }
            Matcher matcher = rule.pattern().matcher(text);
            while (matcher.find()) {
                long line = text.substring(0, matcher.start()).chars().filter(c -> c == '\n').count() + 1;
                violations.add(path + ":" + line + ": " + rule.says() + " [" + matcher.group().strip() + "]");
            }
        }
    }

    /** The source with comments, text blocks, strings and characters turned into blanks; line ends stay. */
    static String blankCommentsAndLiterals(String source) {
        StringBuilder result = new StringBuilder(source.length());
        int at = 0;
        while (at < source.length()) {
            int end = opaqueEnd(source, at);
            if (end == at) {
                result.append(source.charAt(at++));
                continue;
            }
            for (; at < end; at++) {
                result.append(source.charAt(at) == '\n' ? '\n' : ' ');
            }
        }
        return result.toString();
    }

    /** End of the comment or literal that starts at {@code at}, or {@code at} where none starts. */
    private static int opaqueEnd(String source, int at) {
        if (source.startsWith("//", at)) {
            return endOr(source.indexOf('\n', at), source.length());
        }
        if (source.startsWith("/*", at)) {
            return endOr(source.indexOf("*/", at + 2) + 2, source.length());
        }
        if (source.startsWith("\"\"\"", at)) {
            return literalEnd(source, at + 3, "\"\"\"");
        }
        char first = source.charAt(at);
        return first == '"' || first == '\'' ? literalEnd(source, at + 1, String.valueOf(first)) : at;
    }

    private static int endOr(int end, int otherwise) {
        return end < 2 ? otherwise : end;
    }

    private static int literalEnd(String source, int from, String quote) {
        for (int at = from; at < source.length(); at++) {
            if (source.charAt(at) == '\\') {
                at++;
            } else if (source.startsWith(quote, at)) {
                return at + quote.length();
            }
        }
        return source.length();
    }

    private static Predicate<String> inRoom(String room) {
        return path -> path.startsWith("io/nexuslite/" + room + "/");
    }
}
