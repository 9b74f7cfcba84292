package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.bson.KeyString;
import io.nexuslite.query.ValueBounds.Bounded;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bounds of a regular expression: the texts that begin as it demands, and the expression itself as a value.
 *
 * <p>An expression demands a beginning if it starts with {@code ^}, followed by letters that stand for themselves, and its options
 * change neither. With alternatives anywhere it demands none.
 */
final class RegexPrefix {
    private static final String SPECIAL = "\\^$.|?*+()[]{}";

    private final String prefix;
    private final boolean complete;

    private RegexPrefix(String prefix, boolean complete) {
        this.prefix = prefix;
        this.complete = complete;
    }

    /** What an expression demands; an empty prefix if nothing. */
    static RegexPrefix of(String pattern, String options) {
        boolean plain = options.chars().allMatch(option -> option == 's' || option == 'u');
        if (!plain || !pattern.startsWith("^") || pattern.indexOf('|') >= 0) {
            return new RegexPrefix("", false);
        }
        StringBuilder prefix = new StringBuilder();
        int at = 1;
        while (at < pattern.length()) {
            int letter = pattern.codePointAt(at);
            int behind = at + Character.charCount(letter);
            if (letter == '\\' && behind < pattern.length() && isPunctuation(pattern.charAt(behind))) {
                letter = pattern.charAt(behind);
                behind++;
            } else if (letter > 0xFFFF || SPECIAL.indexOf(letter) >= 0) {
                break;
            }
            if (behind < pattern.length() && "?*{+".indexOf(pattern.charAt(behind)) >= 0) {
                break; // perhaps not even once
            }
            prefix.appendCodePoint(letter);
            at = behind;
        }
        String rest = pattern.substring(at);
        return new RegexPrefix(prefix.toString(), rest.isEmpty() || rest.equals(".*"));
    }

    private static boolean isPunctuation(char letter) {
        return letter > ' ' && letter < 0x7F && !Character.isLetterOrDigit(letter) && letter != '_';
    }

    /** The letters that every text must begin with. */
    String prefix() {
        return prefix;
    }

    /** Whether every text that begins so is found. */
    boolean complete() {
        return complete;
    }

    /** Bounds of an expression, as {@link ValueBounds} has them. */
    static Bounded bounds(String pattern, String options) {
        RegexPrefix demanded = of(pattern, options);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(KeyString.firstByte(BsonType.STRING));
        for (byte letter : demanded.prefix.getBytes(StandardCharsets.UTF_8)) {
            text.write(letter);
            if (letter == 1) {
                text.write(2); // as key strings spell it
            }
        }
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(KeyString.firstByte(BsonType.REGEX));
        value.writeBytes((pattern + '\0' + options + '\0').getBytes(StandardCharsets.UTF_8));
        return new Bounded(Intervals.prefix(text.toByteArray()).union(Intervals.point(value.toByteArray())),
                demanded.complete);
    }
}
