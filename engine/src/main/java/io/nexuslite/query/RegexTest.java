package io.nexuslite.query;

import io.nexuslite.bson.BsonType;
import io.nexuslite.error.InvalidQueryException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that is found in a string or symbol, or is equal to a value of its own kind. The work on one string is
 * counted and bounded: what an expression may cost does not depend on who wrote it.
 */
final class RegexTest implements ValuePredicate {
    static final int PATTERN_LENGTH_MAX = 512;
    private static final long STEPS_MIN = 1_000_000;
    private static final int STEPS_PER_LETTER = 64;

    private final String path;
    private final Pattern pattern;
    /** Pattern and options as they lie in a value of BSON. */
    private final byte[] asValue;

    private RegexTest(String path, Pattern pattern, byte[] asValue) {
        this.path = path;
        this.pattern = pattern;
        this.asValue = asValue;
    }

    static RegexTest of(String pattern, String options, String path) {
        if (pattern.length() > PATTERN_LENGTH_MAX) {
            throw new InvalidQueryException(
                    "expected a pattern of at most " + PATTERN_LENGTH_MAX + " characters, found "
                            + pattern.length(),
                    path, "$regex");
        }
        if (pattern.indexOf('\0') >= 0) {
            throw new InvalidQueryException("expected a pattern without NUL", path, "$regex");
        }
        int flags = Pattern.UNIX_LINES;
        for (char option : options.toCharArray()) {
            flags |= switch (option) {
                case 'i' -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                case 'm' -> Pattern.MULTILINE;
                case 's' -> Pattern.DOTALL;
                case 'x' -> Pattern.COMMENTS;
                case 'u' -> 0; // text is Unicode in any case
                default -> throw new InvalidQueryException("expected options among i, m, s, x and u, found another",
                        path, "$options");
            };
        }
        try {
            Pattern compiled = Pattern.compile(RegexSyntax.translate(pattern, (flags & Pattern.COMMENTS) != 0), flags);
            return new RegexTest(path, compiled, (pattern + '\0' + options + '\0').getBytes(StandardCharsets.UTF_8));
        } catch (PatternSyntaxException e) {
            throw new InvalidQueryException("expected a regular expression, found an error at character "
                    + e.getIndex(), path, "$regex");
        } catch (StackOverflowError e) {
            throw new InvalidQueryException("expected a regular expression that is less nested", path, "$regex");
        }
    }

    @Override
    public boolean test(byte type, MemorySegment memory, long value, EvaluationScratch scratch) {
        return switch (type) {
            case BsonType.STRING, BsonType.SYMBOL -> isFound(text(memory, value));
            case BsonType.REGEX -> isEqual(memory, value);
            default -> false;
        };
    }

    private static String text(MemorySegment memory, long value) {
        return Values.utf8(memory, value + Integer.BYTES, memory.get(Values.INT, value) - 1);
    }

    private boolean isFound(String text) {
        try {
            return pattern.matcher(new CountedText(text, STEPS_MIN + (long) STEPS_PER_LETTER * text.length())).find();
        } catch (TooManySteps | StackOverflowError e) {
            throw new InvalidQueryException("the regular expression takes too many steps on a text of "
                    + text.length() + " characters", path, "$regex");
        }
    }

    private boolean isEqual(MemorySegment memory, long value) {
        for (int i = 0; i < asValue.length; i++) {
            // Both end in their second NUL, so that neither is read beyond its end.
            if (memory.get(Values.BYTE, value + i) != asValue[i]) {
                return false;
            }
        }
        return true;
    }

    /** Text that is read letter by letter, so many times and no more. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private long left;

        private CountedText(String text, long left) {
            this.text = text;
            this.left = left;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooManySteps() {
            super(null, null, false, false);
        }
    }
}
