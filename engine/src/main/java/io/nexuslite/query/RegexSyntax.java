package io.nexuslite.query;

import java.util.Map;
import java.util.regex.PatternSyntaxException;

/**
 * Brings a regular expression of Perl's kind, which MongoDB speaks, into Java's where the two mean different things by the same
 * letters: inside brackets, where Perl knows named classes, and takes {@code [}, {@code &&} and blanks as they are.
 */
final class RegexSyntax {
    private static final Map<String, String> CLASSES = Map.ofEntries(Map.entry("alpha", "Alpha"),
            Map.entry("digit", "Digit"), Map.entry("alnum", "Alnum"), Map.entry("upper", "Upper"),
            Map.entry("lower", "Lower"), Map.entry("punct", "Punct"), Map.entry("graph", "Graph"),
            Map.entry("print", "Print"), Map.entry("blank", "Blank"), Map.entry("cntrl", "Cntrl"),
            Map.entry("xdigit", "XDigit"), Map.entry("space", "Space"), Map.entry("ascii", "ASCII"));

    private RegexSyntax() {
    }

    static String translate(String pattern, boolean ignoresBlanks) {
        StringBuilder java = new StringBuilder(pattern.length() + 8);
        boolean inClass = false;
        int at = 0;
        while (at < pattern.length()) {
            char letter = pattern.charAt(at);
            if (letter == '\\') {
                int end = escapeEnd(pattern, at);
                java.append(pattern, at, end);
                at = end;
            } else if (!inClass) {
                at = letter == '[' ? openClass(pattern, at, java) : copy(letter, at, java);
                inClass = letter == '[';
            } else if (letter == '[' && pattern.startsWith("[:", at) && pattern.indexOf(":]", at) > 0) {
                at = namedClass(pattern, at, java);
            } else {
                boolean isLiteral = letter == '[' || letter == '&'
                        || ignoresBlanks && (letter == '#' || Character.isWhitespace(letter));
                if (isLiteral) {
                    java.append('\\');
                }
                at = copy(letter, at, java);
                inClass = letter != ']';
            }
        }
        return java.toString();
    }

    private static int copy(char letter, int at, StringBuilder java) {
        java.append(letter);
        return at + 1;
    }

    /** Behind an escaped letter, or what stands between \Q and \E. */
    private static int escapeEnd(String pattern, int at) {
        if (!pattern.startsWith("\\Q", at)) {
            return Math.min(at + 2, pattern.length());
        }
        int end = pattern.indexOf("\\E", at + 2);
        return end < 0 ? pattern.length() : end + 2;
    }

    /** A bracket that comes first in a class stands for itself. */
    private static int openClass(String pattern, int from, StringBuilder java) {
        int at = from + 1;
        java.append('[');
        if (at < pattern.length() && pattern.charAt(at) == '^') {
            java.append('^');
            at++;
        }
        if (at < pattern.length() && pattern.charAt(at) == ']') {
            java.append("\\]");
            at++;
        }
        return at;
    }

    private static int namedClass(String pattern, int at, StringBuilder java) {
        int end = pattern.indexOf(":]", at);
        boolean isNegated = pattern.startsWith("[:^", at);
        String name = pattern.substring(at + (isNegated ? 3 : 2), Math.max(end, at + (isNegated ? 3 : 2)));
        if (name.equals("word")) {
            java.append(isNegated ? "\\W" : "\\w");
        } else if (CLASSES.containsKey(name)) {
            java.append(isNegated ? "\\P{" : "\\p{").append(CLASSES.get(name)).append('}');
        } else {
            throw new PatternSyntaxException("Unknown class", pattern, at);
        }
        return end + 2;
    }
}
