package io.nexuslite.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexuslite.bson.BsonCursor;
import io.nexuslite.bson.BsonView;
import io.nexuslite.error.InvalidQueryException;
import io.nexuslite.query.ValueBounds.Bounded;
import io.nexuslite.testing.Seed;
import java.util.List;
import java.util.SplittableRandom;
import org.bson.BsonDocument;
import org.bson.BsonRegularExpression;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexPrefixTest {
    private static final List<String> PIECES = List.of("a", "b", "ab", "\u0001", "ä", "\uD83D\uDE00", ".", ".*", "*",
            "?",
            "+", "{2}", "[ab]", "(a)", "\\.", "\\*", "\\w", "\\\\", "$", "^", "|", "]", "\n", " ", "#", "(?i)");
    private static final List<String> LETTERS = List.of("a", "b", "ab", "\u0001", "ä", "\uD83D\uDE00", ".", "*", "\\",
            "]", "\n", " ", "#", "A");

    @RegisterExtension
    final Seed seed = new Seed();

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {"^abc, '', abc, true", "^abc.*, '', abc, true", "^abc.*d, '', abc, false",
            "^abc$, '', abc, false", "^abc*, '', ab, false", "^ab?c, '', a, false", "^ab{0}, '', a, false",
            "^ab+, '', a, false", "abc, '', '', false", "^abc, i, '', false", "^abc, m, '', false",
            "^abc, s, abc, true",
            "^a\\.b, '', a.b, true", "^a\\d, '', a, false", "^a|b, '', '', false", "^, '', '', true",
            "^[ab], '', '', false"})
    void demands(String pattern, String options, String prefix, boolean complete) {
        RegexPrefix demanded = RegexPrefix.of(pattern, options);
        assertEquals(prefix, demanded.prefix());
        assertEquals(complete, demanded.complete());
    }

    @Test
    void boundsHoldWhatIsFound() {
        SplittableRandom random = seed.random("regex");
        EvaluationScratch scratch = new EvaluationScratch();
        int found = 0;
        int bound = 0;
        try (KeyEncoder keys = new KeyEncoder()) {
            for (int round = 0; round < Seed.scaled(20_000); round++) {
                String pattern = (random.nextInt(4) > 0 ? "^" : "") + text(random, PIECES);
                String options = List.of("", "", "", "s", "i", "m").get(random.nextInt(6));
                RegexTest regex;
                try {
                    regex = RegexTest.of(pattern, options, "a");
                } catch (InvalidQueryException e) {
                    continue; // no expression
                }
                Bounded bounds = RegexPrefix.bounds(pattern, options);
                bound += RegexPrefix.of(pattern, options).prefix().isEmpty() ? 0 : 1;
                for (int i = 0; i < 6; i++) {
                    String text = text(random, LETTERS);
                    BsonValue value = switch (random.nextInt(8)) {
                        case 0 -> new BsonSymbol(text);
                        case 1 -> new BsonRegularExpression(pattern, options);
                        case 2 -> new BsonRegularExpression(pattern + "x", options);
                        default -> new BsonString(random.nextBoolean()
                                ? RegexPrefix.of(pattern, options).prefix() + text
                                : text);
                    };
                    BsonView view = QueryBson.view(new BsonDocument("v", value));
                    BsonCursor cursor = new BsonCursor().wrap(view);
                    cursor.next();
                    boolean matched = regex.test(cursor.type(), cursor.memory(), cursor.valueOffset(), scratch);
                    boolean within = bounds.intervals().contains(keys.keyOrNull(cursor.type(), cursor.memory(), cursor
                            .valueOffset()));
                    String told = pattern + " with " + options + " on " + value;
                    assertTrue(!matched || within, () -> "left out: " + told);
                    assertTrue(!bounds.exact() || matched == within, () -> "not exact: " + told);
                    found += matched ? 1 : 0;
                }
            }
        }
        assertTrue(found > 0 && bound > 0);
    }

    private static String text(SplittableRandom random, List<String> pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }
}
